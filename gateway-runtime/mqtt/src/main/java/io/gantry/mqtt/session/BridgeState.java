// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Message;
import io.gantry.api.Origin;
import java.util.Set;

/**
 * The state that a Mosquitto bridge publishes of itself, 1 when it has connected and 0 by its will, to
 * {@code $SYS/broker/connection/NAME/state}. Its name is its Client Identifier, so nobody can tell the state of another.
 */
final class BridgeState {
    private static final Set<String> STATES = Set.of("0", "1");

    private BridgeState() {}

    static boolean isIn(Message message) {
        return message.origin() instanceof Origin.Device bridge
                && message.topic()
                        .value()
                        .equals("$SYS/broker/connection/" + bridge.clientId().value() + "/state")
                && message.payload().size() == 1
                && STATES.contains(message.payload().asText());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.connectors.spi.EndpointWatcher;
import io.gantry.connectors.spi.EndpointWatcher.State;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Knows which of an endpoint's connections stand, and tells changes. It counts as connected when all do. Any thread. */
final class AmqpReach {
    private static final String STANDS = "";

    private final String endpoint;
    private final EndpointWatcher watcher;
    private final Map<String, String> connections = new LinkedHashMap<>();
    private @Nullable String told;

    AmqpReach(String endpoint, EndpointWatcher watcher) {
        this.endpoint = endpoint;
        this.watcher = watcher;
        tell(State.WAITING, "not reached yet");
    }

    /** A connection stands and can be used. */
    synchronized void reached(String connection) {
        connections.put(connection, STANDS);
        tell();
    }

    /**
     * A connection does not stand, or cannot be used.
     *
     * @param why a few words without secrets
     */
    synchronized void failed(String connection, String why) {
        connections.put(connection, why);
        tell();
    }

    private void tell() {
        String trouble = connections.values().stream()
                .filter(why -> !why.equals(STANDS))
                .findFirst()
                .orElse(STANDS);
        tell(trouble.equals(STANDS) ? State.CONNECTED : State.WAITING, trouble.equals(STANDS) ? "answers" : trouble);
    }

    private void tell(State state, String why) {
        if (!why.equals(told)) {
            told = why;
            watcher.changed(endpoint, state, why);
        }
    }
}

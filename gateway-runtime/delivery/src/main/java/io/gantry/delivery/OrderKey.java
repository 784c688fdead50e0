// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Message;
import io.gantry.api.Origin;

/** Which messages must reach a target in the order in which they came. */
public enum OrderKey {
    /** Those of one device; of a source endpoint, those with one key. */
    DEVICE,
    /** Those of one Topic Name. */
    TOPIC,
    /** None: each is tried on its own. */
    NONE;

    /** What messages that must keep their order have in common. */
    Object of(Message message) {
        return switch (this) {
            case NONE -> message.id();
            case TOPIC -> message.topic();
            case DEVICE -> senderOf(message);
        };
    }

    private static Object senderOf(Message message) {
        if (message.origin() instanceof Origin.Device device) {
            return device.clientId();
        }
        boolean hasKey = message.origin() instanceof Origin.Endpoint endpoint && endpoint.key() != null;
        return hasKey ? message.origin() : message.topic();
    }
}

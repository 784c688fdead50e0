// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Qos;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message for one session.
 *
 * @param qos what was published, capped by the subscription
 * @param retain the flag the device sees
 * @param acknowledgement is told when the device has the message, or will never get it
 * @param group whose other members may get it instead; null when it is not by a Shared Subscription
 */
record Outgoing(
        Message message,
        Qos qos,
        boolean retain,
        List<Integer> subscriptionIds,
        Acknowledgement acknowledgement,
        @Nullable SharedGroup group) {

    /** Gives the message to another member, or to nobody when it has no group. */
    void passOn() {
        if (group == null) {
            acknowledgement.complete(Delivery.accepted());
        } else {
            group.deliver(message, acknowledgement);
        }
    }
}

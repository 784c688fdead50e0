// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import org.jspecify.annotations.Nullable;

/**
 * What a broker has said when it accepted a connection, with the specification's defaults for what it left out.
 *
 * @param sessionPresent whether it still has the session of the last connection
 * @param receiveMaximum messages of QoS 1 and 2 that may be under way to it
 * @param maxPacketSize bytes of a packet to it
 * @param subscriptionIds whether it can say which subscription a message belongs to
 */
record Announced(
        boolean sessionPresent,
        int receiveMaximum,
        Qos maxQos,
        boolean retain,
        long maxPacketSize,
        boolean subscriptionIds) {

    /** Why a message cannot be sent so; null when it can. */
    @Nullable Delivery refusal(OutgoingMessage message, Qos qos, MqttVersion version) {
        if (qos.level() > maxQos.level()) {
            return Answers.QOS_TOO_HIGH;
        }
        if (message.retain() && !retain) {
            return Answers.NO_RETAIN;
        }
        return message.size(version) > maxPacketSize ? Answers.TOO_LARGE : null;
    }
}

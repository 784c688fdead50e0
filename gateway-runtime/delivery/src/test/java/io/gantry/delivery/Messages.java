// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import java.util.function.LongSupplier;

/** Messages of devices, whose payloads are their names in a test. */
final class Messages {
    private final MessageId.Sequence ids;
    private final LongSupplier now;

    Messages(MessageId.Sequence ids, LongSupplier now) {
        this.ids = ids;
        this.now = now;
    }

    /** At QoS 1, from the device that the payload begins with: {@code a3} is from {@code a}. */
    Message named(String payload) {
        return named(payload, Qos.AT_LEAST_ONCE);
    }

    Message named(String payload, Qos qos) {
        return made(payload, qos, MessageProperties.NONE);
    }

    /** One that expires. */
    Message expiring(String payload, long seconds) {
        return made(payload, Qos.AT_LEAST_ONCE, MessageProperties.NONE.withExpirySeconds(seconds));
    }

    /** One whose payload has that many bytes. */
    Message sized(char device, int bytes) {
        return named(String.valueOf(device).repeat(bytes));
    }

    private Message made(String payload, Qos qos, MessageProperties properties) {
        String device = payload.substring(0, 1);
        return new Message(
                ids.next(),
                new TopicName("plant/" + device),
                Payload.ofText(payload),
                qos,
                false,
                properties,
                new Origin.Device(new ClientId(device), null),
                now.getAsLong());
    }
}

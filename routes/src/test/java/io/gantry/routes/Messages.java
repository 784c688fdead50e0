// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages as they come from devices and from endpoints. */
final class Messages {
    static final MessageId.Sequence IDS = new MessageId.Sequence(1, 1);

    private Messages() {}

    static Message published(String topic, String payload) {
        return published(topic, payload, MessageProperties.NONE);
    }

    static Message published(String topic, String payload, MessageProperties properties) {
        return new Message(
                IDS.next(),
                new TopicName(topic),
                Payload.ofText(payload),
                Qos.EXACTLY_ONCE,
                true,
                properties,
                new Origin.Device(new ClientId("d1"), null),
                42);
    }

    static Message record(@Nullable String key, UserProperty... headers) {
        return new Message(
                IDS.next(),
                new TopicName("commands"),
                Payload.ofText("open"),
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                new Origin.Endpoint("plant", key, List.of(headers)),
                42);
    }
}

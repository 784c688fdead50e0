// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The properties of an MQTT 5 PUBLISH that travel with the message [5.0 §3.3.2.3]. What is null was not sent.
 *
 * @param expirySeconds the Message Expiry Interval, 0 to 4,294,967,295 seconds from the time the message was received
 * @param responseTopic where the answer to a request is awaited
 * @param correlationData what the answer must repeat
 * @param userProperties in the order they were sent
 */
public record MessageProperties(
        @Nullable PayloadFormat payloadFormat,
        @Nullable Long expirySeconds,
        @Nullable String contentType,
        @Nullable TopicName responseTopic,
        @Nullable Payload correlationData,
        List<UserProperty> userProperties) {

    /** A message without properties, as every MQTT 3.1.1 message is. */
    public static final MessageProperties NONE = new MessageProperties(null, null, null, null, null, List.of());

    public MessageProperties {
        userProperties = List.copyOf(userProperties);
    }

    /** These properties with more User Properties, behind those there are. */
    public MessageProperties withUserProperties(List<UserProperty> more) {
        List<UserProperty> all = new ArrayList<>(userProperties);
        all.addAll(more);
        return replacingUserProperties(all);
    }

    /** These properties with other User Properties in place of those there are. */
    public MessageProperties replacingUserProperties(List<UserProperty> others) {
        return new MessageProperties(payloadFormat, expirySeconds, contentType, responseTopic, correlationData, others);
    }

    /** These properties with another Message Expiry Interval. */
    public MessageProperties withExpirySeconds(@Nullable Long seconds) {
        return new MessageProperties(
                payloadFormat, seconds, contentType, responseTopic, correlationData, userProperties);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.UserProperty;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message as {@link MqttSink} wants it published.
 *
 * @param qos as the route wants it; the broker's limits come later
 * @param properties all but the Message Expiry Interval
 * @param expiresMillis wall-clock time, in milliseconds since 1970; {@link Long#MAX_VALUE} for never
 */
record OutgoingMessage(
        String topic, Qos qos, boolean retain, MessageProperties properties, Payload payload, long expiresMillis) {

    /** What is left of the Message Expiry Interval, at least 1: what has expired was sorted out; null for ever. */
    @Nullable Long secondsLeft() {
        return expiresMillis == Long.MAX_VALUE
                ? null
                : (Long) Math.max(1, (expiresMillis - System.currentTimeMillis()) / 1_000);
    }

    /** Bytes of the packet, give or take a few. */
    long size(MqttVersion version) {
        long size = 16L + payload.size() + bytes(topic);
        if (version == MqttVersion.V311) {
            return size;
        }
        size += 16 + bytes(properties.contentType());
        if (properties.responseTopic() != null) {
            size += bytes(properties.responseTopic().value());
        }
        if (properties.correlationData() != null) {
            size += properties.correlationData().size();
        }
        for (UserProperty property : properties.userProperties()) {
            size += 5L + bytes(property.name()) + bytes(property.value());
        }
        return size;
    }

    private static long bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}

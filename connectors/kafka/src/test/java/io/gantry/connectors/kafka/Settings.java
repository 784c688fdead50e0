// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.settings.ByteSize;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings as the YAML reader would make them: all defaults, except what a test is about. */
final class Settings {

    private Settings() {}

    static KafkaEndpointSettings endpoint(String brokers) {
        return endpoint(brokers, ByteSize.fromText("1MiB"), Duration.ofMinutes(2));
    }

    static KafkaEndpointSettings endpoint(String brokers, ByteSize maxRequestSize, Duration deliveryTimeout) {
        return endpoint(brokers, maxRequestSize, deliveryTimeout, null, null);
    }

    static KafkaEndpointSettings secured(String brokers, @Nullable TlsSettings tls, @Nullable SaslSettings sasl) {
        return endpoint(brokers, ByteSize.fromText("1MiB"), Duration.ofMinutes(2), tls, sasl);
    }

    private static KafkaEndpointSettings endpoint(
            String brokers,
            ByteSize maxRequestSize,
            Duration deliveryTimeout,
            @Nullable TlsSettings tls,
            @Nullable SaslSettings sasl) {
        return new KafkaEndpointSettings(
                List.of(brokers),
                "gantry",
                KafkaEndpointSettings.Compression.NONE,
                Duration.ofMillis(5),
                ByteSize.fromText("64KiB"),
                ByteSize.fromText("32MiB"),
                deliveryTimeout,
                Duration.ofMillis(Math.min(30_000, deliveryTimeout.toMillis() * 2 / 3)),
                maxRequestSize,
                "gantry-cursors",
                tls,
                sasl,
                Map.of(),
                null);
    }

    static KafkaEndpointSettings with(KafkaEndpointSettings settings, Map<String, String> clientProperties) {
        return new KafkaEndpointSettings(
                settings.brokers(),
                settings.clientId(),
                settings.compression(),
                settings.linger(),
                settings.batchSize(),
                settings.buffer(),
                settings.deliveryTimeout(),
                settings.requestTimeout(),
                settings.maxRequestSize(),
                settings.cursorTopic(),
                settings.tls(),
                settings.sasl(),
                clientProperties,
                settings.preset());
    }

    static KafkaTo to(String topic) {
        return to(topic, null, Map.of());
    }

    static KafkaTo to(String topic, @Nullable String key, Map<String, Template> headers) {
        return new KafkaTo(
                Template.fromText(topic),
                key == null ? null : Template.fromText(key),
                null,
                false,
                headers,
                false,
                false,
                false,
                null,
                Duration.ofSeconds(30),
                null);
    }

    static KafkaTo partition(String topic, String partition) {
        return new KafkaTo(
                Template.fromText(topic),
                null,
                Template.fromText(partition),
                false,
                Map.of(),
                false,
                false,
                false,
                null,
                Duration.ofSeconds(30),
                null);
    }

    static KafkaTo asking(String topic, @Nullable String replyFrom, Duration timeout) {
        return new KafkaTo(
                Template.fromText(topic), null, null, false, Map.of(), false, false, true, replyFrom, timeout, null);
    }

    static KafkaTo exactlyOnce(String topic) {
        return new KafkaTo(
                Template.fromText(topic),
                null,
                null,
                false,
                Map.of(),
                false,
                true,
                false,
                null,
                Duration.ofSeconds(30),
                null);
    }

    static KafkaFrom from(String topic, String group) {
        return from(topic, group, 10_000);
    }

    static KafkaFrom from(String topic, String group, int maxInFlight) {
        return new KafkaFrom(
                List.of(topic),
                group,
                KafkaFrom.Start.EARLIEST,
                maxInFlight,
                KafkaFrom.Isolation.READ_COMMITTED,
                false,
                Map.of());
    }
}

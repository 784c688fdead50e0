// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.amqp.AmqpEndpointSettings.Sasl;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings as the YAML reader would make them: all defaults, except what a test is about. */
final class Settings {

    private Settings() {}

    static AmqpEndpointSettings endpoint(String... urls) {
        return endpoint(List.of(urls), null, null, null, TlsSettings.PLAIN);
    }

    static AmqpEndpointSettings endpoint(
            List<String> urls,
            @Nullable String username,
            @Nullable String password,
            @Nullable Sasl sasl,
            TlsSettings tls) {
        return new AmqpEndpointSettings(
                urls,
                username,
                password == null ? null : new Secret(password),
                sasl,
                tls,
                2,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                ByteSize.fromText("1MiB"),
                null);
    }

    /** One that loses patience soon. */
    static AmqpEndpointSettings impatient(String url, @Nullable String username, @Nullable String password) {
        return new AmqpEndpointSettings(
                List.of(url),
                username,
                password == null ? null : new Secret(password),
                null,
                TlsSettings.PLAIN,
                1,
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                ByteSize.fromText("1KiB"),
                null);
    }

    static AmqpEndpointSettings withConnections(String url, int connections) {
        return new AmqpEndpointSettings(
                List.of(url),
                null,
                null,
                null,
                TlsSettings.PLAIN,
                connections,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                ByteSize.fromText("1MiB"),
                null);
    }

    /** One that bounds how long a broker may take to connect, and how long it may be silent then. */
    static AmqpEndpointSettings bounded(String url, Duration connectTimeout, Duration idleTimeout) {
        return new AmqpEndpointSettings(
                List.of(url),
                null,
                null,
                null,
                TlsSettings.PLAIN,
                1,
                connectTimeout,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                idleTimeout,
                ByteSize.fromText("1MiB"),
                null);
    }

    static AmqpTo to(String address) {
        return to(address, AddressKind.QUEUE, Map.of(), false);
    }

    static AmqpTo to(String address, AddressKind kind, Map<String, String> headers, boolean properties) {
        return new AmqpTo(
                Template.fromText(address),
                kind,
                AmqpTo.Durable.BY_QOS,
                4,
                null,
                templates(headers),
                properties,
                false,
                null,
                null,
                Duration.ofSeconds(30));
    }

    static AmqpTo asking(String address, @Nullable String replyAddress, Duration patience) {
        return asking(address, replyAddress, patience, false);
    }

    static AmqpTo asking(String address, @Nullable String replyAddress, Duration patience, boolean properties) {
        return new AmqpTo(
                Template.fromText(address),
                AddressKind.QUEUE,
                AmqpTo.Durable.BY_QOS,
                4,
                null,
                Map.of(),
                properties,
                true,
                null,
                replyAddress,
                patience);
    }

    static AmqpFrom from(String address) {
        return from(address, false, Map.of());
    }

    static AmqpFrom from(String address, boolean properties, Map<String, String> userProperties) {
        return new AmqpFrom(
                address,
                AddressKind.QUEUE,
                null,
                null,
                200,
                1_000,
                properties,
                userProperties,
                false,
                Duration.ofSeconds(30));
    }

    static AmqpFrom answering(String address, boolean properties) {
        return new AmqpFrom(
                address, AddressKind.QUEUE, null, null, 200, 1_000, properties, Map.of(), true, Duration.ofSeconds(30));
    }

    static AmqpFrom topic(String address, @Nullable String subscription, @Nullable String selector) {
        return new AmqpFrom(
                address,
                AddressKind.TOPIC,
                subscription,
                selector,
                200,
                1_000,
                false,
                Map.of(),
                false,
                Duration.ofSeconds(30));
    }

    private static Map<String, Template> templates(Map<String, String> texts) {
        Map<String, Template> templates = new LinkedHashMap<>();
        texts.forEach((name, text) -> templates.put(name, Template.fromText(text)));
        return templates;
    }
}

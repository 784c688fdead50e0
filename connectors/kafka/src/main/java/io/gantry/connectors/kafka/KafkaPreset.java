// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.kafka.KafkaEndpointSettings.Compression;
import io.gantry.connectors.kafka.SaslSettings.Mechanism;
import io.gantry.connectors.spi.TlsSettings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The cloud services that speak Kafka: what they want is filled in, and what contradicts them is refused. */
public enum KafkaPreset {
    /** Azure Event Hubs, at {@code NAMESPACE.servicebus.windows.net:9093}. */
    AZURE_EVENT_HUBS(9_093, "$ConnectionString", Mechanism.PLAIN, Mechanism.OAUTHBEARER) {
        @Override
        void check(Compression compression, ByteSize maxRequestSize) {
            if (compression != Compression.NONE && compression != Compression.GZIP) {
                throw new InvalidSettingException(
                        "compression", "must be none or gzip with preset " + this + ", was " + compression);
            }
            if (maxRequestSize.bytes() > 1L << 20) {
                throw new InvalidSettingException(
                        "max-request-size", "must be at most 1MiB with preset " + this + ", was " + maxRequestSize);
            }
        }

        @Override
        Map<String, String> properties() {
            // Its load balancer forgets connections that are silent for four minutes.
            return Map.of("metadata.max.age.ms", "180000", "connections.max.idle.ms", "180000");
        }
    },

    /** Confluent Cloud, with an API key and its secret. */
    CONFLUENT_CLOUD(9_092, null, Mechanism.PLAIN, Mechanism.OAUTHBEARER);

    private final int port;
    private final @Nullable String username;
    private final Set<Mechanism> mechanisms;

    KafkaPreset(int port, @Nullable String username, Mechanism... mechanisms) {
        this.port = port;
        this.username = username;
        this.mechanisms = Set.of(mechanisms);
    }

    /** The port may be left out. */
    String address(String broker) {
        return broker.indexOf(':') < 0 ? broker + ":" + port : broker;
    }

    /** There is nothing without TLS. */
    TlsSettings tls(@Nullable TlsSettings given) {
        return given == null ? TlsSettings.PLAIN : given;
    }

    /** Properties of Kafka's clients; those of the YAML win. */
    Map<String, String> properties(Map<String, String> given) {
        Map<String, String> all = new LinkedHashMap<>(properties());
        all.putAll(given);
        return all;
    }

    Map<String, String> properties() {
        return Map.of();
    }

    void check(Compression compression, ByteSize maxRequestSize) {
        // Whatever Kafka takes.
    }

    void check(@Nullable SaslSettings sasl) {
        if (sasl == null || !mechanisms.contains(sasl.mechanism())) {
            throw new InvalidSettingException("sasl", "must have mechanism plain or oauthbearer with preset " + this);
        }
        if (username != null && sasl.mechanism() == Mechanism.PLAIN && !username.equals(sasl.username())) {
            throw new InvalidSettingException(
                    "sasl",
                    "must have username " + username + " and the connection string as password with preset " + this);
        }
    }

    /** Refuses what a route cannot have there. */
    void checkTo(KafkaTo to) {
        if (this == AZURE_EVENT_HUBS && to.exactlyOnce()) {
            throw new InvalidSettingException(
                    "exactly-once",
                    "must be false with preset " + this + ", which has transactions in some of its tiers only");
        }
    }

    /** As it is written in the YAML. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

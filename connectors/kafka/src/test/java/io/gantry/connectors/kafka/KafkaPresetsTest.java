// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.kafka.KafkaEndpointSettings.Compression;
import io.gantry.connectors.kafka.SaslSettings.Mechanism;
import io.gantry.connectors.spi.TlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Presets of cloud services that speak Kafka")
class KafkaPresetsTest {

    private static SaslSettings plain(String username) {
        return new SaslSettings(Mechanism.PLAIN, username, new Secret("canary"), null, null, null, null, null);
    }

    private static KafkaEndpointSettings settings(
            KafkaPreset preset, String broker, Compression compression, @Nullable SaslSettings sasl) {
        return new KafkaEndpointSettings(
                List.of(broker),
                "gantry",
                compression,
                Duration.ofMillis(5),
                ByteSize.fromText("64KiB"),
                ByteSize.fromText("32MiB"),
                Duration.ofMinutes(2),
                Duration.ofSeconds(30),
                ByteSize.fromText("1MiB"),
                "gantry-cursors",
                null,
                sasl,
                Map.of("metadata.max.age.ms", "60000"),
                preset);
    }

    private static void refused(String key, String text, ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains(key))
                .hasMessageContaining(text)
                .hasMessageNotContaining("canary");
    }

    @Test
    @DisplayName("azure-event-hubs fills in port, TLS and the times its load balancer wants, and the YAML's own win")
    void eventHubs() {
        KafkaEndpointSettings settings = settings(
                KafkaPreset.AZURE_EVENT_HUBS,
                "plant.servicebus.windows.net",
                Compression.GZIP,
                plain("$ConnectionString"));

        assertThat(settings.brokers()).containsExactly("plant.servicebus.windows.net:9093");
        assertThat(settings.tls()).isEqualTo(TlsSettings.PLAIN);
        assertThat(settings.clientProperties())
                .containsEntry("connections.max.idle.ms", "180000")
                .containsEntry("metadata.max.age.ms", "60000");
        Map<String, Object> producer = new ClientSettings("hubs", settings).producer();
        assertThat(producer).containsEntry("security.protocol", "SASL_SSL").containsEntry("sasl.mechanism", "PLAIN");
    }

    @Test
    @DisplayName("azure-event-hubs refuses what the service does not have, naming the preset")
    void eventHubsRefuses() {
        KafkaPreset preset = KafkaPreset.AZURE_EVENT_HUBS;
        refused("sasl", "azure-event-hubs", () -> settings(preset, "h", Compression.NONE, null));
        refused("sasl", "$ConnectionString", () -> settings(preset, "h", Compression.NONE, plain("me")));
        refused(
                "compression",
                "none or gzip",
                () -> settings(preset, "h", Compression.ZSTD, plain("$ConnectionString")));
        KafkaEndpointSettings settings = settings(preset, "h", Compression.NONE, plain("$ConnectionString"));
        refused("exactly-once", "azure-event-hubs", () -> new KafkaConnector()
                .checkTo(settings, Settings.exactlyOnce("t")));
        new KafkaConnector().checkTo(settings, Settings.to("t"));
    }

    @Test
    @DisplayName("confluent-cloud fills in port and TLS, and wants an API key")
    void confluent() {
        KafkaEndpointSettings settings = settings(
                KafkaPreset.CONFLUENT_CLOUD, "pkc-1.eu-west-1.aws.confluent.cloud", Compression.ZSTD, plain("KEY"));

        assertThat(settings.brokers()).containsExactly("pkc-1.eu-west-1.aws.confluent.cloud:9092");
        assertThat(settings.tls()).isEqualTo(TlsSettings.PLAIN);
        refused("sasl", "confluent-cloud", () -> settings(KafkaPreset.CONFLUENT_CLOUD, "h", Compression.NONE, null));
    }
}

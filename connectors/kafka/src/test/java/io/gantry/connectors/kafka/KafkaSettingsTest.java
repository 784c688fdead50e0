// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.Template;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The settings of the Kafka connector")
class KafkaSettingsTest {

    @Test
    @DisplayName("take brokers as a list, separated by commas, or both, also IPv6 addresses")
    void readsBrokers() {
        assertThat(Settings.endpoint("a:9092, b.example:9093,[::1]:9094").brokers())
                .containsExactly("a:9092", "b.example:9093", "[::1]:9094");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "host:",
                ":9092",
                "host:0",
                "host:65536",
                "host:x",
                "a:1,,b:2",
                "kafka://a:1",
                "::1:9"
            })
    @DisplayName("refuse brokers that are not host:port")
    void refusesBrokers(String brokers) {
        assertThatThrownBy(() -> Settings.endpoint(brokers))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("brokers"));
    }

    @Test
    @DisplayName("refuse a delivery time-out that is shorter than what it contains")
    void refusesShortDelivery() {
        assertThatThrownBy(() -> new KafkaEndpointSettings(
                        List.of("a:1"),
                        "gantry",
                        KafkaEndpointSettings.Compression.NONE,
                        Duration.ofMillis(5),
                        new ByteSize(65_536),
                        ByteSize.fromText("32MiB"),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        ByteSize.fromText("1MiB"),
                        "gantry-cursors",
                        null,
                        null,
                        Map.of(),
                        null))
                .hasMessage("must be at least linger and request-timeout together, 30005ms, was 30s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CamelHttpUri", "camelfilename", "kafka.OVERRIDE_TOPIC", "KAFKA.key", " kafka.KEY", ""})
    @DisplayName("refuse names of headers that Camel would obey")
    void refusesControlHeaders(String name) {
        Map<String, Template> headers = Map.of(name, Template.fromText("x"));

        assertThatThrownBy(() -> Settings.to("t", null, headers))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("headers"));
    }

    @Test
    @DisplayName("refuse Kafka topics that cannot exist")
    void refusesTopics() {
        assertThatThrownBy(() -> Settings.to("a/b")).isInstanceOf(InvalidSettingException.class);
        assertThatThrownBy(() -> Settings.to("a b-{x}")).isInstanceOf(InvalidSettingException.class);
        assertThatThrownBy(() -> Settings.to("..")).isInstanceOf(InvalidSettingException.class);
        assertThatThrownBy(() -> Settings.to("a".repeat(250))).isInstanceOf(InvalidSettingException.class);
        assertThatThrownBy(() -> Settings.from("a+", "g")).isInstanceOf(InvalidSettingException.class);
        assertThatThrownBy(() -> Settings.from("a", " ")).isInstanceOf(InvalidSettingException.class);
        assertThatThrownBy(() -> Settings.from("a", "g", 0)).hasMessage("must be at least 1, was 0");
    }

    @Test
    @DisplayName("make a transactional producer with an id of its own, which Kafka does not wait for without end")
    void transactional() {
        Map<String, Object> producer =
                new ClientSettings("plant", Settings.endpoint("a:1")).transactionalProducer("r", "gantry/plant/r/1");

        assertThat(producer)
                .containsEntry(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "gantry/plant/r/1")
                .containsEntry(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 60_000)
                .containsEntry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000L)
                .containsEntry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1)
                .containsEntry(ProducerConfig.CLIENT_ID_CONFIG, "gantry-plant-r");
    }

    @Test
    @DisplayName("take properties of Kafka's clients from a list, and give them to the clients that have them")
    void clientProperties() {
        KafkaEndpointSettings settings = Settings.with(
                Settings.endpoint("a:1"),
                Map.of("metadata.max.age.ms", "1000", "compression.zstd.level", "5", "fetch.min.bytes", "9"));
        ClientSettings clients = new ClientSettings("plant", settings);

        assertThat(clients.producer())
                .containsEntry("metadata.max.age.ms", "1000")
                .containsEntry("compression.zstd.level", "5")
                .doesNotContainKey("fetch.min.bytes");
        assertThat(clients.consumer("down", Settings.from("t", "g")))
                .containsEntry("metadata.max.age.ms", "1000")
                .containsEntry("fetch.min.bytes", "9")
                .doesNotContainKey("compression.zstd.level");
        assertThat(clients.admin()).containsEntry("metadata.max.age.ms", "1000").doesNotContainKey("fetch.min.bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "interceptor.classes",
                "key.serializer",
                "value.deserializer",
                "partitioner.class",
                "metric.reporters",
                "sasl.jaas.config",
                "sasl.client.callback.handler.class",
                "sasl.login.callback.handler.class",
                "sasl.oauthbearer.token.endpoint.url",
                "ssl.endpoint.identification.algorithm",
                "ssl.engine.factory.class",
                "ssl.truststore.location",
                "security.protocol",
                "security.providers",
                "config.providers",
                "bootstrap.servers",
                "acks",
                "enable.idempotence",
                "max.in.flight.requests.per.connection",
                "enable.auto.commit",
                "group.id",
                "isolation.level",
                "transactional.id",
                "Metadata.max.age.ms",
                ""
            })
    @DisplayName("refuse properties of Kafka's clients that load classes or that Gantry's promises rest on")
    void refusesClientProperties(String name) {
        assertThatThrownBy(() -> Settings.with(Settings.endpoint("a:1"), Map.of(name, "x")))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("client-properties"))
                .hasMessageStartingWith("must be of check.crcs, ")
                .hasMessageEndingWith("; was '" + name + "'");
    }

    @Test
    @DisplayName("refuse values that Kafka's clients do not understand")
    void refusesClientPropertyValues() {
        assertThatThrownBy(() -> Settings.with(Settings.endpoint("a:1"), Map.of("metadata.max.age.ms", "soon")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("metadata.max.age.ms");
        assertThatThrownBy(() -> Settings.with(Settings.endpoint("a:1"), Map.of("fetch.max.bytes", "-5")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("fetch.max.bytes");
    }

    @Test
    @DisplayName("say how the gateway logs in, with what the mechanism needs and nothing else")
    void sasl() {
        Secret secret = new Secret("canary");
        SaslSettings scram =
                new SaslSettings(SaslSettings.Mechanism.SCRAM_SHA_256, "ann", secret, null, null, null, null, null);
        Map<String, Object> producer = new ClientSettings("plant", Settings.secured("a:1", null, scram)).producer();

        assertThat(producer)
                .containsEntry("security.protocol", "SASL_PLAINTEXT")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-256");
        assertThat(producer.toString()).doesNotContain("canary");
        assertThatThrownBy(
                        () -> new SaslSettings(SaslSettings.Mechanism.PLAIN, "ann", null, null, null, null, null, null))
                .hasMessage("must be given for mechanism plain");
        assertThatThrownBy(() -> new SaslSettings(
                        SaslSettings.Mechanism.PLAIN, "ann", secret, "https://t.example", null, null, null, null))
                .hasMessage("must not be given for mechanism plain");
        assertThatThrownBy(() -> new SaslSettings(
                        SaslSettings.Mechanism.OAUTHBEARER, null, null, "http://t.example", "c", secret, null, null))
                .hasMessage("must be an address such as https://login.example/token, was 'http://t.example'");
    }

    @Test
    @DisplayName("refuse a partition that is no number, and headers that Gantry itself writes")
    void refusesPartitions() {
        assertThatThrownBy(() -> Settings.partition("t", "-1")).hasMessage("must be a number such as 0, was '-1'");
        assertThatThrownBy(() -> Settings.to("t", null, Map.of("gantry-hops", Template.fromText("x"))))
                .hasMessage("must not have 'gantry-hops', which Gantry itself writes");
    }

    @Test
    @DisplayName("choose words from a list")
    void words() {
        assertThat(KafkaEndpointSettings.Compression.fromText("zstd"))
                .isEqualTo(KafkaEndpointSettings.Compression.ZSTD)
                .hasToString("zstd");
        assertThat(KafkaFrom.Start.fromText("earliest")).isEqualTo(KafkaFrom.Start.EARLIEST);
        assertThatThrownBy(() -> KafkaEndpointSettings.Compression.fromText("LZ4"))
                .hasMessage("must be 'none', 'gzip', 'snappy', 'lz4' or 'zstd', was 'LZ4'");
        assertThatThrownBy(() -> KafkaFrom.Start.fromText("now"))
                .hasMessage("must be 'latest' or 'earliest', was 'now'");
    }

    @Test
    @DisplayName(
            "always make an idempotent producer that waits for all replicas, and a consumer that never commits itself")
    void whatCannotBeChosen() {
        ClientSettings clients = new ClientSettings("plant", Settings.endpoint("a:1"));

        assertThat(clients.producer())
                .containsEntry(ProducerConfig.ACKS_CONFIG, "all")
                .containsEntry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true)
                .containsEntry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "a:1");
        assertThat(clients.consumer("down", Settings.from("t", "g", 70)))
                .containsEntry(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false)
                .containsEntry(ConsumerConfig.GROUP_ID_CONFIG, "g")
                .containsEntry(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 7);
    }

    @Test
    @DisplayName("one request is in flight to each broker, so that no batch of a new producer overtakes another")
    void oneRequestInFlight() {
        Map<String, Object> producer = new ClientSettings("plant", Settings.endpoint("localhost:9092")).producer();

        assertThat(producer)
                .containsEntry("max.in.flight.requests.per.connection", 1)
                .containsEntry("enable.idempotence", true)
                .containsEntry("acks", "all");
    }
}

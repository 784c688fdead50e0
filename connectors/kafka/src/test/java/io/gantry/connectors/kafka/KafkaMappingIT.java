// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.deliver;
import static io.gantry.connectors.kafka.Harness.deliverAccepted;
import static io.gantry.connectors.kafka.Harness.message;
import static io.gantry.connectors.kafka.Harness.soon;
import static io.gantry.testbed.KafkaRecords.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.TopicPattern;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.Template;
import io.gantry.testbed.KafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A message as a Kafka record, and a record as a message")
@ExtendWith(SharedKafka.class)
class KafkaMappingIT {
    private static final TopicPattern ALL = TopicPattern.fromText("sensors/#");
    private static final Delivery.Accepted TAKEN = (Delivery.Accepted) Delivery.accepted();

    /** No UTF-8. */
    private static final byte[] BYTES = {0, (byte) 0xC3, (byte) 0x28, (byte) 0xFF, 10, (byte) 0x80};

    private static KafkaServer kafka;

    @BeforeAll
    static void findKafka() {
        kafka = SharedKafka.server();
    }

    private static Message withEverything() {
        return new Message(
                Harness.IDS.next(),
                new TopicName("sensors/nörd/1"),
                Payload.owning(BYTES.clone()),
                Qos.EXACTLY_ONCE,
                true,
                new MessageProperties(
                        PayloadFormat.TEXT,
                        3_600L,
                        "text/plain; charset=utf-8",
                        new TopicName("answers/to/me"),
                        Payload.owning(BYTES.clone()),
                        List.of(
                                new UserProperty("b", "2=&%"),
                                new UserProperty("a", "1 "),
                                new UserProperty("b", "ü+ "),
                                new UserProperty("", ""))),
                new Origin.Device(new ClientId("device 1"), "ann"),
                System.currentTimeMillis());
    }

    private static KafkaTo to(String topic, @Nullable String partition, boolean tombstone, boolean properties) {
        return new KafkaTo(
                Template.fromText(topic),
                null,
                partition == null ? null : Template.fromText(partition),
                tombstone,
                Map.of(),
                properties,
                false,
                false,
                null,
                Duration.ofSeconds(30),
                null);
    }

    private static KafkaFrom from(
            String topic, KafkaFrom.Isolation isolation, boolean properties, Map<String, String> userProperties) {
        return new KafkaFrom(
                List.of(topic),
                "group-" + topic,
                KafkaFrom.Start.EARLIEST,
                1_000,
                isolation,
                properties,
                userProperties);
    }

    private static KafkaFrom ofOtherGroup(String topic) {
        return new KafkaFrom(
                List.of(topic),
                "group-committed",
                KafkaFrom.Start.EARLIEST,
                1_000,
                KafkaFrom.Isolation.READ_COMMITTED,
                false,
                Map.of());
    }

    private static Harness reading(KafkaFrom from, Sink devices) {
        Harness harness = new Harness(kafka.bootstrapServers());
        harness.routes.from("down", "plant", from, devices);
        harness.routes.start();
        harness.routes.startSources();
        return harness;
    }

    @Test
    @DisplayName("is the same again after a round trip, with everything that MQTT says about it")
    void roundTrip() {
        kafka.createTopic("round", 1);
        Message sent = withEverything();
        Devices devices = new Devices();
        try (Harness harness = new Harness(kafka.bootstrapServers());
                Harness other = new Harness(Settings.endpoint(kafka.bootstrapServers()), "gateway2")) {
            Sink sink = harness.routes
                    .to("up", "plant", to("round", null, false, true), ALL)
                    .sink();
            other.routes.from(
                    "down", "plant", from("round", KafkaFrom.Isolation.READ_COMMITTED, true, Map.of()), devices);
            harness.routes.start();
            other.routes.start();
            other.routes.startSources();
            deliverAccepted(sink, sent);
            soon().until(() -> !devices.offers.isEmpty());
            devices.acceptAll();
        }

        Message read = devices.offers.get(0).message();
        assertThat(read.topic()).isEqualTo(sent.topic());
        assertThat(read.payload()).isEqualTo(sent.payload());
        assertThat(read.qos()).isEqualTo(sent.qos());
        assertThat(read.retain()).isTrue();
        assertThat(read.properties().expirySeconds()).isBetween(3_000L, 3_600L);
        assertThat(read.properties().withExpirySeconds(null))
                .isEqualTo(sent.properties()
                        .withUserProperties(List.of(new UserProperty(Hops.NAME, "gateway1")))
                        .withExpirySeconds(null));
        Origin.Endpoint origin = (Origin.Endpoint) read.origin();
        assertThat(origin.key()).isEqualTo("device 1");
        assertThat(origin.headers())
                .contains(
                        new UserProperty("mqtt-client-id", "device 1"),
                        new UserProperty("mqtt-username", "ann"),
                        new UserProperty("mqtt-message-id", sent.id().toString()));
    }

    @Test
    @DisplayName("carries nothing of it without properties: true, and what says so in a record is not believed")
    void off() {
        kafka.createTopic("off", 1);
        ProducerRecord<byte[], byte[]> forged = record("off", "k", "x");
        forged.headers()
                .add("mqtt-topic", "sensors/forged".getBytes(UTF_8))
                .add("mqtt-retain", "true".getBytes(UTF_8))
                .add("mqtt-qos", "2".getBytes(UTF_8));
        Devices devices = new Devices();
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Sink sink = harness.routes
                    .to("up", "plant", to("off", null, false, false), ALL)
                    .sink();
            harness.routes.from(
                    "down", "plant", from("off", KafkaFrom.Isolation.READ_COMMITTED, false, Map.of()), devices);
            harness.routes.start();
            harness.routes.startSources();
            deliverAccepted(sink, withEverything());
            SharedKafka.records().produce(List.of(forged));
            soon().until(() -> devices.offers.size() == 2);
            devices.acceptAll();
        }

        assertThat(SharedKafka.records().consumeAll("off").get(0).headers()).isEmpty();
        Message read = devices.offers.get(1).message();
        assertThat(read.topic().value()).isEqualTo("off");
        assertThat(read.retain()).isFalse();
        assertThat(read.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(read.properties()).isEqualTo(MessageProperties.NONE);
    }

    @Test
    @DisplayName("keeps the mark against loops even without properties: true")
    void hops() {
        kafka.createTopic("hops", 1);
        MessageProperties marked =
                MessageProperties.NONE.withUserProperties(List.of(new UserProperty(Hops.NAME, "gateway7")));
        Devices devices = new Devices();
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Sink sink = harness.routes
                    .to("up", "plant", to("hops", null, false, false), ALL)
                    .sink();
            harness.routes.from(
                    "down", "plant", from("hops", KafkaFrom.Isolation.READ_COMMITTED, false, Map.of()), devices);
            harness.routes.start();
            harness.routes.startSources();

            deliverAccepted(sink, message("d", "sensors/d", "x", marked));
            soon().until(() -> !devices.offers.isEmpty());
            devices.acceptAll();
        }

        assertThat(Hops.of(devices.offers.get(0).message())).isEqualTo("gateway7");
    }

    @Test
    @DisplayName(
            "gets User Properties of headers that the YAML names, and passes over a record whose headers are wrong")
    void userProperties() {
        kafka.createTopic("named", 1);
        ProducerRecord<byte[], byte[]> wrong = record("named", "k", "wrong");
        wrong.headers().add("mqtt-topic", "sensors/+".getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> right = record("named", "k", "right");
        right.headers().add("trace", "t1".getBytes(UTF_8)).add("other", "o".getBytes(UTF_8));
        SharedKafka.records().produce(List.of(wrong, right));
        Devices devices = new Devices();

        try (Harness harness = reading(
                from("named", KafkaFrom.Isolation.READ_COMMITTED, true, Map.of("trace-id", "trace")), devices)) {
            soon().until(() -> !devices.offers.isEmpty());
            devices.acceptAll();
            soon().until(() -> SharedKafka.records().committed("group-named", "named", 0) == 2);

            assertThat(devices.texts()).containsExactly("right");
            assertThat(devices.offers.get(0).message().properties().userProperties())
                    .containsExactly(new UserProperty("trace-id", "t1"));
            assertThat(harness.states).isNotEmpty();
            assertThat(harness.routes.counts().values()).singleElement().satisfies(counts -> assertThat(counts)
                    .containsEntry("refused", 1L)
                    .containsEntry("received", 1L));
        }
    }

    @Test
    @DisplayName(
            "goes to the partition that the route says; one that is none, or that the Kafka topic does not have, is a"
                    + " rejection, and nobody waits for it")
    void partition() {
        kafka.createTopic("parted", 3);
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            TopicPattern pattern = TopicPattern.fromText("sensors/{number}");
            Sink sink = harness.routes
                    .to("up", "plant", to("parted", "{number}", false, false), pattern)
                    .sink();
            harness.routes.start();
            deliverAccepted(sink, message("d", "sensors/2", "two"));

            for (String none : List.of("3", "999999999", "-1", "1.0", "x", "12345678901")) {
                assertThat(deliver(sink, message("d", "sensors/" + none, "none")))
                        .isInstanceOf(Delivery.Rejected.class);
            }
            deliverAccepted(sink, message("d", "sensors/0", "zero"));
        }
        assertThat(SharedKafka.records().consumeAll("parted"))
                .extracting(record -> record.partition() + " " + new String(record.value(), UTF_8))
                .containsExactlyInAnyOrder("2 two", "0 zero");
    }

    @Test
    @DisplayName("for a partition that does not exist does not spoil the transaction for the next")
    void partitionExactlyOnce() {
        kafka.createTopic("parted-once", 1);
        KafkaTo to = new KafkaTo(
                Template.fromText("parted-once"),
                null,
                Template.fromText("{number}"),
                false,
                Map.of(),
                false,
                true,
                false,
                null,
                Duration.ofSeconds(30),
                null);
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            var target = harness.routes.to("parted-once", "plant", to, TopicPattern.fromText("sensors/{number}"));
            var transactions = Objects.requireNonNull(target.transactions());
            harness.routes.start();
            soon().until(() -> transactions.recover("j").outcome().equals(TAKEN));
            assertThat(transactions.begin()).isEqualTo(TAKEN);
            assertThat(deliver(target.sink(), message("d", "sensors/7", "x"))).isInstanceOf(Delivery.Rejected.class);
            transactions.abort();

            assertThat(transactions.begin()).isEqualTo(TAKEN);
            assertThat(deliver(target.sink(), message("d", "sensors/0", "x"))).isEqualTo(TAKEN);
            assertThat(transactions.commit(1)).isEqualTo(TAKEN);
        }
        // Kafka ends a transaction in its partitions after it has confirmed the commit
        soon().until(() -> SharedKafka.records().consumeAll("parted-once").size() == 1);
    }

    @Test
    @DisplayName("without payload is a tombstone where the route says so, and otherwise a record with an empty value")
    void tombstone() {
        kafka.createTopic("deleting", 1);
        kafka.createTopic("emptying", 1);
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Sink deleting = harness.routes
                    .to("up", "plant", to("deleting", null, true, false), ALL)
                    .sink();
            Sink emptying = harness.routes
                    .to("up", "plant", to("emptying", null, false, false), ALL)
                    .sink();
            harness.routes.start();

            deliverAccepted(deleting, message("d", "sensors/d", ""));
            deliverAccepted(deleting, message("d", "sensors/d", "x"));
            deliverAccepted(emptying, message("d", "sensors/d", ""));
        }
        assertThat(SharedKafka.records().consumeAll("deleting"))
                .extracting(ConsumerRecord::value)
                .satisfiesExactly(value -> assertThat(value).isNull(), value -> assertThat(value)
                        .isEqualTo("x".getBytes(UTF_8)));
        assertThat(SharedKafka.records().consumeAll("emptying"))
                .extracting(ConsumerRecord::value)
                .satisfiesExactly(value -> assertThat(value).isEmpty());
    }

    @Test
    @DisplayName("of a transaction that is not over is read only where the route says so")
    void isolation() {
        kafka.createTopic("open", 1);
        Devices all = new Devices();
        Devices committed = new Devices();
        KafkaFrom sooner = from("open", KafkaFrom.Isolation.READ_UNCOMMITTED, false, Map.of());
        KafkaFrom later = ofOtherGroup("open");
        Map<String, Object> transactional = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                "somebody");
        try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(transactional, new ByteArraySerializer(), new ByteArraySerializer());
                Harness harness = new Harness(kafka.bootstrapServers())) {
            harness.routes.from("sooner", "plant", sooner, all);
            harness.routes.from("later", "plant", later, committed);
            harness.routes.start();
            harness.routes.startSources();
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "aborted");
            soon().until(() -> all.texts().equals(List.of("aborted")));
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, "committed");
            producer.commitTransaction();

            soon().until(() -> committed.texts().contains("committed"));
            soon().until(() -> all.texts().contains("committed"));
            all.acceptAll();
            committed.acceptAll();

            assertThat(committed.texts()).containsExactly("committed");
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String text) {
        var unused = producer.send(record("open", "k", text));
        producer.flush();
    }
}

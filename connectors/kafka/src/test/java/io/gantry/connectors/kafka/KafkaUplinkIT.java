// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.deliver;
import static io.gantry.connectors.kafka.Harness.deliverAccepted;
import static io.gantry.connectors.kafka.Harness.message;
import static io.gantry.connectors.kafka.Harness.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.api.settings.ByteSize;
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.connectors.spi.Template;
import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import io.gantry.testbed.LoopbackPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("From devices to Kafka")
@ExtendWith(SharedKafka.class)
class KafkaUplinkIT {
    private static final TopicPattern TELEMETRY = TopicPattern.fromText("sensors/{site}/{device}/telemetry");

    private static final String FIRST = "the first message, which finds the Kafka topic";

    private static KafkaServer kafka;
    private static KafkaRecords records;

    @BeforeAll
    static void findKafka() {
        kafka = SharedKafka.server();
        records = SharedKafka.records();
    }

    @Test
    @DisplayName("a record has the payload as its value, and key, headers and Kafka topic as the route says")
    void carriesWhatTheRouteSays() {
        kafka.createTopic("site-north_5f2f1", 1);
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Sink sink = harness.routes
                    .to(
                            "telemetry",
                            "plant",
                            Settings.to(
                                    "site-{site}",
                                    "{device}",
                                    Map.of(
                                            "site",
                                            Template.fromText("{site}"),
                                            "who",
                                            Template.fromText("{username}"))),
                            TELEMETRY)
                    .sink();
            harness.routes.start();

            deliverAccepted(sink, message("d1", "sensors/north_2f1/d1/telemetry", "21.5"));
        }
        ConsumerRecord<byte[], byte[]> record =
                records.consumeAll("site-north_5f2f1").get(0);
        assertThat(record.value()).asString(UTF_8).isEqualTo("21.5");
        assertThat(record.key()).asString(UTF_8).isEqualTo("d1");
        assertThat(record.headers()).hasSize(1);
        assertThat(record.headers().lastHeader("site").value()).asString(UTF_8).isEqualTo("north_2f1");
    }

    @Test
    @DisplayName("messages of one device keep their order, and all are there once when all were accepted")
    void keepsTheOrderOfADevice() {
        kafka.createTopic("order", 4);
        int count = 20_000;
        int devices = 10;
        Queue<Delivery> outcomes = new ConcurrentLinkedQueue<>();
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Sink sink = harness.routes
                    .to("order", "plant", Settings.to("order", "{device}", Map.of()), TELEMETRY)
                    .sink();
            harness.routes.start();
            deliverAccepted(sink, message("first", "sensors/x/first/telemetry", FIRST));

            for (int i = 0; i < count; i++) {
                String device = "d" + i % devices;
                sink.offer(message(device, "sensors/x/" + device + "/telemetry", "" + i), outcomes::add);
            }

            soon().until(() -> outcomes.size() == count);
        }
        assertThat(outcomes).containsOnly(Delivery.accepted());
        List<List<Integer>> perDevice = new ArrayList<>();
        IntStream.range(0, devices).forEach(device -> perDevice.add(new ArrayList<>()));
        records.consumeTexts("order").stream()
                .filter(text -> !text.equals(FIRST))
                .map(Integer::valueOf)
                .forEach(i -> perDevice.get(i % devices).add(i));
        assertThat(perDevice)
                .allSatisfy(list -> assertThat(list).hasSize(count / devices).isSorted());
    }

    @Test
    @DisplayName("what was accepted before, while and after Kafka is killed is in Kafka")
    void survivesAKill() {
        kafka.createTopic("up-killed", 4);
        KafkaEndpointSettings patient = Settings.endpoint(
                kafka.bootstrapServers(), ByteSize.fromText("1MiB"), Duration.ofMinutes(10)); // longer than a restart
        Queue<String> accepted = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        int count = 3_000;
        try (Harness harness = new Harness(patient)) {
            Sink sink = harness.routes
                    .to("up-killed", "plant", Settings.to("up-killed", "{device}", Map.of()), TELEMETRY)
                    .sink();
            harness.routes.start();
            deliverAccepted(sink, message("first", "sensors/x/first/telemetry", FIRST));

            for (int i = 0; i < count; i++) {
                String text = "" + i;
                sink.offer(message("d", "sensors/x/d" + i % 7 + "/telemetry", text), delivery -> {
                    if (delivery.equals(Delivery.accepted())) {
                        accepted.add(text);
                    }
                    answered.incrementAndGet();
                });
                if (i == count / 3) {
                    soon().until(() -> answered.get() > 0);
                    kafka.kill();
                }
                if (i == count * 2 / 3) {
                    kafka.restart();
                }
            }

            soon().until(() -> answered.get() == count);
        }
        assertThat(accepted).hasSize(count);
        assertThat(records.consumeTexts("up-killed")).containsAll(accepted);
    }

    @Test
    @DisplayName("a message larger than max-request-size is rejected as too large, and the next one goes through")
    void rejectsWhatIsTooLarge() {
        kafka.createTopic("up-large", 1);
        KafkaEndpointSettings small =
                Settings.endpoint(kafka.bootstrapServers(), ByteSize.fromText("2KiB"), Duration.ofMinutes(2));
        try (Harness harness = new Harness(small)) {
            Sink sink = harness.routes
                    .to("up-large", "plant", Settings.to("up-large"), TELEMETRY)
                    .sink();
            harness.routes.start();

            deliverAccepted(sink, message("d", "sensors/x/d/telemetry", FIRST));
            Delivery tooLarge = deliver(sink, message("d", "sensors/x/d/telemetry", "x".repeat(3_000)));
            Delivery next = deliver(sink, message("d", "sensors/x/d/telemetry", "x"));

            assertThat(tooLarge).isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(rejected.code())
                    .isEqualTo(ReasonCode.PACKET_TOO_LARGE));
            assertThat(next).isEqualTo(Delivery.accepted());
        }
    }

    @Test
    @DisplayName(
            "[D5] a message that only Kafka finds too large for its topic is rejected, and the next one goes through")
    void rejectsWhatKafkaFindsTooLarge() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic("up-narrow", 1, (short) 1).configs(Map.of("max.message.bytes", "2000"))))
                    .all()
                    .get(2, TimeUnit.MINUTES);
        }
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Sink sink = harness.routes
                    .to("narrow", "plant", Settings.to("up-narrow"), TELEMETRY)
                    .sink();
            harness.routes.start();
            deliverAccepted(sink, message("d", "sensors/x/d/telemetry", FIRST));

            assertThat(deliver(sink, message("d", "sensors/x/d/telemetry", "x".repeat(3_000))))
                    .isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(rejected.code())
                            .isEqualTo(ReasonCode.PACKET_TOO_LARGE));
            deliverAccepted(sink, message("d", "sensors/x/d/telemetry", "x"));
        }
    }

    @Test
    @DisplayName("[D2] nothing is lost or doubled when a Kafka topic gets more partitions, and the new ones are used")
    void morePartitions() throws Exception {
        kafka.createTopic("growing", 1);
        KafkaEndpointSettings settings =
                Settings.with(Settings.endpoint(kafka.bootstrapServers()), Map.of("metadata.max.age.ms", "500"));
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger offered = new AtomicInteger();
        try (Harness harness = new Harness(settings);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Sink sink = harness.routes
                    .to("growing", "plant", Settings.to("growing", "{device}", Map.of()), TELEMETRY)
                    .sink();
            harness.routes.start();
            deliverAccepted(sink, message("first", "sensors/x/first/telemetry", "0"));
            admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(4)))
                    .all()
                    .get(2, TimeUnit.MINUTES);

            soon().until(() -> {
                String device = "d" + offered.get() % 20;
                sink.offer(
                        message(device, "sensors/x/" + device + "/telemetry", "" + offered.incrementAndGet()),
                        delivery -> accepted.addAndGet(delivery.equals(Delivery.accepted()) ? 1 : 0));
                return offered.get() % 50 == 0
                        && records.consumeAll("growing").stream().anyMatch(record -> record.partition() > 0);
            });
            soon().until(() -> accepted.get() == offered.get());
        }
        assertThat(records.consumeTexts("growing").stream()
                        .map(Integer::valueOf)
                        .sorted())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, offered.get()).boxed().toList());
    }

    @Test
    @DisplayName(
            "a Kafka that is away at the start does not stop the start: unavailable and WAITING until it comes, and"
                    + " then the Kafka topic of a route is looked for before its first message comes")
    void startsWithoutKafka(@TempDir Path parent) {
        int port = LoopbackPorts.free();
        try (Harness harness = new Harness("127.0.0.1:" + port)) {
            Sink sink = harness.routes
                    .to("early", "plant", Settings.to("early"), TELEMETRY)
                    .sink();
            harness.routes.to("expected", "plant", Settings.to("expected"), TELEMETRY);
            harness.routes.start();

            Delivery early = deliver(sink, message("d", "sensors/x/d/telemetry", "early"));

            long start = System.nanoTime();
            List<Delivery> later = IntStream.range(0, 100)
                    .mapToObj(i -> deliver(sink, message("d", "sensors/x/d/telemetry", "later")))
                    .toList();

            assertThat(early).isInstanceOf(Delivery.Unavailable.class);
            assertThat(later).hasOnlyElementsOfType(Delivery.Unavailable.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("only the first send may wait for the metadata")
                    .isLessThan(Duration.ofMillis(ClientSettings.MAX_BLOCK_MILLIS * 50L));
            assertThat(harness.states).contains(State.WAITING).doesNotContain(State.CONNECTED);

            try (KafkaServer late = KafkaServer.start(parent.resolve("kafka"), port)) {
                soon().until(() -> harness.states.contains(State.CONNECTED));
                deliverAccepted(sink, message("d", "sensors/x/d/telemetry", "late"));
                soon().until(() -> late.hasTopic("expected")); // looking for one makes it, as this Kafka is set up
                assertThat(KafkaRecords.at(late.bootstrapServers()).consumeTexts("early"))
                        .contains("late");
            }
        }
    }

    @Test
    @DisplayName("a name that cannot be resolved does not stop the start either")
    void startsWithAnUnknownHost() {
        try (Harness harness = new Harness("kafka.invalid:9092")) {
            Sink sink = harness.routes
                    .to("nowhere", "plant", Settings.to("nowhere"), TELEMETRY)
                    .sink();
            harness.routes.start();

            assertThat(deliver(sink, message("d", "sensors/x/d/telemetry", "x")))
                    .isInstanceOf(Delivery.Unavailable.class);
        }
    }
}

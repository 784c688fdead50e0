// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.ExactlyOnceLane.JOURNAL;
import static io.gantry.connectors.kafka.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Transactions;
import io.gantry.api.settings.ByteSize;
import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import io.gantry.testbed.LoopbackPorts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Exactly once to Kafka")
@ExtendWith(SharedKafka.class)
class KafkaExactlyOnceIT {
    private static KafkaServer kafka;
    private static KafkaRecords records;

    @BeforeAll
    static void findKafka() {
        kafka = SharedKafka.server();
        records = SharedKafka.records();
    }

    private static ExactlyOnceLane lane(String route) {
        return new ExactlyOnceLane(Settings.endpoint(kafka.bootstrapServers()), route);
    }

    private static List<Long> committed(String topic) {
        return records.consumeTexts(topic).stream().map(Long::valueOf).sorted().toList();
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static void assertTakenOver(Delivery delivery) {
        assertThat(delivery).isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> {
            assertThat(unavailable.code()).isEqualTo(ReasonCode.SESSION_TAKEN_OVER);
            assertThat(unavailable.reason()).isEqualTo("another gateway with the same id has taken over");
            assertThat(unavailable.retry()).isEqualTo(Retry.whenMended());
        });
    }

    private static void assertParked(Delivery delivery, String reason) {
        assertThat(delivery)
                .isEqualTo(
                        new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, reason, Retry.whenMended()));
    }

    @Test
    @DisplayName("a batch is in Kafka together with its position, and none of it after an abort")
    void allOrNone() {
        kafka.createTopic("all", 4);
        try (ExactlyOnceLane lane = lane("all")) {
            assertThat(lane.recovered(JOURNAL)).isEmpty();

            lane.deliver(0, 100);
            assertThat(lane.transactions.begin()).isEqualTo(Delivery.accepted());
            assertThat(lane.offer(100, 110)).containsOnly(Delivery.accepted());
            lane.transactions.abort();
            assertThat(committed("all")).isEqualTo(numbers(0, 100));

            lane.deliver(100, 200);

            assertThat(committed("all")).isEqualTo(numbers(0, 200));
            assertThat(lane.recovered(JOURNAL)).hasValue(199);
        }
        try (ExactlyOnceLane restarted = lane("all")) {
            assertThat(restarted.recovered(JOURNAL)).hasValue(199);
        }
    }

    @Test
    @DisplayName("what a gateway has left open when it ended is in Kafka for nobody, and its cursor is the one before")
    void abandoned() {
        kafka.createTopic("left", 4);
        try (ExactlyOnceLane ended = lane("left");
                ExactlyOnceLane next = lane("left")) {
            assertThat(ended.recovered(JOURNAL)).isEmpty();
            ended.deliver(0, 50);
            assertThat(ended.transactions.begin()).isEqualTo(Delivery.accepted());
            assertThat(ended.offer(50, 60)).containsOnly(Delivery.accepted());

            assertThat(next.recovered(JOURNAL)).hasValue(49);
            next.deliver(50, 70);

            assertThat(committed("left")).isEqualTo(numbers(0, 70));
        }
    }

    @Test
    @DisplayName("of two gateways with the same id the later one writes, and the other learns that it was taken over")
    void fenced() {
        kafka.createTopic("fenced", 1);
        try (ExactlyOnceLane first = lane("fenced");
                ExactlyOnceLane second = lane("fenced")) {
            assertThat(first.recovered(JOURNAL)).isEmpty();
            first.deliver(0, 10);
            assertThat(first.transactions.begin()).isEqualTo(Delivery.accepted());
            assertThat(first.offer(10, 20)).containsOnly(Delivery.accepted());

            assertThat(second.recovered(JOURNAL)).hasValue(9);

            assertTakenOver(first.transactions.commit(19));
            assertTakenOver(first.transactions.begin());
            assertTakenOver(first.transactions.commit(19));
            assertTakenOver(first.transactions.recover(JOURNAL).outcome());
            assertThat(first.offer(10, 11)).hasOnlyElementsOfType(Delivery.Unavailable.class);
            second.deliver(10, 15);
            assertThat(committed("fenced")).isEqualTo(numbers(0, 15));
        }
    }

    @Test
    @DisplayName("a gateway that was idle when another took over learns it with its next transaction")
    void fencedWhileIdle() {
        kafka.createTopic("idle", 1);
        try (ExactlyOnceLane first = lane("idle");
                ExactlyOnceLane second = lane("idle")) {
            assertThat(first.recovered(JOURNAL)).isEmpty();
            first.deliver(0, 10);
            assertThat(second.recovered(JOURNAL)).hasValue(9);

            Delivery begun = first.transactions.begin();
            List<Delivery> offered = first.offer(10, 20);
            first.transactions.abort();

            assertThat(begun).isEqualTo(Delivery.accepted());
            assertThat(offered).hasOnlyElementsOfType(Delivery.Unavailable.class);
            assertTakenOver(first.transactions.begin());
            second.deliver(10, 11);
            assertThat(committed("idle")).isEqualTo(numbers(0, 11));
        }
    }

    @Test
    @DisplayName("a position of another outbox is not taken for one of this")
    void otherJournal() {
        kafka.createTopic("journal", 1);
        try (ExactlyOnceLane lane = lane("journal")) {
            assertThat(lane.recovered("journal of before")).isEmpty();
            lane.deliver(0, 10);

            assertThat(lane.recovered(JOURNAL)).isEmpty();
            assertThat(lane.recovered("journal of before")).hasValue(9);
        }
    }

    @Test
    @DisplayName("two routes do not shut each other out, and each has its own cursor")
    void twoRoutes() {
        kafka.createTopic("one", 1);
        kafka.createTopic("two", 1);
        try (ExactlyOnceLane one = lane("one");
                ExactlyOnceLane two = lane("two")) {
            assertThat(one.recovered(JOURNAL)).isEmpty();
            assertThat(two.recovered(JOURNAL)).isEmpty();
            one.deliver(0, 10);
            two.deliver(0, 20);
            one.deliver(10, 15);

            assertThat(one.recovered(JOURNAL)).hasValue(14);
            assertThat(two.recovered(JOURNAL)).hasValue(19);
        }
    }

    @Test
    @DisplayName("a message that is too large is rejected, its transaction is aborted, and no other message is blamed")
    void tooLarge() {
        kafka.createTopic("too-large", 1);
        try (ExactlyOnceLane lane = lane("too-large")) {
            assertThat(lane.recovered(JOURNAL)).isEmpty();
            assertThat(lane.transactions.begin()).isEqualTo(Delivery.accepted());

            List<Delivery> before = lane.offer(0, 5);
            Delivery rejected = lane.offer("x".repeat(2 << 20));
            List<Delivery> after = lane.offer(5, 10);
            lane.transactions.abort();

            assertThat(rejected).isInstanceOf(Delivery.Rejected.class);
            assertThat(before).containsOnly(Delivery.accepted());
            assertThat(after).containsOnly(Delivery.accepted());
            assertThat(committed("too-large")).isEmpty();
            lane.deliver(0, 10);
            assertThat(committed("too-large")).isEqualTo(numbers(0, 10));
        }
    }

    @Test
    @DisplayName("a transaction of which a message failed is not committed, even when it is asked to be")
    void incomplete() {
        kafka.createTopic("incomplete", 1);
        try (ExactlyOnceLane lane = lane("incomplete")) {
            assertThat(lane.recovered(JOURNAL)).isEmpty();
            assertThat(lane.transactions.begin()).isEqualTo(Delivery.accepted());
            assertThat(lane.offer(0, 5)).containsOnly(Delivery.accepted());
            assertThat(lane.offer("x".repeat(2 << 20))).isInstanceOf(Delivery.Rejected.class);

            assertThat(lane.transactions.commit(5)).isInstanceOf(Delivery.Unavailable.class);

            assertThat(lane.transactions.begin()).isInstanceOf(Delivery.Unavailable.class);
            assertThat(lane.recovered(JOURNAL)).isEmpty();
            assertThat(committed("incomplete")).isEmpty();
        }
    }

    @Test
    @DisplayName("a message that is offered outside a transaction is not taken, and not found in the next one")
    void outside() {
        kafka.createTopic("outside", 1);
        try (ExactlyOnceLane lane = lane("outside")) {
            assertThat(lane.offer(0, 1)).hasOnlyElementsOfType(Delivery.Unavailable.class);
            assertThat(lane.recovered(JOURNAL)).isEmpty();
            assertThat(lane.offer(0, 1)).hasOnlyElementsOfType(Delivery.Unavailable.class);

            lane.deliver(1, 3);

            assertThat(committed("outside")).isEqualTo(numbers(1, 3));
        }
    }

    @Test
    @DisplayName("a missing Kafka answers that it is away, in bounded time")
    void away() {
        String nobody = "127.0.0.1:" + LoopbackPorts.free();
        try (ExactlyOnceLane lane = new ExactlyOnceLane(
                Settings.endpoint(nobody, ByteSize.fromText("1MiB"), Duration.ofSeconds(2)), "away")) {
            Transactions.Recovered recovered = lane.transactions.recover(JOURNAL);

            assertThat(recovered.position()).isEqualTo(OptionalLong.empty());
            assertThat(recovered.outcome())
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                            .isEqualTo(Retry.soon()));
        }
    }

    @Test
    @DisplayName("brokers with an older transaction version are refused with the reason, until they are upgraded")
    void transactionVersion() throws Exception {
        kafka.createTopic("old", 1);
        try (ExactlyOnceLane lane = lane("old")) {
            setTransactionVersion(1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
            try {
                soon().untilAsserted(() -> assertParked(
                        lane.transactions.recover(JOURNAL).outcome(),
                        "exactly-once needs Kafka brokers with transaction version 2"));
                assertThat(lane.transactions.begin()).isInstanceOf(Delivery.Unavailable.class);
            } finally {
                setTransactionVersion(2, FeatureUpdate.UpgradeType.UPGRADE);
            }

            assertThat(lane.recovered(JOURNAL)).isEmpty();
            lane.deliver(0, 10);
            assertThat(committed("old")).isEqualTo(numbers(0, 10));
        }
    }

    private static void setTransactionVersion(int version, FeatureUpdate.UpgradeType change) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.updateFeatures(
                            Map.of("transaction.version", new FeatureUpdate((short) version, change)),
                            new UpdateFeaturesOptions())
                    .all()
                    .get(2, TimeUnit.MINUTES);
        }
    }

    @Test
    @DisplayName("a Kafka topic for cursors that is not compacted is refused with the reason")
    void notCompacted() {
        kafka.createTopic("kept-a-week", 1);
        KafkaEndpointSettings settings = Settings.endpoint(kafka.bootstrapServers());
        KafkaEndpointSettings elsewhere = new KafkaEndpointSettings(
                settings.brokers(),
                settings.clientId(),
                settings.compression(),
                settings.linger(),
                settings.batchSize(),
                settings.buffer(),
                settings.deliveryTimeout(),
                settings.requestTimeout(),
                settings.maxRequestSize(),
                "kept-a-week",
                null,
                null,
                Map.of());
        try (ExactlyOnceLane lane = new ExactlyOnceLane(elsewhere, "kept")) {
            soon().untilAsserted(() -> assertParked(
                    lane.transactions.recover(JOURNAL).outcome(),
                    "the Kafka topic for cursors must have cleanup.policy=compact"));
        }
    }

    @Test
    @DisplayName("when Kafka is frozen somewhere in a commit, what is there afterwards is what the cursor says")
    void frozenInCommit() {
        kafka.createTopic("torn", 4);
        KafkaEndpointSettings impatient =
                Settings.endpoint(kafka.bootstrapServers(), ByteSize.fromText("1MiB"), Duration.ofSeconds(3));
        Random random = new Random(4);
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (ExactlyOnceLane lane = new ExactlyOnceLane(impatient, "torn")) {
            assertThat(lane.recovered(JOURNAL)).isEmpty();
            long next = 0;
            for (int round = 0; round < 4; round++) {
                assertThat(lane.transactions.begin()).isEqualTo(Delivery.accepted());
                assertThat(lane.offer(next, next + 100)).containsOnly(Delivery.accepted());
                Future<?> pause = clock.schedule(kafka::pause, random.nextInt(10), TimeUnit.MILLISECONDS);
                Delivery outcome = lane.transactions.commit(next + 99);
                soon().until(pause::isDone);
                kafka.resume();

                long reached = lane.recovered(JOURNAL).orElse(-1) + 1;

                assertThat(reached).isIn(next, next + 100);
                if (outcome.equals(Delivery.accepted())) {
                    assertThat(reached).isEqualTo(next + 100);
                }
                assertThat(committed("torn")).isEqualTo(numbers(0, reached));
                next = reached;
            }
        } finally {
            clock.shutdownNow();
        }
    }
}

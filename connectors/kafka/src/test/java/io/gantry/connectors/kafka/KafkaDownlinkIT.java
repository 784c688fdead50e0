// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.soon;
import static io.gantry.testbed.KafkaRecords.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Origin;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.UserProperty;
import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("From Kafka to devices")
@ExtendWith(SharedKafka.class)
class KafkaDownlinkIT {
    private static final Delivery NOT_NOW = new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "not now");

    private static KafkaServer kafka;
    private static KafkaRecords records;

    @BeforeAll
    static void findKafka() {
        kafka = SharedKafka.server();
        records = SharedKafka.records();
    }

    private static Harness reading(String topic, int maxInFlight, Sink devices) {
        Harness harness = new Harness(kafka.bootstrapServers());
        harness.routes.from("down", "plant", Settings.from(topic, "group-" + topic, maxInFlight), devices);
        harness.routes.start();
        harness.routes.startSources();
        return harness;
    }

    @Test
    @DisplayName("a record becomes a message with its key, headers and value, and a tombstone one without payload")
    void carriesTheRecord() {
        kafka.createTopic("carries", 1);
        ProducerRecord<byte[], byte[]> full = record("carries", "d1", "open");
        full.headers().add("site", "north".getBytes(UTF_8)).add("CamelHttpUri", "x".getBytes(UTF_8));
        records.produce(List.of(full, record("carries", null, null)));
        Devices devices = new Devices();

        try (Harness harness = reading("carries", 100, devices)) {
            soon().until(() -> devices.offers.size() >= 2);

            Message message = devices.offers.get(0).message();
            assertThat(message.topic().value()).isEqualTo("carries");
            assertThat(message.payload().asText()).isEqualTo("open");
            assertThat(message.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
            assertThat(message.origin())
                    .isEqualTo(new Origin.Endpoint(
                            "plant",
                            "d1",
                            List.of(new UserProperty("site", "north"), new UserProperty("CamelHttpUri", "x"))));
            Message tombstone = devices.offers.get(1).message();
            assertThat(tombstone.payload().isEmpty()).isTrue();
            assertThat(tombstone.origin()).isEqualTo(new Origin.Endpoint("plant", null, List.of()));
            devices.acceptAll();
            assertThat(harness.states).isNotEmpty();
        }
    }

    @Test
    @DisplayName("after a restart what was not acknowledged comes again, in order, and what was does not")
    void commitsOnlyWhatIsAcknowledged() {
        kafka.createTopic("commits", 1);
        records.produce(IntStream.range(0, 10)
                .mapToObj(i -> record("commits", "k", "" + i))
                .toList());
        Devices first = new Devices();
        try (Harness harness = reading("commits", 100, first)) {
            soon().until(() -> first.offers.size() == 10);

            // The third is still open: the fourth cannot be committed though it is acknowledged.
            for (int i : new int[] {1, 3, 0}) {
                first.answer(i, Delivery.accepted());
            }
            first.answer(9, new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "never"));
            soon().until(() -> records.committed("group-commits", "commits", 0) == 2);
            assertThat(harness.states).isNotEmpty();
        }

        Devices second = new Devices();
        try (Harness harness = reading("commits", 100, second)) {
            soon().until(() -> second.offers.size() == 8);

            assertThat(harness.states).isNotEmpty();
            assertThat(first.texts()).hasSize(10).isSorted();
            assertThat(second.texts()).containsExactly("2", "3", "4", "5", "6", "7", "8", "9");
            second.acceptAll();
        }
    }

    @Test
    @DisplayName("an acknowledgement is committed although no further record comes")
    void commitsWhenIdle() {
        kafka.createTopic("down-idle", 1);
        records.produce(List.of(record("down-idle", "k", "one")));
        Devices devices = new Devices();
        try (Harness harness = reading("down-idle", 100, devices)) {
            soon().until(() -> devices.offers.size() == 1);

            devices.answer(0, Delivery.accepted());

            soon().until(() -> records.committed("group-down-idle", "down-idle", 0) == 1);
            assertThat(harness.states).isNotEmpty();
        }
    }

    @Test
    @DisplayName(
            "what is unavailable is offered again with the same identity until it is taken, and holds later ones up")
    void offersAgain() {
        kafka.createTopic("again", 1);
        records.produce(List.of(record("again", "k", "0"), record("again", "k", "1")));
        Devices devices = new Devices();
        try (Harness harness = reading("again", 100, devices)) {
            soon().until(() -> devices.offers.size() == 2);
            devices.answer(0, NOT_NOW);
            devices.answer(1, Delivery.accepted());
            soon().until(() -> devices.offers.size() == 3);
            devices.answer(2, NOT_NOW);
            records.produce(List.of(record("again", "k", "2")));
            soon().until(() -> devices.offers.size() == 4);
            devices.answer(3, Delivery.accepted());
            soon().until(() -> devices.offers.size() == 5);

            assertThat(devices.texts()).containsExactly("0", "1", "0", "0", "2");
            assertThat(devices.offers.get(3).message().id())
                    .isEqualTo(devices.offers.get(0).message().id());
            soon().until(() -> records.committed("group-again", "again", 0) == 2);
            assertThat(harness.states).isNotEmpty();
        }
    }

    @Test
    @DisplayName("no more than max-in-flight are handed on before the first are acknowledged")
    void waitsWhenFull() {
        kafka.createTopic("full", 2);
        records.produce(IntStream.range(0, 20)
                .mapToObj(i -> record("full", "k" + i, "" + i))
                .toList());
        Devices devices = new Devices();
        try (Harness harness = reading("full", 3, devices)) {
            soon().until(() -> devices.offers.size() == 3);

            for (int done = 0; done < 20; done++) {
                int answered = done;
                soon().until(() -> devices.offers.size() > answered);
                assertThat(devices.offers.size() - answered).isLessThanOrEqualTo(3);
                devices.answer(answered, Delivery.accepted());
            }

            assertThat(devices.offers).hasSize(20);
            assertThat(harness.states).isNotEmpty();
        }
    }

    @Test
    @DisplayName("a record that nobody acknowledges does not hold up those after it while there is room")
    void readsOnWhileOneWaits() {
        kafka.createTopic("one-waits", 1);
        records.produce(List.of(record("one-waits", "k", "0")));
        Devices devices = new Devices();
        try (Harness harness = reading("one-waits", 100, devices)) {
            soon().until(() -> devices.offers.size() == 1);

            records.produce(List.of(record("one-waits", "k", "1")));

            soon().until(() -> devices.texts().equals(List.of("0", "1")));
            devices.acceptAll();
            assertThat(harness.states).isNotEmpty();
        }
    }

    @Test
    @DisplayName("reading goes on after Kafka was killed and restarted, and nothing is skipped")
    void survivesAKill() {
        kafka.createTopic("survives", 1);
        records.produce(List.of(record("survives", "k", "before")));
        Devices devices = new Devices();
        try (Harness harness = reading("survives", 100, devices)) {
            soon().until(() -> devices.offers.size() == 1);

            kafka.kill();
            devices.answer(0, Delivery.accepted());
            kafka.restart();
            records.produce(List.of(record("survives", "k", "after")));

            soon().until(() -> devices.texts().contains("after"));
            soon().until(() -> {
                devices.acceptAll(); // at least once: a new assignment may bring both of them again
                return records.committed("group-survives", "survives", 0) == 2;
            });
            assertThat(harness.states).isNotEmpty();
        }
    }

    @Test
    @DisplayName("records of one partition come in their order, whatever happens in the others")
    void keepsTheOrderOfAPartition() {
        kafka.createTopic("sorted", 3);
        int count = 3_000;
        records.produce(IntStream.range(0, count)
                .mapToObj(i -> record("sorted", "k" + i % 30, "" + i))
                .toList());
        Map<String, List<Integer>> taken = new ConcurrentHashMap<>();
        AtomicInteger answered = new AtomicInteger();
        Sink devices = (message, acknowledgement) -> {
            String key = ((Origin.Endpoint) message.origin()).key();
            taken.computeIfAbsent(String.valueOf(key), first -> new CopyOnWriteArrayList<>())
                    .add(Integer.valueOf(message.payload().asText()));
            answered.incrementAndGet();
            acknowledgement.complete(Delivery.accepted());
        };

        try (Harness harness = reading("sorted", 100, devices)) {
            soon().until(() -> answered.get() == count);
            assertThat(harness.states).isNotEmpty();
        }
        assertThat(taken).hasSize(30);
        assertThat(taken.values())
                .allSatisfy(numbers -> assertThat(numbers).hasSize(count / 30).isSorted());
    }

    @Test
    @DisplayName("a backlog of 100,000 records is read to its end")
    void readsABacklog() {
        int count = 100_000;
        kafka.createTopic("backlog", 4);
        records.produce(IntStream.range(0, count)
                .mapToObj(i -> record("backlog", "k" + i, "" + i))
                .toList());
        Set<String> taken = ConcurrentHashMap.newKeySet();
        Sink devices = (message, acknowledgement) -> {
            taken.add(message.payload().asText());
            acknowledgement.complete(Delivery.accepted());
        };

        try (Harness harness = reading("backlog", 1_000, devices)) {
            soon().until(() -> taken.size() == count);
            assertThat(harness.states).isNotEmpty();
        }
    }
}

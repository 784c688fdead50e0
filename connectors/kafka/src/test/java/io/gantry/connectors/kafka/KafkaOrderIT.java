// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.deliverAccepted;
import static io.gantry.connectors.kafka.Harness.message;
import static io.gantry.connectors.kafka.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Target;
import io.gantry.api.TopicPattern;
import io.gantry.api.settings.ByteSize;
import io.gantry.testbed.KafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Messages that are sent to Kafka without waiting for each other")
@ExtendWith(SharedKafka.class)
class KafkaOrderIT {
    private static final TopicPattern TELEMETRY = TopicPattern.fromText("sensors/{site}/{device}/telemetry");
    private static final int FROZEN_COUNT = 6_000;
    private static final int KILLED_COUNT = 4_000;

    private static KafkaServer kafka;

    @BeforeAll
    static void findKafka() {
        kafka = SharedKafka.server();
    }

    /** Gives a record up after three seconds, as a real one does after minutes; small batches, so that many wait. */
    private static KafkaEndpointSettings impatient() {
        KafkaEndpointSettings settings =
                Settings.endpoint(kafka.bootstrapServers(), ByteSize.fromText("1MiB"), Duration.ofSeconds(3));
        return new KafkaEndpointSettings(
                settings.brokers(),
                settings.clientId(),
                settings.compression(),
                settings.linger(),
                ByteSize.fromText("1KiB"),
                settings.buffer(),
                settings.deliveryTimeout(),
                settings.requestTimeout(),
                settings.maxRequestSize(),
                settings.cursorTopic(),
                null,
                null,
                Map.of());
    }

    @Test
    @DisplayName(
            "[D9] keep their order, none is lost, and none is in another's Kafka topic, when Kafka is frozen for longer"
                    + " than a record may take")
    void frozen() {
        kafka.createTopic("frozen", 4);
        kafka.createTopic("elsewhere", 4);
        try (Harness harness = new Harness(impatient())) {
            Target target =
                    harness.routes.to("frozen", "plant", Settings.to("frozen", "{device}", Map.of()), TELEMETRY);
            Target elsewhere =
                    harness.routes.to("elsewhere", "plant", Settings.to("elsewhere", "{device}", Map.of()), TELEMETRY);
            harness.routes.start();
            deliverAccepted(target.sink(), message("first", "sensors/x/first/telemetry", "-1"));
            try (PipeliningSender sender = new PipeliningSender(target.sink(), "", FROZEN_COUNT);
                    PipeliningSender other = new PipeliningSender(elsewhere.sink(), "other ", FROZEN_COUNT)) {
                for (int outage = 1; outage <= 3; outage++) {
                    int before = sender.failures();
                    int enough = sender.accepted() + 500;
                    soon().until(() -> sender.accepted() >= enough);

                    kafka.pause();
                    soon().until(() -> sender.failures() > before);
                    kafka.resume();
                }
                soon().until(() -> sender.accepted() == FROZEN_COUNT);
                soon().until(() -> other.accepted() == FROZEN_COUNT);
            }
            assertThat(target.keepsOrder()).isTrue();
        }
        assertFirstOccurrencesAreInOrder("frozen", "", FROZEN_COUNT);
        assertFirstOccurrencesAreInOrder("elsewhere", "other ", FROZEN_COUNT);
    }

    @Test
    @DisplayName("keep their order, and none is lost, when Kafka is killed and comes back later than a record may take")
    void killed() {
        kafka.createTopic("order-killed", 4);
        try (Harness harness = new Harness(impatient())) {
            Target target = harness.routes.to(
                    "order-killed", "plant", Settings.to("order-killed", "{device}", Map.of()), TELEMETRY);
            harness.routes.start();
            deliverAccepted(target.sink(), message("first", "sensors/x/first/telemetry", "-1"));
            try (PipeliningSender sender = new PipeliningSender(target.sink(), "", KILLED_COUNT)) {
                soon().until(() -> sender.accepted() >= 500);

                kafka.kill();
                soon().until(() -> sender.failures() > 0);
                kafka.restart();

                soon().until(() -> sender.accepted() == KILLED_COUNT);
            }
        }
        assertFirstOccurrencesAreInOrder("order-killed", "", KILLED_COUNT);
    }

    @Test
    @DisplayName("go on in the same producer when one of them is too large")
    void tooLarge() {
        kafka.createTopic("order-large", 1);
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Target target = harness.routes.to("order-large", "plant", Settings.to("order-large"), TELEMETRY);
            harness.routes.start();
            deliverAccepted(target.sink(), message("d", "sensors/x/d/telemetry", "first"));
            Outcomes outcomes = new Outcomes();

            for (int i = 0; i < 1_000; i++) {
                String text = i == 500 ? "x".repeat(2 << 20) : "" + i;
                target.sink().offer(message("d", "sensors/x/d/telemetry", text), outcomes);
            }

            soon().until(() -> outcomes.count() == 1_000);
            assertThat(outcomes.all())
                    .filteredOn(Delivery.Rejected.class::isInstance)
                    .hasSize(1);
            assertThat(outcomes.all()).filteredOn(Delivery.accepted()::equals).hasSize(999);
        }
    }

    /** A record may come again after a failure, but none for the first time before an earlier one of its device. */
    private static void assertFirstOccurrencesAreInOrder(String topic, String prefix, int count) {
        List<Integer> numbers = SharedKafka.records().consumeTexts(topic).stream()
                .map(text -> {
                    assertThat(text).startsWith(prefix);
                    return Integer.valueOf(text.substring(prefix.length()));
                })
                .filter(number -> number >= 0)
                .distinct()
                .toList();
        assertThat(numbers).as("nothing is lost").hasSize(count);
        IntStream.range(0, PipeliningSender.DEVICES)
                .forEach(device -> assertThat(numbers.stream().filter(n -> n % PipeliningSender.DEVICES == device))
                        .isSorted());
    }
}

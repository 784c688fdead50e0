// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.deliver;
import static io.gantry.connectors.kafka.Harness.deliverAccepted;
import static io.gantry.connectors.kafka.Harness.message;
import static io.gantry.connectors.kafka.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.api.settings.ByteSize;
import io.gantry.testbed.KafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A Kafka topic that does not exist, in a Kafka that makes none by itself")
@ExtendWith(SharedKafka.class)
class MissingTopicIT {
    private static final TopicPattern TELEMETRY = TopicPattern.fromText("sensors/{site}/{device}/telemetry");
    private static final Delivery MISSING = new Delivery.Unavailable(
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the Kafka topic does not exist", Retry.whenMended());

    @Test
    @DisplayName("parks its own route and no other, until somebody has made it")
    void parks() {
        KafkaServer kafka = SharedKafka.server();
        try (Harness harness = new Harness(
                Settings.endpoint(kafka.bootstrapServers(), ByteSize.fromText("1MiB"), Duration.ofMillis(800)))) {
            kafka.createTopic("is-there", 1);
            List<Sink> missing = IntStream.range(0, 4)
                    .mapToObj(i -> to(harness, "missing-" + i))
                    .toList();
            Sink there = to(harness, "is-there");
            harness.routes.start();

            soon().untilAsserted(() ->
                    assertThat(missing.stream().map(MissingTopicIT::offer)).containsOnly(MISSING));
            deliverAccepted(there, message("d", "sensors/x/d/telemetry", "x"));

            kafka.createTopic("missing-3", 1);
            soon().until(() -> offer(missing.get(3)).equals(Delivery.accepted()));
            assertThat(offer(missing.get(0))).isEqualTo(MISSING);
            soon().until(() -> offer(there).equals(Delivery.accepted()));
        }
    }

    @Test
    @DisplayName("parks a route that writes exactly once, whose other messages do not wait for it one by one")
    void parksExactlyOnce() {
        KafkaServer kafka = SharedKafka.server();
        KafkaEndpointSettings impatient =
                Settings.endpoint(kafka.bootstrapServers(), ByteSize.fromText("1MiB"), Duration.ofSeconds(5));
        try (ExactlyOnceLane lane = new ExactlyOnceLane(impatient, "missing")) {
            assertThat(lane.recovered(ExactlyOnceLane.JOURNAL)).isEmpty();
            assertThat(lane.transactions.begin()).isEqualTo(Delivery.accepted());
            List<Delivery> outcomes = lane.offer(0, 1_000);
            lane.transactions.abort();

            assertThat(outcomes.get(0)).isEqualTo(MISSING);
            assertThat(outcomes).hasOnlyElementsOfType(Delivery.Unavailable.class);
            kafka.createTopic("missing", 1);
            assertThat(lane.recovered(ExactlyOnceLane.JOURNAL)).isEmpty();
            lane.deliver(0, 1_000);
        }
    }

    private static Sink to(Harness harness, String topic) {
        return harness.routes.to(topic, "plant", Settings.to(topic), TELEMETRY).sink();
    }

    private static Delivery offer(Sink sink) {
        return deliver(sink, message("d", "sensors/x/d/telemetry", "x"));
    }
}

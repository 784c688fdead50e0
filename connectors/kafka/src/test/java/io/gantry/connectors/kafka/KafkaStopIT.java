// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.deliverAccepted;
import static io.gantry.connectors.kafka.Harness.message;
import static io.gantry.connectors.kafka.Harness.soon;
import static io.gantry.testbed.KafkaRecords.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.testbed.KafkaServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A gateway that stops while Kafka does not answer")
@ExtendWith(SharedKafka.class)
class KafkaStopIT {

    @Test
    @DisplayName(
            "is done in a bounded time although a record is still open, and each message to Kafka still gets exactly"
                    + " one answer: unavailable")
    void stops() {
        KafkaServer kafka = SharedKafka.server();
        kafka.createTopic("stops", 1);
        kafka.createTopic("stops-up", 1);
        SharedKafka.records().produce(List.of(record("stops", "k", "0"), record("stops", "k", "1")));
        Devices devices = new Devices();
        List<Delivery> outcomes = new CopyOnWriteArrayList<>();
        Harness harness = new Harness(kafka.bootstrapServers());
        harness.routes.from("down", "plant", Settings.from("stops", "group-stops"), devices);
        Sink sink = harness.routes
                .to("up", "plant", Settings.to("stops-up"), TopicPattern.fromText("sensors/#"))
                .sink();
        harness.routes.start();
        harness.routes.startSources();
        deliverAccepted(sink, message("d", "sensors/d", "before"));
        soon().until(() -> devices.offers.size() == 2);
        kafka.pause();
        long start = System.nanoTime();
        try {
            devices.answer(0, Delivery.accepted());
            for (int i = 0; i < 100; i++) {
                sink.offer(message("d", "sensors/d", "" + i), outcomes::add);
            }

            harness.close();
        } finally {
            kafka.resume();
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("far less than Kafka's own patience")
                .isLessThan(Duration.ofMinutes(1));
        assertThat(outcomes).hasSize(100).hasOnlyElementsOfType(Delivery.Unavailable.class);
    }
}

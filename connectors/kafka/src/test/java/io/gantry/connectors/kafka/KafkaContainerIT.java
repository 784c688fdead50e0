// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.deliverAccepted;
import static io.gantry.connectors.kafka.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.testbed.KafkaRecords;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

@Testcontainers(disabledWithoutDocker = true)
@DisplayName("With the Kafka of the official image (needs Docker)")
class KafkaContainerIT {

    @Container
    private static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka-native:4.1.0");

    @Test
    @DisplayName("a message that was accepted is in Kafka")
    void delivers() {
        try (Harness harness = new Harness(KAFKA.getBootstrapServers())) {
            Sink sink = harness.routes
                    .to(
                            "telemetry",
                            "plant",
                            Settings.to("telemetry", "{client}", Map.of()),
                            TopicPattern.fromText("sensors/#"))
                    .sink();
            harness.routes.start();

            deliverAccepted(sink, message("d1", "sensors/d1", "21.5"));

            assertThat(KafkaRecords.at(KAFKA.getBootstrapServers()).consumeTexts("telemetry"))
                    .containsExactly("21.5");
        }
    }
}

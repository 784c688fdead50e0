// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.deliver;
import static io.gantry.connectors.kafka.Harness.deliverAccepted;
import static io.gantry.connectors.kafka.Harness.message;
import static io.gantry.connectors.kafka.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.api.settings.ByteSize;
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.testbed.KafkaServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A Kafka that is silent")
@ExtendWith(SharedKafka.class)
class KafkaSilentIT {
    private static final int HALF_OF_THE_BUFFER = 500_000;
    private static final Duration ONE_WAIT = Duration.ofSeconds(1);

    /** Far above what the gateway has a send wait, and below what Kafka's client would. */
    private static final Duration TOO_LONG = Duration.ofSeconds(45);

    private static Sink sink(Harness harness, String topic) {
        Sink sink = harness.routes
                .to(topic, "plant", Settings.to(topic), TopicPattern.fromText("sensors/#"))
                .sink();
        harness.routes.start();
        return sink;
    }

    private static void assertIsForSoon(Delivery outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                        .isEqualTo(Retry.soon()));
    }

    @Test
    @DisplayName("[D4] and takes connections without a word costs one wait, after which messages are told at once")
    void neverAnswers() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Harness harness = new Harness(
                        Settings.endpoint("127.0.0.1:" + mute.getLocalPort(), ByteSize.fromText("1MiB"), ONE_WAIT))) {
            Sink sink = sink(harness, "mute");
            assertIsForSoon(deliver(sink, message("d", "sensors/d", "first")));
            long start = System.nanoTime();

            for (int i = 0; i < 100; i++) {
                assertIsForSoon(deliver(sink, message("d", "sensors/d", "later")));
            }

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("not one wait for each")
                    .isLessThan(ONE_WAIT.multipliedBy(50));
            assertThat(harness.states).containsOnly(State.WAITING);
        }
    }

    @Test
    @DisplayName(
            "[D10] until the buffer of its client is full is for later, in bounded time; all is there once it answers")
    void fullBuffer() {
        KafkaServer kafka = SharedKafka.server();
        kafka.createTopic("full-buffer", 1);
        try (Harness harness = new Harness(withBuffer(kafka, "1MiB"))) {
            Sink sink = sink(harness, "full-buffer");
            deliverAccepted(sink, message("d", "sensors/d", "first"));
            List<Message> messages = IntStream.range(0, 3)
                    .mapToObj(i -> message("d", "sensors/d", ("" + i).repeat(HALF_OF_THE_BUFFER)))
                    .toList();
            Outcomes buffered = new Outcomes();

            kafka.pause();
            try {
                sink.offer(messages.get(0), buffered);
                sink.offer(messages.get(1), buffered);
                long start = System.nanoTime();
                assertIsForSoon(deliver(sink, messages.get(2)));
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TOO_LONG);
                assertThat(buffered.all()).doesNotContain(Delivery.accepted());
            } finally {
                kafka.resume();
            }

            soon().until(() -> buffered.count() == 2);
            messages.forEach(message -> deliverAccepted(sink, message));
        }
        assertThat(SharedKafka.records().consumeTexts("full-buffer"))
                .extracting(text -> text.substring(0, 1))
                .contains("0", "1", "2");
    }

    private static KafkaEndpointSettings withBuffer(KafkaServer kafka, String buffer) {
        KafkaEndpointSettings settings = Settings.endpoint(kafka.bootstrapServers());
        return new KafkaEndpointSettings(
                settings.brokers(),
                settings.clientId(),
                settings.compression(),
                settings.linger(),
                settings.batchSize(),
                ByteSize.fromText(buffer),
                settings.deliveryTimeout(),
                settings.requestTimeout(),
                ByteSize.fromText("768KiB"),
                settings.cursorTopic(),
                null,
                null,
                Map.of(),
                null);
    }
}

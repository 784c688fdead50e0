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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A Kafka of two brokers")
class KafkaClusterIT {
    private static final TopicPattern TELEMETRY = TopicPattern.fromText("sensors/{site}/{device}/telemetry");

    /** What goes on between two harms. */
    private static final int SOME = 200;

    private static TwoBrokers kafka;

    @BeforeAll
    static void start() {
        kafka = TwoBrokers.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    @DisplayName(
            "[D2] of which one is killed and started, then the other stopped and started, gets each message once, in"
                    + " its device's order, and refuses none")
    void leadersChange() {
        kafka.createTopic("rolling", 4, 1);
        int count;
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Sink sink = sink(harness, "rolling");
            deliverAccepted(sink, message("first", "sensors/x/first/telemetry", "-1"));
            try (PipeliningSender sender = new PipeliningSender(sink, "", Integer.MAX_VALUE)) {
                awaitSome(sender);
                soon().until(() -> kafka.isLedBy(2, "rolling", 2));

                kafka.second.kill();
                soon().until(() -> kafka.isLedBy(1, "rolling", 1));
                awaitSome(sender);
                kafka.second.restart();
                soon().until(() -> kafka.isInSync("rolling", 2));

                // without the controller the other may not confirm: it cannot say that this replica is gone
                kafka.first.stop();
                kafka.first.restart();
                soon().until(() -> kafka.isInSync("rolling", 2));
                awaitSome(sender);

                count = sender.finish();
                soon().until(() -> sender.accepted() == count);
                assertThat(sender.failures()).isZero();
            }
        }
        List<Integer> numbers = kafka.records().consumeTexts("rolling").stream()
                .map(Integer::valueOf)
                .filter(number -> number >= 0)
                .toList();
        assertThat(numbers.stream().sorted().toList())
                .isEqualTo(IntStream.range(0, count).boxed().toList());
        IntStream.range(0, PipeliningSender.DEVICES)
                .forEach(device -> assertThat(numbers.stream().filter(n -> n % PipeliningSender.DEVICES == device))
                        .isSorted());
    }

    @Test
    @DisplayName("[D3] of which too few are in sync takes nothing for now, and everything once there are enough again")
    void tooFewInSync() {
        kafka.createTopic("min-isr", 1, 2);
        KafkaEndpointSettings impatient =
                Settings.endpoint(kafka.bootstrapServers(), ByteSize.fromText("1MiB"), Duration.ofSeconds(2));
        try (Harness harness = new Harness(impatient)) {
            Sink sink = sink(harness, "min-isr");
            deliverAccepted(sink, message("d", "sensors/x/d/telemetry", "before"));

            kafka.second.pause();
            Message message = message("d", "sensors/x/d/telemetry", "while");
            try {
                soon().until(() -> kafka.isLedBy(1, "min-isr", 1));
                assertThat(deliver(sink, message))
                        .isInstanceOfSatisfying(Delivery.Unavailable.class, refused -> assertThat(refused.retry())
                                .isEqualTo(Retry.soon()));
            } finally {
                kafka.second.resume();
            }

            deliverAccepted(sink, message);
        }
        assertThat(kafka.records().consumeTexts("min-isr")).contains("before", "while");
    }

    private static Sink sink(Harness harness, String topic) {
        Sink sink = harness.routes
                .to(topic, "plant", Settings.to(topic, "{device}", Map.of()), TELEMETRY)
                .sink();
        harness.routes.start();
        return sink;
    }

    private static void awaitSome(PipeliningSender sender) {
        int enough = sender.accepted() + SOME;
        soon().until(() -> sender.accepted() >= enough);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.deliver;
import static io.gantry.connectors.kafka.Harness.message;
import static io.gantry.connectors.kafka.Harness.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A request to Kafka")
@ExtendWith(SharedKafka.class)
class KafkaReplyIT {
    private static final TopicPattern ALL = TopicPattern.fromText("ask/#");

    private static Sink asking(Harness harness, String topic, Duration timeout) {
        return harness.routes
                .to("ask", "plant", Settings.asking(topic, topic + "-answers", timeout), ALL)
                .sink();
    }

    private static void offer(Sink sink, String text, Outcomes outcomes) {
        sink.offer(message("d", "ask/d", text), outcomes);
    }

    private static void answer(ConsumerRecord<byte[], byte[]> request) {
        KafkaRecords records = SharedKafka.records();
        ProducerRecord<byte[], byte[]> answer = new ProducerRecord<>(
                new String(request.headers().lastHeader("kafka_replyTopic").value(), UTF_8),
                null,
                ("answer to " + new String(request.value(), UTF_8)).getBytes(UTF_8));
        answer.headers()
                .add(
                        "kafka_correlationId",
                        request.headers().lastHeader("kafka_correlationId").value())
                .add("mqtt-content-type", "text/plain".getBytes(UTF_8));
        records.produce(List.of(answer));
    }

    private static List<ConsumerRecord<byte[], byte[]>> requests(String topic) {
        return SharedKafka.records().consumeAll(topic);
    }

    @Test
    @DisplayName("is answered by whoever repeats its correlation id, in any order, while others wait")
    void answered() {
        KafkaServer kafka = SharedKafka.server();
        kafka.createTopic("asked", 1);
        kafka.createTopic("asked-answers", 3);
        Outcomes first = new Outcomes();
        Outcomes second = new Outcomes();
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Sink sink = asking(harness, "asked", Duration.ofMinutes(5));
            harness.routes.start();
            // What comes before answers can be read is refused for now.
            soon().until(() -> {
                offer(sink, "one", first);
                return !requests("asked").isEmpty();
            });
            offer(sink, "two", second);
            soon().until(() ->
                    requests("asked").stream().anyMatch(request -> new String(request.value(), UTF_8).equals("two")));
            List<ConsumerRecord<byte[], byte[]>> asked = requests("asked");

            answer(asked.get(asked.size() - 1));

            soon().until(() -> second.count() == 1);
            assertThat(first.all()).noneMatch(Delivery.Accepted.class::isInstance);
            assertThat(second.all().get(0)).isInstanceOfSatisfying(Delivery.Accepted.class, accepted -> {
                Answer answer = Objects.requireNonNull(accepted.answer());
                assertThat(answer.payload().asText()).isEqualTo("answer to two");
                assertThat(answer.properties().contentType()).isEqualTo("text/plain");
            });
            answer(asked.get(0));
            soon().until(() -> first.all().stream().anyMatch(Delivery.Accepted.class::isInstance));
            Set<String> ids = new HashSet<>();
            asked.forEach(request -> ids.add(new String(
                    request.headers().lastHeader("kafka_correlationId").value(), UTF_8)));
            assertThat(ids).hasSameSizeAs(asked).allMatch(id -> id.startsWith("gateway1-"));
        }
    }

    @Test
    @DisplayName(
            "that nobody answers in time is delivered without an answer, and a late one disturbs nobody and is counted")
    void late() {
        KafkaServer kafka = SharedKafka.server();
        kafka.createTopic("ignored", 1);
        kafka.createTopic("ignored-answers", 1);
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Sink sink = asking(harness, "ignored", Duration.ofMillis(300));
            harness.routes.start();

            soon().until(() -> deliver(sink, message("d", "ask/d", "x")).equals(Delivery.accepted()));

            answer(requests("ignored").get(0));
            soon().until(() -> harness.routes.endpointCounts().equals(Map.of("plant", Map.of("answered-nobody", 1L))));
            soon().until(() -> deliver(sink, message("d", "ask/d", "y")).equals(Delivery.accepted()));
        }
    }

    @Test
    @DisplayName("is not sent while its answer could not be read, as when the Kafka topic for answers is missing")
    void noWayBack() {
        KafkaServer kafka = SharedKafka.server();
        kafka.createTopic("one-way", 1);
        try (Harness harness = new Harness(kafka.bootstrapServers())) {
            Sink sink = asking(harness, "one-way", Duration.ofSeconds(5));
            harness.routes.start();

            assertThat(deliver(sink, message("d", "ask/d", "x"))).isInstanceOf(Delivery.Unavailable.class);
            assertThat(requests("one-way")).isEmpty();

            kafka.createTopic("one-way-answers", 1);
            Outcomes outcomes = new Outcomes();
            soon().until(() -> {
                offer(sink, "x", outcomes);
                return !requests("one-way").isEmpty();
            });
        }
    }

    @Test
    @DisplayName("needs a Kafka topic for answers, and a time")
    void settings() {
        assertThatThrownBy(() -> Settings.asking("t", null, Duration.ofSeconds(1)))
                .hasMessage("must name a Kafka topic when reply is true, was null");
        assertThatThrownBy(() -> Settings.asking("t", "a/b", Duration.ofSeconds(1)))
                .hasMessageContaining("must name a Kafka topic");
        assertThatThrownBy(() -> Settings.asking("t", "a", Duration.ZERO)).hasMessage("must be 10ms to 1h, was 0s");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import com.sun.management.OperatingSystemMXBean;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.TopicPattern;
import io.gantry.testbed.KafkaServer;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Measures what a message costs on its way through a route into a real Kafka, beside the same records through a bare
 * producer: CPU time of this process in microseconds per message. Not a test; run by hand with the number of messages.
 */
final class RouteCost {
    private static final int IN_FLIGHT = 20_000;
    private static final int DEVICES = 50;
    private static final TopicPattern PATTERN = TopicPattern.fromText("bench/{device}/x");
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final int count;
    private final Message[] messages = new Message[DEVICES];
    private final Semaphore room = new Semaphore(IN_FLIGHT);

    private RouteCost(int count) {
        this.count = count;
        for (int i = 0; i < DEVICES; i++) {
            messages[i] = new Message(
                    Harness.IDS.next(),
                    new TopicName("bench/device-" + i + "/x"),
                    Payload.owning(new byte[128]),
                    Qos.AT_LEAST_ONCE,
                    false,
                    MessageProperties.NONE,
                    new Origin.Device(new ClientId("device-" + i), null),
                    0);
        }
    }

    public static void main(String[] arguments) {
        RouteCost cost = new RouteCost(Integer.parseInt(arguments[0]));
        try (KafkaServer kafka = KafkaServer.start()) {
            kafka.createTopic("bench", 4);
            for (int run = 0; run < 4; run++) {
                cost.bare(kafka.bootstrapServers());
                cost.routed(kafka.bootstrapServers(), "{client}");
                cost.routed(kafka.bootstrapServers(), "{device}");
            }
        }
    }

    private void bare(String brokers) {
        Map<String, Object> settings = new ClientSettings("bare", Settings.endpoint(brokers)).producer();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            measure("bare producer", message -> {
                byte[] key =
                        ((Origin.Device) message.origin()).clientId().value().getBytes(StandardCharsets.UTF_8);
                Future<RecordMetadata> unused = producer.send(
                        new ProducerRecord<>("bench", key, message.payload().sharedBytes()),
                        (metadata, failure) -> room.release());
            });
        }
    }

    private void routed(String brokers, String key) {
        try (Harness harness = new Harness(brokers)) {
            Sink sink = harness.routes
                    .to("bench", "plant", Settings.to("bench", key, Map.of()), PATTERN)
                    .sink();
            harness.routes.start();
            measure("route, key " + key, message -> sink.offer(message, this::confirmed));
        }
    }

    private void confirmed(Delivery delivery) {
        if (!delivery.equals(Delivery.accepted())) {
            throw new IllegalStateException(delivery.toString());
        }
        room.release();
    }

    private void measure(String what, Consumer<Message> send) {
        long startNanos = System.nanoTime();
        long startCpu = PROCESS.getProcessCpuTime();
        for (int i = 0; i < count; i++) {
            room.acquireUninterruptibly();
            send.accept(messages[i % DEVICES]);
        }
        room.acquireUninterruptibly(IN_FLIGHT);
        room.release(IN_FLIGHT);
        double cpu = (PROCESS.getProcessCpuTime() - startCpu) / 1e3 / count;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf("%-22s %.2f us CPU per message, %,.0f messages/s%n", what, cpu, count / seconds);
    }
}

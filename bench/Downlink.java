// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Records for devices; {@code down.py} compiles and runs it. A record's key is {@code d} and the number of a device; its
 * value begins with what the loader looks at: device, sequence, time (8 bytes each, the lowest byte first).
 *
 * <pre>
 *   Downlink fill BROKERS TOPIC COUNT SIZE DEVICES   writes COUNT records in a transaction, says so, and commits when told to
 *   Downlink read BROKERS TOPIC COUNT                reads them as the client library alone does: the floor
 * </pre>
 */
public class Downlink {

    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[3]);
        if (arguments[0].equals("fill")) {
            fill(arguments[1], arguments[2], count, Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
        } else {
            read(arguments[1], arguments[2], count);
        }
    }

    private static void fill(String brokers, String topic, int count, int size, int devices)
            throws IOException {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", brokers, "transactional.id", topic, "transaction.timeout.ms", 600_000, "linger.ms", 5,
                "batch.size", 65_536);
        AtomicReference<Exception> failed = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < count; i++) {
                ByteBuffer value = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
                value.putLong(i % devices).putLong(i / devices).putLong(System.nanoTime());
                byte[] key = ("d" + i % devices).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topic, key, value.array()), (metadata, failure) -> {
                    if (failure != null) {
                        failed.set(failure);
                    }
                });
            }
            producer.flush();
            System.out.println("filled");
            System.in.read();
            producer.commitTransaction();
        }
        if (failed.get() != null) {
            throw new IllegalStateException(failed.get());
        }
    }

    private static void read(String brokers, String topic, int count) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", brokers, "enable.auto.commit", false, "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long begun = System.nanoTime();
            int read = 0;
            while (read < count && System.nanoTime() - begun < Duration.ofMinutes(10).toNanos()) {
                read += consumer.poll(Duration.ofMillis(500)).count();
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf("records=%d seconds=%.2f per_second=%.0f%n", read, seconds, read / seconds);
        }
    }
}

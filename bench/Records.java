// SPDX-License-Identifier: Apache-2.0

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Looks at what has reached Kafka; {@code outbox.py} compiles and runs it. A record's key is the
 * Client Identifier; its value begins with the loader's header: client, sequence, send time (ns of the clock that
 * {@code System.nanoTime} reads), 8 bytes each, the lowest byte first.
 *
 * <pre>
 *   Records latency BROKERS TOPIC COUNT   from now on: how long COUNT records took from the loader to a consumer
 *   Records check BROKERS TOPIC           all of them: distinct, repeated, missing, out of order for their device
 *   Records watch BROKERS TOPIC           for ever: milliseconds of the clock and how many there are, twice a second
 * </pre>
 */
public class Records {
    private static final Duration POLL = Duration.ofMillis(100);

    public static void main(String[] arguments) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", arguments[1]);
        settings.put("isolation.level", "read_committed");
        settings.put("fetch.max.wait.ms", "5");
        settings.put("default.api.timeout.ms", "5000");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(arguments[2]).stream()
                    .map(info -> new TopicPartition(arguments[2], info.partition()))
                    .toList();
            consumer.assign(partitions);
            switch (arguments[0]) {
                case "latency" -> latency(consumer, Integer.parseInt(arguments[3]));
                case "check" -> check(consumer, partitions);
                case "watch" -> watch(consumer, partitions);
                default -> throw new IllegalArgumentException("neither latency, check nor watch: " + arguments[0]);
            }
        }
    }

    private static ByteBuffer header(ConsumerRecord<String, byte[]> message) {
        return ByteBuffer.wrap(message.value()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void latency(KafkaConsumer<String, byte[]> consumer, int count) {
        consumer.seekToEnd(consumer.assignment());
        consumer.assignment().forEach(consumer::position);
        System.out.println("reading");
        long[] nanos = new long[count];
        int read = 0;
        while (read < count) {
            for (ConsumerRecord<String, byte[]> message : consumer.poll(POLL)) {
                if (read < count) {
                    nanos[read++] = System.nanoTime() - header(message).getLong(16);
                }
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                "records=%d p50_ms=%.2f p99_ms=%.2f p999_ms=%.2f max_ms=%.2f%n",
                count,
                nanos[count / 2] / 1e6,
                nanos[(int) (count * 0.99)] / 1e6,
                nanos[(int) (count * 0.999)] / 1e6,
                nanos[count - 1] / 1e6);
    }

    /** What is known of one device. */
    private static class Device {
        final BitSet seen = new BitSet();
        long highest = -1;
    }

    private static void check(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
        Map<String, Device> devices = new HashMap<>();
        long records = 0;
        long repeated = 0;
        long disordered = 0;
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < end.get(partition))) {
            for (ConsumerRecord<String, byte[]> message : consumer.poll(POLL)) {
                records++;
                Device device = devices.computeIfAbsent(message.key(), key -> new Device());
                long sequence = header(message).getLong(8);
                if (device.seen.get((int) sequence)) {
                    repeated++;
                } else if (sequence < device.highest) {
                    disordered++;
                }
                device.seen.set((int) sequence);
                device.highest = Math.max(device.highest, sequence);
            }
        }
        long missing = devices.values().stream()
                .mapToLong(device -> device.highest + 1 - device.seen.cardinality())
                .sum();
        System.out.printf(
                "devices=%d records=%d distinct=%d repeated=%d missing_between=%d out_of_order=%d%n",
                devices.size(), records, records - repeated, repeated, missing, disordered);
    }

    private static void watch(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                long records = consumer.endOffsets(partitions).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                System.out.println(System.currentTimeMillis() + " " + records);
            } catch (TimeoutException away) {
                System.out.println(System.currentTimeMillis() + " away");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(500_000_000);
        }
    }
}

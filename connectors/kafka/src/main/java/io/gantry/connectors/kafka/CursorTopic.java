// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compacted Kafka topic of one partition in which each exactly-once target keeps its cursor, under its transactional
 * id. Every method waits a bounded time; what Kafka refuses is thrown as Kafka's own exception.
 */
final class CursorTopic {
    private static final Logger LOG = LoggerFactory.getLogger(CursorTopic.class);
    private static final String TRANSACTION_VERSION = "transaction.version";
    private static final int LEAST_TRANSACTION_VERSION = 2;
    private static final long AFTERWARDS_MILLIS = 1_000;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long READ_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int FIRST_WINDOW = 1_000;
    private static final int WINDOW_GROWTH = 10;

    /** Rewritten with each commit, so that all but the newest few of it would otherwise be history. */
    private static final Map<String, String> CONFIGS = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.SEGMENT_BYTES_CONFIG,
            String.valueOf(16 << 20),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1");

    private final ClientSettings clients;
    private final String route;
    private final TopicPartition partition;

    CursorTopic(ClientSettings clients, String route) {
        this.clients = clients;
        this.route = route;
        this.partition = new TopicPartition(clients.settings().cursorTopic(), 0);
    }

    /** The record that says how far the target of this transactional id has come. */
    ProducerRecord<byte[], byte[]> record(String transactionalId, Cursor cursor) {
        return new ProducerRecord<>(
                partition.topic(),
                partition.partition(),
                transactionalId.getBytes(StandardCharsets.UTF_8),
                cursor.toBytes());
    }

    /** Makes sure that Kafka's transactions are of the kind that is safe, and that the cursors have their place. */
    void prepare() throws KafkaTroubleException {
        try (Admin admin = admin()) {
            requireTransactions(admin);
            if (exists(admin)) {
                requireCompaction(admin);
            } else {
                create(admin);
            }
        }
    }

    private void requireTransactions(Admin admin) throws KafkaTroubleException {
        FinalizedVersionRange found = answer(
                        admin.describeFeatures(new DescribeFeaturesOptions().timeoutMs(clients.answerMillis()))
                                .featureMetadata())
                .finalizedFeatures()
                .get(TRANSACTION_VERSION);
        int version = found == null ? 0 : found.maxVersionLevel();
        if (version < LEAST_TRANSACTION_VERSION) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue(TRANSACTION_VERSION, version)
                    .log("Kafka's transactions are too old to be exactly once");
            throw KafkaTroubleException.lasting("exactly-once needs Kafka brokers with transaction version 2");
        }
    }

    private boolean exists(Admin admin) throws KafkaTroubleException {
        try {
            answer(admin.describeTopics(List.of(partition.topic())).allTopicNames());
            return true;
        } catch (UnknownTopicOrPartitionException missing) {
            return false;
        }
    }

    private void create(Admin admin) throws KafkaTroubleException {
        NewTopic topic = new NewTopic(partition.topic(), Optional.of(1), Optional.empty()).configs(CONFIGS);
        try {
            answer(admin.createTopics(List.of(topic)).all());
            LOG.atInfo().addKeyValue("kafkaTopic", partition.topic()).log("Kafka topic for cursors created");
        } catch (TopicExistsException madeMeanwhile) {
            requireCompaction(admin);
        } catch (org.apache.kafka.common.errors.TimeoutException later) {
            throw later;
        } catch (KafkaException refused) {
            LOG.atWarn()
                    .addKeyValue("kafkaTopic", partition.topic())
                    .addKeyValue("failure", refused.toString())
                    .log("Kafka topic for cursors cannot be created");
            throw KafkaTroubleException.lasting("the Kafka topic for cursors cannot be created");
        }
    }

    /** What is deleted by age would be sent a second time. */
    private void requireCompaction(Admin admin) throws KafkaTroubleException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, partition.topic());
        Config found = answer(admin.describeConfigs(List.of(resource)).all()).get(resource);
        ConfigEntry policy = found == null ? null : found.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (policy != null && !TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy.value())) {
            throw KafkaTroubleException.lasting("the Kafka topic for cursors must have cleanup.policy=compact");
        }
    }

    /**
     * The last cursor of this transactional id; null when there is none. To be called when its own transactions are
     * over; waits for those of others that stand before the end, as a cursor of ours may be behind them.
     */
    @Nullable Cursor last(String transactionalId) throws KafkaTroubleException {
        byte[] key = transactionalId.getBytes(StandardCharsets.UTF_8);
        long end = end();
        long deadline = System.nanoTime() + READ_NANOS;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.cursorReader(route), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long from = end;
            // Backwards: the cursor of a target in use is near the end.
            for (long window = FIRST_WINDOW; from > begin; window *= WINDOW_GROWTH) {
                long to = from;
                from = Math.max(begin, end - window);
                byte[] value = lastBetween(consumer, from, to, key, deadline);
                if (value != null) {
                    return read(value);
                }
            }
            return null;
        }
    }

    /** The end of all that is in Kafka, whether its transaction is over or not. */
    private long end() throws KafkaTroubleException {
        try (Admin admin = admin()) {
            ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
            return answer(admin.listOffsets(Map.of(partition, OffsetSpec.latest()), options)
                            .partitionResult(partition))
                    .offset();
        }
    }

    private byte @Nullable [] lastBetween(
            KafkaConsumer<byte[], byte[]> consumer, long from, long to, byte[] key, long deadline)
            throws KafkaTroubleException {
        byte[] last = null;
        consumer.seek(partition, from);
        while (consumer.position(partition) < to) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                if (record.offset() < to && Arrays.equals(record.key(), key) && record.value() != null) {
                    last = record.value();
                }
            }
            if (System.nanoTime() - deadline > 0) {
                throw KafkaTroubleException.passing("Kafka has not given the route's cursor in time");
            }
        }
        return last;
    }

    private Cursor read(byte[] value) throws KafkaTroubleException {
        try {
            return Cursor.fromBytes(value);
        } catch (IllegalArgumentException unreadable) {
            throw KafkaTroubleException.lasting(
                    "the route's cursor in Kafka was not written by this version of Gantry");
        }
    }

    private Admin admin() {
        return Admin.create(clients.cursorAdmin(route));
    }

    private <T> T answer(KafkaFuture<T> asked) throws KafkaTroubleException {
        try {
            return asked.get(clients.answerMillis() + AFTERWARDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof KafkaException refused) {
                throw refused;
            }
            throw new KafkaException(failure.getCause());
        } catch (TimeoutException late) {
            throw KafkaTroubleException.passing("Kafka does not answer");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw KafkaTroubleException.passing("the gateway stops");
        }
    }
}

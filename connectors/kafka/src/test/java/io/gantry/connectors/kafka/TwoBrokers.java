// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * A Kafka of two brokers, so that a partition has a replica to lose; the first is the controller, too. They hear of each
 * other's end within seconds.
 */
final class TwoBrokers implements AutoCloseable {
    private static final int ANSWER_MILLIS = 120_000;

    /** Then somebody else has to be asked, as one may be frozen. */
    private static final int ANSWER_OF_ONE_MILLIS = 5_000;

    final KafkaServer first;
    final KafkaServer second;

    private TwoBrokers(KafkaServer first, KafkaServer second) {
        this.first = first;
        this.second = second;
    }

    /** Starts both at once, as a start takes seconds; the second waits for the first to know it. */
    static TwoBrokers start() {
        int port = LoopbackPorts.free();
        int secondPort = LoopbackPorts.free();
        String controller = "127.0.0.1:" + LoopbackPorts.free();
        String listener = "PLAINTEXT://127.0.0.1:" + port;
        String secondListener = "PLAINTEXT://127.0.0.1:" + secondPort;
        Map<String, String> ofSecond = Map.of(
                "process.roles", "broker",
                "node.id", "2",
                "listeners", secondListener,
                "advertised.listeners", secondListener,
                "initial.broker.registration.timeout.ms", "180000");
        CompletableFuture<KafkaServer> second =
                CompletableFuture.supplyAsync(() -> start(secondPort, controller, ofSecond));
        Map<String, String> ofFirst =
                Map.of("listeners", listener + ",CONTROLLER://" + controller, "advertised.listeners", listener);
        // Without the first the second does not start either.
        KafkaServer first = start(port, controller, ofFirst);
        try {
            return new TwoBrokers(first, second.join());
        } catch (CompletionException failure) {
            first.close();
            throw failure;
        }
    }

    private static KafkaServer start(int port, String controller, Map<String, String> own) {
        Map<String, String> properties = new HashMap<>(own);
        properties.put("controller.quorum.voters", "1@" + controller);
        properties.put("auto.create.topics.enable", "false");
        properties.put("replica.lag.time.max.ms", "1500");
        try {
            return KafkaServer.start(Files.createTempDirectory("gantry-kafka"), port, properties);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String bootstrapServers() {
        return first.bootstrapServers() + "," + second.bootstrapServers();
    }

    KafkaRecords records() {
        return KafkaRecords.at(bootstrapServers());
    }

    /**
     * Creates a Kafka topic with both brokers as replicas of each partition, the second one as its first leader.
     *
     * @param minInSyncReplicas how many must have a record before it is confirmed
     */
    void createTopic(String name, int partitions, int minInSyncReplicas) {
        Map<Integer, List<Integer>> replicas = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            replicas.put(partition, List.of(2, 1));
        }
        NewTopic topic =
                new NewTopic(name, replicas).configs(Map.of("min.insync.replicas", String.valueOf(minInSyncReplicas)));
        try (Admin admin = admin(ANSWER_MILLIS)) {
            admin.createTopics(List.of(topic)).all().get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating " + name, interrupted);
        } catch (ExecutionException failure) {
            throw new IllegalStateException("cannot create Kafka topic " + name, failure);
        }
    }

    /** Whether the broker of that number leads all partitions, and so many replicas of each have all its records. */
    boolean isLedBy(int broker, String topic, int inSync) {
        return allPartitions(
                topic,
                partition -> partition.leader() != null
                        && partition.leader().id() == broker
                        && partition.isr().size() == inSync);
    }

    /** Whether so many replicas of each partition have all its records, whoever leads. */
    boolean isInSync(String topic, int replicas) {
        return allPartitions(topic, partition -> partition.isr().size() == replicas);
    }

    /** False also when a frozen broker was asked: asking again may find the other. */
    private boolean allPartitions(String topic, Predicate<TopicPartitionInfo> condition) {
        try (Admin admin = admin(ANSWER_OF_ONE_MILLIS)) {
            TopicDescription description =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            return description != null && description.partitions().stream().allMatch(condition);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException noAnswer) {
            return false;
        }
    }

    private Admin admin(int patienceMillis) {
        return Admin.create(Map.of(
                "bootstrap.servers", bootstrapServers(),
                "default.api.timeout.ms", patienceMillis,
                "request.timeout.ms", patienceMillis));
    }

    @Override
    public void close() {
        second.close();
        first.close();
    }
}

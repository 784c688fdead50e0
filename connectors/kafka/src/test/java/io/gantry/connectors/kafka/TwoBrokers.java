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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * A Kafka of two brokers, so that a partition has a replica to lose; the first is the controller, too. They hear of each
 * other's end within seconds.
 */
final class TwoBrokers implements AutoCloseable {
    private static final int ANSWER_SECONDS = 120;

    /** Then another broker is asked, as one may be frozen. */
    private static final String ANSWER_OF_ONE_MILLIS = "3000";

    final KafkaServer first;
    final KafkaServer second;

    private TwoBrokers(KafkaServer first, KafkaServer second) {
        this.first = first;
        this.second = second;
    }

    static TwoBrokers start() {
        int port = LoopbackPorts.free();
        int controllerPort = LoopbackPorts.free();
        String controller = "127.0.0.1:" + controllerPort;
        KafkaServer first = start(
                port,
                controller,
                Map.of(
                        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://" + controller,
                        "advertised.listeners", "PLAINTEXT://127.0.0.1:" + port));
        try {
            int secondPort = LoopbackPorts.free();
            KafkaServer second = start(
                    secondPort,
                    controller,
                    Map.of(
                            "process.roles",
                            "broker",
                            "node.id",
                            "2",
                            "listeners",
                            "PLAINTEXT://127.0.0.1:" + secondPort,
                            "advertised.listeners",
                            "PLAINTEXT://127.0.0.1:" + secondPort));
            return new TwoBrokers(first, second);
        } catch (RuntimeException failure) {
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
        ask(admin -> admin.createTopics(List.of(topic)).all().get(ANSWER_SECONDS, TimeUnit.SECONDS));
    }

    /** Whether the broker of that number leads all partitions, and so many replicas of each have all its records. */
    boolean isLedBy(int broker, String topic, int inSync) {
        TopicDescription description = ask(admin -> admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                .get(topic));
        if (description == null) {
            throw new IllegalStateException("no Kafka topic " + topic);
        }
        return description.partitions().stream()
                .allMatch(partition -> partition.leader() != null
                        && partition.leader().id() == broker
                        && partition.isr().size() == inSync);
    }

    /** Whether so many replicas of each partition have all its records, whoever leads. */
    boolean isInSync(String topic, int replicas) {
        return isLedBy(1, topic, replicas) || isLedBy(2, topic, replicas);
    }

    /** A question to whichever broker is there. */
    @FunctionalInterface
    private interface Question<T> {
        T to(Admin admin) throws ExecutionException, InterruptedException, TimeoutException;
    }

    private <T> T ask(Question<T> question) {
        try (Admin admin = Admin.create(
                Map.of("bootstrap.servers", bootstrapServers(), "request.timeout.ms", ANSWER_OF_ONE_MILLIS))) {
            return question.to(admin);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking Kafka", interrupted);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("Kafka does not answer", failure);
        }
    }

    @Override
    public void close() {
        second.close();
        first.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A real Kafka of one node in KRaft mode on a loopback port, in a process of its own so that it can really be killed.
 * The process ends with the one that started it.
 */
public final class KafkaServer implements AutoCloseable {
    private static final int START_SECONDS = 180;
    private static final int STOP_SECONDS = 20;
    private static final int ANSWER_SECONDS = 60;

    private final Path directory;
    private final int port;
    private final KafkaProcess process;

    /**
     * A second listener, whose clients are sent to a proxy in front of it.
     *
     * @param listenerPort where Kafka listens for the proxy
     * @param proxyPort where the proxy listens for clients
     */
    public record Proxied(int listenerPort, int proxyPort) {}

    private KafkaServer(
            Path directory, int port, Map<String, String> properties, String classPath, List<KafkaListener> listeners) {
        this.directory = directory;
        this.port = port;
        this.process = new KafkaProcess(directory, port, properties, classPath, listeners);
    }

    /** Starts one with fresh data on a free port, and waits until it answers. */
    public static KafkaServer start() {
        try {
            return start(Files.createTempDirectory("gantry-kafka"), LoopbackPorts.free());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Starts one that keeps its data in the directory, with the class path of this process. */
    public static KafkaServer start(Path dataDirectory, int port) {
        return start(dataDirectory, port, System.getProperty("java.class.path"));
    }

    /**
     * Starts one that keeps its data in the directory, and waits until it answers.
     *
     * @param dataDirectory made when it does not exist, used again when it holds the data of an earlier one; deleted by
     *     {@link #close()}
     * @param classPath of the new process, in the form of the java command: {@code lib/*:lib/demo/*}
     */
    public static KafkaServer start(Path dataDirectory, int port, String classPath) {
        return startedOf(new KafkaServer(dataDirectory, port, Map.of(), classPath, List.of()));
    }

    /** Starts one with fresh data on a free port that has a proxy in front of a second listener. */
    public static KafkaServer start(Proxied proxied) {
        try {
            return startedOf(new KafkaServer(
                    Files.createTempDirectory("gantry-kafka"),
                    LoopbackPorts.free(),
                    Map.of(),
                    System.getProperty("java.class.path"),
                    List.of(KafkaListener.proxied(proxied))));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Starts one that is set up differently, and waits until it answers.
     *
     * @param properties of Kafka's server.properties, in place of those that it has otherwise
     */
    public static KafkaServer start(Path dataDirectory, int port, Map<String, String> properties) {
        return start(dataDirectory, port, properties, List.of());
    }

    /**
     * As {@link #start(Path, int, Map)}, with further listeners.
     *
     * @param listeners beside the one that asks nobody who he is
     */
    public static KafkaServer start(
            Path dataDirectory, int port, Map<String, String> properties, List<KafkaListener> listeners) {
        return startedOf(
                new KafkaServer(dataDirectory, port, properties, System.getProperty("java.class.path"), listeners));
    }

    private static KafkaServer startedOf(KafkaServer server) {
        try {
            server.restart();
            return server;
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    /** For {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** The port it listens on, the same after each restart. */
    public int port() {
        return port;
    }

    /** The process, for measurements. */
    public long pid() {
        return process.pid();
    }

    /** Ends it at once, as a crash would (SIGKILL). */
    public void kill() {
        process.kill();
    }

    /** Ends it in order (SIGTERM). */
    public void stop() {
        process.stop(STOP_SECONDS);
    }

    /** Freezes it (SIGSTOP): its connections stay, and nothing is answered until {@link #resume()}. */
    public void pause() {
        process.signal("STOP");
    }

    /** Lets it go on after {@link #pause()}, from where it was. */
    public void resume() {
        process.signal("CONT");
    }

    /** Starts it again with the same data and port, and waits until it answers. */
    public void restart() {
        process.start(START_SECONDS);
        try (Admin admin = admin()) {
            admin.describeCluster().nodes().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Kafka started", interrupted);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("Kafka does not answer; its log:\n" + process.log(), failure);
        }
    }

    /** Creates a Kafka topic and waits until it can be used. */
    public void createTopic(String name, int partitions) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating " + name, interrupted);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("cannot create Kafka topic " + name, failure);
        }
    }

    /** Whether there is a Kafka topic of that name; asking does not make one. */
    public boolean hasTopic(String name) {
        try (Admin admin = admin()) {
            return admin.listTopics()
                    .names()
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .contains(name);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for " + name, interrupted);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("cannot list the Kafka topics", failure);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                "120000",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                "30000"));
    }

    /** Kills it and deletes its data. */
    @Override
    public void close() {
        process.kill();
        Directories.delete(directory);
    }
}

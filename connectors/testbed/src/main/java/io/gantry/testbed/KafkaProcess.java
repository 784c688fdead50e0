// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The process that runs Kafka: its files, its command line, its start and its end. */
final class KafkaProcess {
    private static final String LOG_FILE = "process.log";
    private static final int LOG_TAIL = 8_000;
    private static final int KILL_SECONDS = 60;

    private final Path directory;
    private final int port;
    private final Map<String, String> properties;
    private final List<KafkaListener> listeners;
    private final int controllerPort = LoopbackPorts.free();
    private final String classPath;
    private @Nullable Process process;

    KafkaProcess(
            Path directory, int port, Map<String, String> properties, String classPath, List<KafkaListener> listeners) {
        this.directory = directory;
        this.port = port;
        this.properties = Map.copyOf(properties);
        this.classPath = classPath;
        this.listeners = List.copyOf(listeners);
    }

    /** Starts the process and waits until something listens on the port. */
    void start(int seconds) {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("Kafka runs already");
        }
        try {
            Files.createDirectories(directory);
            writeProperties();
            writeLogging();
            Process started = launch();
            process = started;
            awaitPort(started, seconds);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Kafka started", interrupted);
        }
    }

    private void writeProperties() throws IOException {
        Files.writeString(
                propertiesFile(),
                """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d%4$s
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d%5$s
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT%6$s
                inter.broker.listener.name=PLAINTEXT
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.num.partitions=4
                transaction.state.log.min.isr=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                group.min.session.timeout.ms=1000
                broker.heartbeat.interval.ms=300
                broker.session.timeout.ms=1500
                num.partitions=4
                """.formatted(
                                        port,
                                        controllerPort,
                                        directory.resolve("data"),
                                        further(it -> it.name() + "://127.0.0.1:" + it.port()),
                                        further(it -> it.name() + "://127.0.0.1:" + it.advertisedPort()),
                                        further(it -> it.name() + ":" + it.protocol()))
                        + changedProperties());
    }

    private String further(Function<KafkaListener, String> what) {
        return listeners.stream().map(it -> "," + what.apply(it)).collect(Collectors.joining());
    }

    private void writeLogging() throws IOException {
        Files.writeString(directory.resolve("logback.xml"), """
                <configuration>
                  <statusListener class="ch.qos.logback.core.status.NopStatusListener"/>
                  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d %level %logger{0} %msg%n</pattern></encoder>
                  </appender>
                  <root level="WARN"><appender-ref ref="console"/></root>
                </configuration>
                """);
    }

    /** Of two lines for one property the last counts. */
    private String changedProperties() throws IOException {
        Properties changed = new Properties();
        changed.putAll(properties);
        listeners.forEach(it -> changed.putAll(it.properties()));
        // To bytes, not characters: only so is written in ASCII what Kafka reads as ISO 8859-1.
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        changed.store(text, null);
        return text.toString(StandardCharsets.ISO_8859_1);
    }

    private Process launch() throws IOException {
        // Ctrl-C in a terminal reaches all its processes; Kafka must outlive the gateway's drain. It lives for minutes:
        // what C2 would compile meanwhile costs more than it saves.
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "/bin/sh",
                "-c",
                "trap '' INT; exec \"$@\"",
                "kafka",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + directory.resolve("logback.xml"),
                "-cp",
                classPath,
                KafkaMain.class.getName(),
                propertiesFile().toString()));
        builder.redirectErrorStream(true);
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve(LOG_FILE).toFile()));
        return builder.start();
    }

    private void awaitPort(Process started, int seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!listens()) {
            if (started.waitFor(50, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("Kafka ended while it started; its log:\n" + log());
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Kafka does not listen on port " + port + " after " + seconds + " s; its log:\n" + log());
            }
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    long pid() {
        if (process == null) {
            throw new IllegalStateException("Kafka was never started");
        }
        return process.pid();
    }

    void signal(String name) {
        try {
            Process sending = new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start();
            if (!await(sending, KILL_SECONDS) || sending.exitValue() != 0) {
                throw new IllegalStateException("cannot send the signal " + name + " to Kafka");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void kill() {
        if (process != null) {
            await(process.destroyForcibly(), KILL_SECONDS);
        }
    }

    /** Asks it to end, and kills it when it does not. */
    void stop(int seconds) {
        if (process != null) {
            process.destroy();
            if (!await(process, seconds)) {
                kill();
            }
        }
    }

    private static boolean await(Process ending, int seconds) {
        try {
            return ending.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The end of what it printed. */
    String log() {
        try {
            String text = Files.readString(directory.resolve(LOG_FILE));
            return text.substring(Math.max(0, text.length() - LOG_TAIL));
        } catch (IOException failure) {
            return "(no log: " + failure.getMessage() + ")";
        }
    }

    private Path propertiesFile() {
        return directory.resolve("server.properties");
    }
}

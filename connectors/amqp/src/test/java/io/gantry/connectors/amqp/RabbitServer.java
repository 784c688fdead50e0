// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A RabbitMQ of the system's package, with its AMQP 1.0 plugin: a node and directories of its own, on free ports. */
final class RabbitServer implements AutoCloseable {
    private static final String SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private static final long START_SECONDS = 180;

    private final Path directory;
    private final int port = LoopbackPorts.free();
    private final int mapperPort = LoopbackPorts.free();
    private final Process process;

    private RabbitServer() throws IOException {
        directory = Files.createTempDirectory("gantry-rabbit");
        Files.writeString(directory.resolve("enabled_plugins"), "[rabbitmq_amqp1_0].\n");
        Files.writeString(
                directory.resolve("rabbitmq.conf"),
                "listeners.tcp.1 = 127.0.0.1:" + port + "\ndisk_free_limit.absolute = 1MB\n");
        ProcessBuilder builder = new ProcessBuilder(SERVER)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        String name = "gantry" + port;
        builder.environment()
                .putAll(Map.of(
                        "HOME", directory.toString(),
                        "RABBITMQ_NODENAME", name + "@localhost",
                        "RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1",
                        "RABBITMQ_DIST_PORT", String.valueOf(LoopbackPorts.free()),
                        "ERL_EPMD_PORT", String.valueOf(mapperPort),
                        "RABBITMQ_MNESIA_BASE", directory.resolve("mnesia").toString(),
                        "RABBITMQ_LOG_BASE", directory.resolve("logs").toString(),
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                                directory.resolve("enabled_plugins").toString(),
                        "RABBITMQ_CONFIG_FILE",
                                directory.resolve("rabbitmq.conf").toString()));
        builder.environment().put("RABBITMQ_PID_FILE", directory.resolve("pid").toString());
        process = builder.start();
    }

    /** Whether the package is there. */
    static boolean isInstalled() throws IOException {
        if (!Files.isExecutable(Path.of(SERVER))) {
            return false;
        }
        try (Stream<Path> plugins = Files.find(Path.of("/usr/lib/rabbitmq"), 5, (path, attributes) -> path.getFileName()
                .toString()
                .startsWith("rabbitmq_amqp1_0"))) {
            return plugins.findAny().isPresent();
        }
    }

    /** Starts one with fresh data and waits until it listens. */
    static RabbitServer start() throws IOException {
        RabbitServer server = new RabbitServer();
        try {
            Harness.soon().atMost(START_SECONDS, TimeUnit.SECONDS).until(server::listens);
            return server;
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    private boolean listens() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("RabbitMQ has ended:\n" + Files.readString(directory.resolve("log")));
        }
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    String url() {
        return "amqp://127.0.0.1:" + port;
    }

    /** Ends it and what it has started, its port mapper included, and deletes its data. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(20, TimeUnit.SECONDS);
            } catch (Exception stubborn) {
                each.destroyForcibly();
            }
        }
        try {
            // It has left the family of processes.
            ProcessBuilder mapper = new ProcessBuilder("epmd", "-kill").redirectErrorStream(true);
            mapper.environment().put("ERL_EPMD_PORT", String.valueOf(mapperPort));
            mapper.redirectOutput(directory.resolve("epmd").toFile());
            Process ending = mapper.start();
            if (!ending.waitFor(20, TimeUnit.SECONDS)) {
                ending.destroyForcibly();
            }
        } catch (IOException notThere) {
            // Then it cannot have been started either.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException stillInUse) {
            directory.toFile().deleteOnExit();
        }
    }
}

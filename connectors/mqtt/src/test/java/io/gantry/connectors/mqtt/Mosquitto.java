// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Mosquitto on a port of its own, that can be stopped and started again and keeps its sessions; skipped where absent. */
final class Mosquitto implements AutoCloseable {
    final int port = LoopbackPorts.free();
    private final Path directory;
    private final Path config;
    private @Nullable Process process;

    private Mosquitto(Path directory) {
        this.directory = directory;
        this.config = directory.resolve("mosquitto.conf");
    }

    /**
     * Starts one.
     *
     * @param options lines of its configuration, besides the port; {@code PORT} is the port
     */
    static Mosquitto start(Path directory, String... options) {
        assumeTrue(program() != null, "mosquitto is not installed");
        Mosquitto mosquitto = new Mosquitto(directory);
        try {
            List<String> lines = Stream.concat(
                            Stream.of(
                                    "user root",
                                    "persistence true",
                                    "persistence_location " + directory + "/",
                                    "listener PORT 127.0.0.1"),
                            Stream.of(options))
                    .map(line -> line.replace("PORT", Integer.toString(mosquitto.port)))
                    .toList();
            Files.write(mosquitto.config, lines);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        mosquitto.restart();
        boolean webSocket = List.of(options).contains("protocol websockets");
        assumeTrue(!webSocket || mosquitto.isRunning(), "this Mosquitto opens no WebSocket listener here");
        return mosquitto;
    }

    private static @Nullable String program() {
        return Stream.of("/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse(null);
    }

    String url() {
        return "mqtt://127.0.0.1:" + port;
    }

    void restart() {
        try {
            process = new ProcessBuilder(String.valueOf(program()), "-c", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("mosquitto.log").toFile())
                    .start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Harness.soon().until(() -> accepts() || !isRunning());
    }

    private boolean isRunning() {
        return process != null && process.isAlive();
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Ends it in an orderly way: it writes its sessions down. */
    void stop() {
        Process running = process;
        if (running == null) {
            return;
        }
        process = null;
        running.destroy();
        try {
            if (!running.waitFor(1, TimeUnit.MINUTES)) {
                running.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** {@code gantry run} as a process of its own, on one port and one store over all its starts. */
final class GatewayChild implements AutoCloseable {
    // below what systems give to outgoing connections, so that none has it while the gateway is down
    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 10_000;

    private final Path folder;
    private final int port = freePort();
    private Process process;

    /**
     * One that does not run yet.
     *
     * @param folder holds its settings, its store and what it says
     */
    GatewayChild(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("gantry.yaml"), """
                listeners: ["mqtt://127.0.0.1:%d"]
                store: {directory: store}
                admin: {listen: "127.0.0.1:0"}
                limits: {max-queued-messages: 10000000, max-queued-bytes: 1GiB, max-connects-per-minute: 0}
                """.formatted(port));
    }

    private static int freePort() throws IOException {
        Random random = new Random();
        while (true) {
            int port = FIRST_PORT + random.nextInt(PORTS);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                if (random.nextInt(PORTS) == 0) {
                    throw taken;
                }
            }
        }
    }

    int port() {
        return port;
    }

    Path store() {
        return folder.resolve("store");
    }

    /** Starts it and waits until it is ready; what it said before. */
    List<String> start() throws IOException {
        process = launch(folder.resolve("stderr"));
        List<String> said = new ArrayList<>();
        BufferedReader out = process.inputReader(UTF_8);
        String line = out.readLine();
        while (line != null && !line.equals("ready")) {
            said.add(line);
            line = out.readLine();
        }
        if (line == null) {
            throw new AssertionError("the gateway did not start: " + Files.readString(folder.resolve("stderr")));
        }
        return said;
    }

    /** Starts another with the same settings, which is expected to end by itself; what it complained of. */
    String startAndEnd(int expectedExit) throws IOException, InterruptedException {
        Path complaint = folder.resolve("complaint");
        Process other = launch(complaint);
        try {
            if (!other.waitFor(120, TimeUnit.SECONDS) || other.exitValue() != expectedExit) {
                throw new AssertionError("ended otherwise than with " + expectedExit + ": " + other + ", "
                        + Files.readString(complaint));
            }
            return Files.readString(complaint);
        } finally {
            other.destroyForcibly();
        }
    }

    private Process launch(Path stderr) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // many short lives: no time for the second compiler
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.gantry.app.Main",
                        "run",
                        "-c",
                        "gantry.yaml")
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(stderr.toFile()))
                .start();
    }

    /** SIGKILL: whatever it is doing, it does no more. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM; its exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            kill();
        }
    }
}

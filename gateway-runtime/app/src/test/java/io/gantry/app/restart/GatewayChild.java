// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.testbed.LoopbackPorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code gantry run} as a process of its own, on one port and one store over all its starts. */
public final class GatewayChild implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 300;

    private final Path folder;
    private final List<String> memory;
    private final int port = LoopbackPorts.free();
    private final int adminPort = LoopbackPorts.free();
    private Process process;

    /**
     * One without routes that does not run yet.
     *
     * @param folder holds its settings, its store and what it says
     */
    GatewayChild(Path folder) throws IOException {
        this(folder, "store", "");
    }

    /**
     * One that does not run yet.
     *
     * @param store its directory, from the folder
     * @param more of its settings
     */
    public GatewayChild(Path folder, String store, String more) throws IOException {
        this(folder, store, """
                limits: {max-queued-messages: 10000000, max-queued-bytes: 1GiB, max-connects-per-minute: 0,
                  max-flaps-per-minute: 0}
                %s""".formatted(more), List.of("-Xmx512m"));
    }

    /**
     * One with limits and memory of its own, that does not run yet.
     *
     * @param more of its settings, its limits among them
     * @param memory options of its JVM
     */
    GatewayChild(Path folder, String store, String more, List<String> memory) throws IOException {
        this.folder = folder;
        this.memory = memory;
        Files.writeString(folder.resolve("gantry.yaml"), """
                listeners: ["mqtt://127.0.0.1:%d"]
                store: {directory: "%s"}
                admin: {listen: "127.0.0.1:%d"}
                %s""".formatted(port, store, adminPort, more));
    }

    public int port() {
        return port;
    }

    public int adminPort() {
        return adminPort;
    }

    Path store() {
        return folder.resolve("store");
    }

    /** Starts it and waits until it is ready; what it said before. */
    public List<String> start() throws IOException {
        return awaitReady("io.gantry.app.Main", "run", "-c", "gantry.yaml");
    }

    /** The same for one with faults between its parts, as {@code FaultyGateway} reads them. */
    public List<String> startFaulty(String... faults) throws IOException {
        return awaitReady(faulty(faults));
    }

    /** Starts one with faults and waits until it has ended by them. */
    public void startFaultyAndAwaitEnd(String... faults) throws IOException, InterruptedException {
        process = launch(folder.resolve("stderr"), faulty(faults));
        awaitEnd();
    }

    private static String[] faulty(String... faults) {
        return Stream.concat(Stream.of("io.gantry.app.FaultyGateway", "gantry.yaml"), Stream.of(faults))
                .toArray(String[]::new);
    }

    private List<String> awaitReady(String... command) throws IOException {
        process = launch(folder.resolve("stderr"), command);
        List<String> said = new ArrayList<>();
        BufferedReader out = process.inputReader(UTF_8);
        String line = out.readLine();
        while (line != null && !line.equals("ready")) {
            said.add(line);
            line = out.readLine();
        }
        if (line == null) {
            throw new AssertionError("the gateway did not start: " + said());
        }
        return said;
    }

    /** Starts another with the same settings, which is expected to end by itself; what it complained of. */
    String startAndEnd(int expectedExit) throws IOException, InterruptedException {
        Path complaint = folder.resolve("complaint");
        Process other = launch(complaint, "io.gantry.app.Main", "run", "-c", "gantry.yaml");
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

    private Process launch(Path stderr, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // many short lives: no time for the second compiler
                "-XX:TieredStopAtLevel=1"));
        line.addAll(memory);
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.addAll(List.of(command));
        return new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(stderr.toFile()))
                .start();
    }

    /** Waits until it has ended by itself. */
    public void awaitEnd() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the gateway goes on: " + said());
        }
    }

    /** What it has complained of so far, over all its starts. */
    public String said() throws IOException {
        return Files.readString(folder.resolve("stderr"));
    }

    /** SIGSTOP: it does nothing until it is told to go on, but keeps what it has. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT. */
    public void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("kill -" + name + " ended with " + exit);
        }
    }

    long pid() {
        return process.pid();
    }

    /** The processors' time it has taken so far. */
    Duration cpuTime() {
        return process.toHandle().info().totalCpuDuration().orElseThrow();
    }

    /** SIGKILL: whatever it is doing, it does no more. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM; its exit code. */
    public int stop() throws InterruptedException {
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

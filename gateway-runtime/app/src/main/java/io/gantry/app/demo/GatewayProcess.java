// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The gateway as a user starts it: a process of its own that says when it is ready and ends on SIGTERM. */
final class GatewayProcess implements AutoCloseable {
    private static final String MAIN = "io.gantry.app.Main";
    private static final int READY_SECONDS = 120;
    private static final int STOP_SECONDS = 60;
    private static final int LOG_TAIL = 4_000;

    private final Process process;
    private final Path log;
    private final Consumer<String> onLine;
    private final CountDownLatch readyOrEnded = new CountDownLatch(1);
    private volatile boolean ready;

    private GatewayProcess(Process process, Path log, Consumer<String> onLine) {
        this.process = process;
        this.log = log;
        this.onLine = onLine;
    }

    /** The command line of {@code gantry run -c FILE}, with this process's Java and options but without the demo's jars. */
    static List<String> command(Path yaml) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-agent") && !option.startsWith("-javaagent"))
                .forEach(command::add);
        command.addAll(List.of("-cp", classPath(), MAIN, "run", "-c", yaml.toString()));
        return command;
    }

    /** All jars beside the one this class is in when the launcher has started it; otherwise, whatever this process has. */
    private static String classPath() {
        try {
            Path home = Path.of(GatewayProcess.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return home.toString().endsWith(".jar") && System.getProperty("gantry.home") != null
                    ? home.resolveSibling("*").toString()
                    : System.getProperty("java.class.path");
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("where are the jars?", impossible);
        }
    }

    /**
     * Starts it and waits until it is ready.
     *
     * @param directory where it works, and where its log is
     * @param onLine gets what it prints until it is ready
     */
    static GatewayProcess start(List<String> command, Path directory, Consumer<String> onLine)
            throws IOException, InterruptedException {
        Path log = directory.resolve("gateway.log");
        ProcessBuilder builder = new ProcessBuilder(deafToCtrlC(command));
        builder.directory(directory.toFile());
        builder.redirectError(log.toFile());
        GatewayProcess gateway = new GatewayProcess(builder.start(), log, onLine);
        Thread reader = new Thread(gateway::read, "gateway-output");
        reader.setDaemon(true);
        reader.start();
        try {
            gateway.awaitReady();
            return gateway;
        } catch (RuntimeException | InterruptedException failure) {
            gateway.process.destroyForcibly();
            throw failure;
        }
    }

    /** A terminal sends Ctrl-C to the demo's children too; they are to end later, in order. */
    private static List<String> deafToCtrlC(List<String> command) {
        List<String> deaf = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "gateway"));
        deaf.addAll(command);
        return deaf;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (ready) {
                    continue;
                }
                onLine.accept(line);
                if (line.startsWith("ready")) {
                    ready = true;
                    readyOrEnded.countDown();
                }
            }
        } catch (IOException closed) {
            ready = false;
        } finally {
            readyOrEnded.countDown();
        }
    }

    private void awaitReady() throws InterruptedException {
        boolean answered = readyOrEnded.await(READY_SECONDS, TimeUnit.SECONDS);
        if (!ready) {
            String what = answered ? "ended before it was ready" : "is not ready after " + READY_SECONDS + " s";
            throw new IllegalStateException("the gateway " + what + "; its log:\n" + logTail());
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Sends SIGTERM and waits.
     *
     * @throws IllegalStateException when it does not end, or not with exit code 0
     */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the gateway still runs " + STOP_SECONDS + " s after SIGTERM");
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException(
                    "the gateway ended with exit code " + process.exitValue() + "; its log:\n" + logTail());
        }
    }

    /** The end of what it logged. */
    String logTail() {
        try {
            String text = Files.readString(log);
            return text.substring(Math.max(0, text.length() - LOG_TAIL));
        } catch (IOException unreadable) {
            return "(no log: " + unreadable.getMessage() + ")";
        }
    }

    /** Kills it when it still runs. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("gantry run, as a process of its own")
class RunCommandIT {

    @TempDir
    private Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void kill() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    @DisplayName("says where it listens and ready, and on SIGTERM drains and ends with 0")
    void readyAndStopped() throws Exception {
        Process gateway = start("""
                listeners: ['mqtt://127.0.0.1:0']
                admin: {listen: '127.0.0.1:0'}
                endpoints: {plant: {kafka: {brokers: '127.0.0.1:1'}}}
                routes: {up: {from: {mqtt: a}, to: {plant: {topic: a}}}}
                """);
        List<String> console = awaitLine(gateway.inputReader(StandardCharsets.UTF_8), "ready");

        gateway.destroy();

        assertThat(gateway.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(gateway.exitValue()).isZero();
        assertThat(console).hasSize(4);
        assertThat(console.get(0)).isEqualTo("endpoint plant: kafka 127.0.0.1:1");
        assertThat(console.get(1)).matches("admin http://127\\.0\\.0\\.1:\\d+");
        assertThat(console.get(2)).isEqualTo("store gantry-data: sessions 0");
        assertThat(console.get(3)).matches("listener mqtt://127\\.0\\.0\\.1:\\d+");
    }

    @Test
    @DisplayName("warns once of what is not safe in its file, although it looks at it again and again")
    void warnsOnce() throws Exception {
        String listener = "listeners: ['mqtt://127.0.0.1:0']\nadmin: {enabled: false}\n";
        Process gateway =
                start(listener + "endpoints: {plant: {http: {url: 'http://127.0.0.1:1', token: in-the-file}}}\n");
        awaitLine(gateway.inputReader(StandardCharsets.UTF_8), "ready");

        // by now it has looked once; what it finds next warns of nothing
        Files.writeString(folder.resolve("test.yaml"), listener);

        assertThat(awaitLine(gateway.errorReader(StandardCharsets.UTF_8), "need a restart"))
                .filteredOn(line -> line.contains("not as safe as it could be"))
                .singleElement()
                .asString()
                .contains("token: a secret stands in the file itself");
    }

    /** The lines before the one that contains something. */
    private static List<String> awaitLine(BufferedReader reader, String text) throws IOException {
        List<String> before = new ArrayList<>();
        String line = reader.readLine();
        while (line != null && !line.contains(text)) {
            before.add(line);
            line = reader.readLine();
        }
        assertThat(line).as("after %s", before).isNotNull();
        return before;
    }

    @Test
    @DisplayName("with a bad file says where it is wrong and ends with 1")
    void badFile() throws Exception {
        Process gateway = start("listners: []\n");

        assertThat(gateway.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(gateway.exitValue()).isEqualTo(1);
        assertThat(new String(gateway.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("test.yaml:1:1: ")
                .contains("did you mean 'listeners'?");
    }

    private Process start(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("test.yaml"), yaml);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.gantry.app.Main",
                        "run",
                        "-c",
                        file.toString())
                .directory(folder.toFile())
                .start();
        started.add(process);
        return process;
    }
}

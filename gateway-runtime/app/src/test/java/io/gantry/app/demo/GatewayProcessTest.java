// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The gateway as a child process of the demo")
@DisabledOnOs(OS.WINDOWS)
class GatewayProcessTest {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @TempDir
    Path directory;

    @Test
    @DisplayName("shows what it prints until it is ready, and ends in order on SIGTERM")
    void readyAndStop() throws Exception {
        try (GatewayProcess gateway = start("0")) {
            assertThat(lines).containsExactly("listening on mqtt://127.0.0.1:1883", "ready");
            assertThat(gateway.isAlive()).isTrue();

            gateway.stop();

            assertThat(gateway.isAlive()).isFalse();
        }
    }

    @Test
    @DisplayName("another exit code than 0 is a failure")
    void failingEnd() throws Exception {
        try (GatewayProcess gateway = start("3")) {
            assertThatThrownBy(gateway::stop).hasMessageContaining("exit code 3");
        }
    }

    @Test
    @DisplayName("one that ends before it is ready is reported with its log")
    void endsTooEarly() {
        assertThatThrownBy(() -> start("silent"))
                .hasMessageContaining("ended before it was ready")
                .hasMessageContaining("no such file");
    }

    @Test
    @DisplayName("is started with run -c FILE by the Java of this process")
    void command() {
        assertThat(GatewayProcess.command(Path.of("a file.yaml")))
                .startsWith(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .endsWith("io.gantry.app.Main", "run", "-c", "a file.yaml");
    }

    private GatewayProcess start(String argument) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FakeGateway.class.getName(),
                argument);
        return GatewayProcess.start(command, directory, lines::add);
    }
}

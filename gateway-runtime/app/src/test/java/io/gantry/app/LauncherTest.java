// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The launcher")
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    /** Stands in for Java and prints what it was started with, one argument in a line. */
    private static final String ECHO = "#!/bin/sh\nprintf '%s\\n' \"$@\"\n";

    @TempDir
    Path directory;

    private Path installation = Path.of("");
    private Path javaHome = Path.of("");

    /** How a process ended and what it printed on both streams. */
    private record Ended(int exitCode, String text) {

        List<String> arguments() {
            return text.lines().toList();
        }
    }

    @BeforeEach
    void unpack() throws IOException {
        installation =
                Files.createDirectories(directory.resolve("a place with spaces").resolve("gantry-1.0"));
        Files.createDirectories(installation.resolve("lib").resolve("demo"));
        Files.createDirectories(installation.resolve("bin"));
        Files.copy(
                Repository.root().resolve("gantry"), installation.resolve("bin").resolve("gantry"));
        javaHome = java("17.0.15");
    }

    @Test
    @DisplayName("starts the main class with the jars of the installation, wherever it was unpacked")
    void startsMain() throws Exception {
        Ended ended = gantry(Map.of(), "check", "-c", "my file.yaml");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.arguments())
                .endsWith("-cp", installation + "/lib/*", "io.gantry.app.Main", "check", "-c", "my file.yaml")
                .contains("-XX:+ExitOnOutOfMemoryError", "-Dgantry.home=" + installation);
    }

    @Test
    @DisplayName("the demo has its own jars in addition")
    void demoHasItsJars() throws Exception {
        Ended ended = gantry(Map.of(), "demo", "--for", "5s");

        assertThat(ended.arguments()).contains(installation + "/lib/*:" + installation + "/lib/demo/*");
    }

    @Test
    @DisplayName("jars that users bring stand behind its own")
    void jarsOfUsers() throws Exception {
        Files.createDirectory(installation.resolve("lib").resolve("more"));

        Ended ended = gantry(Map.of(), "run");

        assertThat(ended.arguments()).contains(installation + "/lib/*:" + installation + "/lib/more/*");
    }

    @Test
    @DisplayName("finds its installation through a chain of symbolic links")
    void followsLinks() throws Exception {
        Path link = Files.createSymbolicLink(
                directory.resolve("link"), installation.resolve("bin").resolve("gantry"));
        Path second = Files.createSymbolicLink(directory.resolve("gantry"), link.getFileName());

        Ended ended = run(Map.of(), List.of(second.toString(), "--version"));

        assertThat(ended.arguments()).contains(installation + "/lib/*");
    }

    @Test
    @DisplayName("the default configuration is config/gantry.yaml here, or else the installation's")
    void defaultConfiguration() throws Exception {
        Ended without = gantry(Map.of(), "run");
        Files.createDirectory(directory.resolve("config"));
        Files.createFile(directory.resolve("config").resolve("gantry.yaml"));
        Ended with = gantry(Map.of(), "run");

        assertThat(without.arguments()).contains("-Dgantry.config=" + installation + "/config/gantry.yaml");
        assertThat(with.arguments()).contains("-Dgantry.config=config/gantry.yaml");
    }

    @Test
    @DisplayName("options of the user come after its own, and a heap or a collector of the user replaces its own")
    void userOptionsWin() throws Exception {
        Ended ended = gantry(Map.of("GANTRY_OPTS", "-Xmx64m -XX:+UseSerialGC -Dstar=*"), "run");

        assertThat(ended.arguments())
                .contains("-Xmx64m", "-XX:+UseSerialGC", "-Dstar=*")
                .doesNotContain("-XX:+UseG1GC", "-XX:MaxRAMPercentage=50");
    }

    @Test
    @DisplayName("Java 24 and later are told that native access is meant, Java 17 is not")
    void nativeAccess() throws Exception {
        Ended on17 = gantry(Map.of(), "run");
        javaHome = java("25.0.3");
        Ended on25 = gantry(Map.of(), "run");

        assertThat(on17.arguments()).doesNotContain("--enable-native-access=ALL-UNNAMED");
        assertThat(on25.arguments())
                .contains("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    }

    @Test
    @DisplayName("refuses a Java that is too old, and says which one it needs")
    void refusesOldJava() throws Exception {
        javaHome = java("1.8.0_392");

        Ended ended = gantry(Map.of(), "run");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.text()).contains("is Java 8").contains("Java 17 or later");
    }

    @Test
    @DisplayName("says so when JAVA_HOME has no Java")
    void wrongJavaHome() throws Exception {
        javaHome = directory.resolve("nowhere");

        Ended ended = gantry(Map.of(), "run");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.text()).contains("JAVA_HOME is " + javaHome);
    }

    private Ended gantry(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(installation.resolve("bin").resolve("gantry").toString()));
        command.addAll(List.of(arguments));
        return run(environment, command);
    }

    private Ended run(Map<String, String> environment, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(directory.toFile());
        builder.redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("JAVA_OPTS", "GANTRY_OPTS"));
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), text);
    }

    private Path java(String version) throws IOException {
        Path home = directory.resolve("java-" + version);
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        Files.writeString(java, ECHO);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return home;
    }
}

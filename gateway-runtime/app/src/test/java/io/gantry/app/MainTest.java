// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("The gantry command")
class MainTest {
    private static final Path GANTRY_YAML = Path.of("..", "..", "config", "gantry.yaml");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory = Path.of("");

    @Test
    @DisplayName("check shows the routes as a table and exits with 0")
    void check() {
        int exit = gantry("check", "-c", GANTRY_YAML.toString());

        assertThat(err).hasToString("");
        assertThat(out.toString().lines())
                .containsExactly(
                        "route      from                                    to"
                                + "                                         ack",
                        "telemetry  mqtt sensors/{site}/{device}/telemetry  plant telemetry"
                                + "                            stored",
                        "commands   plant commands                          mqtt sensors/{header.site}/{key}/commands",
                        GANTRY_YAML + ": 1 listener, 1 endpoint, 2 routes");
        assertThat(exit).isZero();
    }

    @Test
    @DisplayName("check says all that is wrong on standard error, a line each, and exits with 1")
    void checkFails() throws IOException {
        Path file = Files.writeString(directory.resolve("g.yaml"), "lisners: x\nroutes: 5\n");

        int exit = gantry("check", "-c", file.toString());

        assertThat(out).hasToString("");
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":1:1: unknown key 'lisners', did you mean 'listeners'?",
                        file + ":2:9: routes: expected a mapping of names to values, was a single value");
        assertThat(exit).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "[G7] check warns of a secret in the file on standard error, without showing it, and exits with 0 nevertheless")
    void checkWarns() throws IOException {
        Path file = Files.writeString(
                directory.resolve("g.yaml"),
                "listeners: mqtt://127.0.0.1\nendpoints: {a: {http: {url: \"https://h\", token: canary-4711-secret}}}\n");

        int exit = gantry("check", "-c", file.toString());

        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":2:49: warning: token: a secret stands in the file itself, expected ${NAME} from the"
                                + " environment or ${file:PATH}");
        assertThat(out.toString()).contains("1 endpoint").doesNotContain("canary");
        assertThat(exit).isZero();
    }

    @Test
    @DisplayName("run with a wrong file says the same and exits with 1")
    void runFails() throws IOException {
        Path file = Files.writeString(directory.resolve("g.yaml"), "listeners: x\n");

        int exit = gantry("run", "-c", file.toString());

        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":1:12: url: must be mqtt://host:port or ws://host:port/path, with TLS mqtts:// or"
                                + " wss://, was 'x'");
        assertThat(exit).isEqualTo(1);
    }

    @Test
    @DisplayName("check shows no table when there are no routes")
    void noRoutes() throws IOException {
        Path file = Files.writeString(directory.resolve("g.yaml"), "listeners: mqtt://127.0.0.1\n");

        assertThat(gantry("check", "-c", file.toString())).isZero();
        assertThat(out.toString().lines()).containsExactly(file + ": 1 listener, 0 endpoints, 0 routes");
    }

    @Test
    @DisplayName("run says which setting names a file that is not there, and exits with 1")
    void missingFile() throws IOException {
        Path file = Files.writeString(
                directory.resolve("g.yaml"),
                "listeners: mqtt://127.0.0.1\nsecurity: {authenticate: [{password-file: none.txt}], roles: {d: {}}}\n");

        assertThat(gantry("run", "-c", file.toString())).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly("gantry: security.authenticate: none.txt: must be a file that can be read");
    }

    @Test
    @DisplayName("says when there is no such file, or it is no text")
    void unreadable() throws IOException {
        Path binary = Files.write(directory.resolve("binary"), new byte[] {'a', ':', (byte) 0xC3});
        Path none = directory.resolve("none.yaml");

        assertThat(gantry("check", "-c", none.toString())).isEqualTo(1);
        assertThat(gantry("check", "-c", binary.toString())).isEqualTo(1);
        assertThat(gantry("check", "-c", directory.toString())).isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly(
                        none + ":1:1: there is no such file",
                        binary + ":1:1: the file is not UTF-8",
                        directory + ":1:1: is a directory, expected a file");
    }

    @Test
    @DisplayName("exits with 2 when it is used wrongly")
    void usage() {
        assertThat(gantry("chekc")).isEqualTo(2);
        assertThat(gantry()).isEqualTo(2);
        assertThat(gantry("check", "--log-level", "loud")).isEqualTo(2);

        assertThat(out).hasToString("");
        assertThat(err.toString()).contains("Did you mean: gantry check", "Missing command", "loud");
    }

    @Test
    @DisplayName("shows help, version and a completion script on standard output")
    void help() {
        assertThat(gantry("--help")).isZero();
        assertThat(gantry("run", "--help")).isZero();
        assertThat(gantry("--version")).isZero();
        assertThat(gantry("completion")).isZero();

        assertThat(err).hasToString("");
        assertThat(out.toString())
                .contains("gantry [-hV]", "run", "check", "completion", "config/gantry.yaml", "complete -F")
                .containsPattern("gantry \\d+\\.\\d+")
                .contains("text, json", "error, warn, info, debug,");
    }

    private int gantry(String... arguments) {
        CommandLine gantry = Main.commandLine(Map.<String, String>of()::get);
        gantry.setOut(new PrintWriter(out, true));
        gantry.setErr(new PrintWriter(err, true));
        return gantry.execute(arguments);
    }
}

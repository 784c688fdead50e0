// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@DisplayName("gantry acl test")
class AclCommandTest {
    private static final String HASH = "$2b$10$abcdefghijklmnopqrstuuZDDGEQIhQ3ZWgaKh1Uh6kHcS3qQJVbC";
    private static final String YAML = """
            listeners: mqtt://127.0.0.1
            security:
              anonymous: true
              anonymous-roles: guest
              authenticate:
                - password-file: {file: "%s", role: known}
              roles:
                known: {publish: "log/{username}"}
                device:
                  publish: ["sensors/{client}/#", "site/{claim.site}/{cn}"]
                  subscribe: ["commands/{client}/#", $SYS/#]
                  deny-publish: sensors/+/secret
                guest: {subscribe: news/#}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        Path users = Files.writeString(folder.resolve("users.txt"), "pump:" + HASH + ":device\nbare:" + HASH + "\n");
        file = Files.writeString(folder.resolve("g.yaml"), YAML.formatted(users));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--as pump --publish sensors/pump/t | 0 | allowed: role device, publish sensors/{client}/# (FILE:10:17)",
                "--as pump --client p7 --publish sensors/p7 | 0 | allowed: role device, publish sensors/{client}/#"
                        + " (FILE:10:17)",
                "--as pump --publish log/pump | 0 | allowed: role known, publish log/{username} (FILE:8:22)",
                "--as pump --publish sensors/pump/secret | 1 | denied: role device, deny-publish sensors/+/secret"
                        + " (FILE:12:21)",
                "--as pump --claim site=a --cn b --publish site/a/b | 0 | allowed: role device, publish"
                        + " site/{claim.site}/{cn} (FILE:10:39)",
                "--as pump --subscribe $SYS/# | 0 | allowed: role device, subscribe $SYS/# (FILE:11:42)",
                "--as pump --subscribe $share/g/commands/pump/# | 0 | allowed: role device, subscribe"
                        + " commands/{client}/# (FILE:11:19)",
                "--as ann --role guest --subscribe news/+ | 0 | allowed: role guest, subscribe news/# (FILE:13:24)",
                "--client x --subscribe news | 0 | allowed: role guest, subscribe news/# (FILE:13:24)",
                "--client x --subscribe # | 1 | denied: no rule of role guest allows it",
                "--as bare --subscribe # | 1 | denied: no rule of role known allows it"
            })
    @DisplayName("says whether it is allowed, and which rule of which role in which place decides")
    void decided(String options, int exit, String answer) {
        assertThat(gantry(options)).isEqualTo(exit);
        assertThat(out.toString().lines()).containsExactly(answer.replace("FILE", file.toString()));
        assertThat(err).hasToString("");
    }

    @Test
    @DisplayName("says which rules do not apply because a variable has no value of one level")
    void variables() {
        assertThat(gantry("--as pump --client a/b --claim site=+ --cn b --publish sensors/a/b"))
                .isEqualTo(1);

        assertThat(out.toString().lines())
                .containsExactly(
                        "denied: no rule of roles device, known allows it",
                        "rules with {claim.site} do not apply: it has no value that is the text of one level",
                        "rules with {client} do not apply: it has no value that is the text of one level");
    }

    @Test
    @DisplayName("says when a file of users gives a role that the configuration does not have")
    void unknownRole() throws IOException {
        Files.writeString(folder.resolve("users.txt"), "pump:" + HASH + ":devise\n");

        assertThat(gantry("--as pump --publish a")).isEqualTo(1);
        assertThat(out.toString().lines())
                .containsExactly(
                        "denied: no rule of roles devise, known allows it",
                        "no role is called 'devise', did you mean 'device'?");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--as nobody --publish a | no password file knows the user 'nobody', expected --role",
                "--as pump --role devise --publish a | no role is called 'devise', did you mean 'device'?",
                "--as pump | expected either --publish or --subscribe",
                "--as pump --publish a --subscribe a | expected either --publish or --subscribe",
                "--publish a | expected --client, since there is no user name to take for it",
                "--as pump --publish a/+ | --publish: 'a/+' is not a Topic Name, which is not empty and has neither + nor #",
                "--as pump --subscribe a/#/b | --subscribe: 'a/#/b' is not a Topic Filter"
            })
    @DisplayName("ends with 2 when it cannot be said, and says what is missing")
    void unsaid(String options, String complaint) {
        assertThat(gantry(options)).isEqualTo(2);
        assertThat(err.toString()).startsWith(complaint);
        assertThat(out).hasToString("");
    }

    @Test
    @DisplayName("[B23] says where the file of users or the configuration is wrong, without what is in it")
    void wrongFiles() throws IOException {
        Files.writeString(folder.resolve("users.txt"), "# users\npump:secret-hash\n");
        assertThat(gantry("--as pump --publish a")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith(folder.resolve("users.txt") + ":2: ")
                .doesNotContain("secret-hash");

        Files.writeString(file, "listeners: mqtt://0.0.0.0\n");
        assertThat(gantry("--as pump --publish a")).isEqualTo(2);
        assertThat(err.toString()).contains(file + ":1:12: mqtt://0.0.0.0:1883 can be reached from other machines");
    }

    @Test
    @DisplayName("allows everything where there are no roles")
    void noRoles() throws IOException {
        Files.writeString(file, "listeners: mqtt://127.0.0.1\n");

        assertThat(gantry("--as pump --publish a")).isZero();
        assertThat(out.toString().strip())
                .isEqualTo("allowed: " + file + " has no roles, so whoever is let in may do everything");
    }

    private int gantry(String options) {
        CommandLine commandLine = Main.commandLine(Map.<String, String>of()::get)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        return commandLine.execute(
                Stream.concat(Stream.of("acl", "test", "-c", file.toString()), Stream.of(options.split(" ")))
                        .toArray(String[]::new));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@DisplayName("gantry passwd")
class PasswdCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = directory.resolve("users.txt");
    }

    @ParameterizedTest
    @DisplayName("add makes a file that only its owner reads, with a hash that check knows")
    @CsvSource({"'',$argon2id$v=19$m=19456", "--bcrypt,$2b$12$", "--scram,SCRAM-SHA-256$10000:"})
    void add(String option, String hash) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("add", file.toString(), "anna", "--role", "a", "--role", "b"));
        if (!option.isEmpty()) {
            arguments.add(option);
        }

        assertThat(passwd("pass word\n", arguments.toArray(String[]::new))).isZero();

        assertThat(Files.readString(file)).startsWith("anna:" + hash).endsWith(":a,b\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(passwd("pass word", "check", file.toString(), "anna")).isZero();
        assertThat(passwd("password", "check", file.toString(), "anna")).isEqualTo(1);
        assertThat(passwd("pass word", "check", file.toString(), "bert")).isEqualTo(1);
        assertThat(out.toString().lines()).containsExactly("right", "wrong password", "no such user");
    }

    @Test
    @DisplayName("remove leaves no line of a user who is there twice, which would let him in again")
    void removesAll() throws IOException {
        passwd("one", "add", file.toString(), "anna");
        String anna = Files.readString(file).strip();
        Files.writeString(file, anna + "\n# those in the south\n " + anna + "\n");

        assertThat(passwd("", "remove", file.toString(), "anna")).isZero();

        assertThat(Files.readAllLines(file)).containsExactly("# those in the south");
    }

    @Test
    @DisplayName("add and remove leave the other lines and the comments, and add keeps the roles")
    void keeps() throws IOException {
        passwd("one", "add", file.toString(), "anna", "--role", "device");
        String anna = Files.readString(file).strip();
        Files.writeString(file, "# those in the north\n" + anna + "\n\n# those in the south\n");
        passwd("two", "add", file.toString(), "bert");
        passwd("three", "add", file.toString(), "anna");

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(5).contains("# those in the north", "", "# those in the south");
        assertThat(lines.get(1))
                .isNotEqualTo(anna)
                .startsWith("anna:$argon2id$")
                .endsWith(":device");

        assertThat(passwd("", "remove", file.toString(), "anna")).isZero();
        assertThat(Files.readAllLines(file))
                .containsExactly("# those in the north", "", "# those in the south", lines.get(4));
        assertThat(passwd("", "remove", file.toString(), "anna")).isEqualTo(1);
        assertThat(err).hasToString("gantry: " + file + " has no such user\n");
        assertThat(directory.toFile().list()).hasSize(1);
    }

    @Test
    @DisplayName(
            "refuses what a file cannot have, with a reason and without the password, and leaves the file as it is")
    void refuses() throws IOException {
        passwd("secret-one", "add", file.toString(), "anna");
        String before = Files.readString(file);

        assertThat(passwd("", "add", file.toString(), "bert")).isEqualTo(1);
        assertThat(passwd("secret".repeat(13), "add", file.toString(), "bert", "--bcrypt"))
                .isEqualTo(1);
        assertThat(passwd("secret", "add", file.toString(), "be:rt")).isEqualTo(1);
        assertThat(passwd("secret", "add", file.toString(), "bert", "--role", "a,b"))
                .isEqualTo(1);
        assertThat(passwd("secret", "add", file.toString(), "bert", "--scram")).isEqualTo(1);
        assertThat(passwd("s\u00E9cret", "add", directory.resolve("new").toString(), "bert", "--scram"))
                .isEqualTo(1);

        assertThat(Files.readString(file)).isEqualTo(before);
        assertThat(err.toString().lines())
                .containsExactly(
                        "gantry: the password must have 1 to 4096 bytes, has 0",
                        "gantry: the password must have 1 to 72 bytes, has 78",
                        "gantry: the user must have 1 to 1024 characters that can be seen, no ':', no '#' in front, no"
                                + " blank at an end",
                        "gantry: a role must have characters that can be seen, no ':' and no ','",
                        "gantry: " + file + ": is a file for password-file, and cannot have users of both",
                        "gantry: the password must be visible ASCII characters, for scram");
    }

    @Test
    @DisplayName("[B23] refuses to change a file with a wrong line, and says which")
    void wrongFile() throws IOException {
        Files.writeString(file, "# x\nanna\n");

        assertThat(passwd("secret", "add", file.toString(), "bert")).isEqualTo(1);
        assertThat(passwd("secret", "check", file.toString(), "bert")).isEqualTo(1);

        assertThat(err.toString().lines())
                .allMatch(line -> line.equals("gantry: " + file + ":2: must be user:hash or user:hash:role,role"));
        assertThat(Files.readString(file)).isEqualTo("# x\nanna\n");
    }

    @Test
    @DisplayName("says which file or directory is not there")
    void missing() {
        Path elsewhere = directory.resolve("nowhere").resolve("users.txt");

        assertThat(passwd("secret", "check", file.toString(), "anna")).isEqualTo(1);
        assertThat(passwd("", "remove", file.toString(), "anna")).isEqualTo(1);
        assertThat(passwd("secret", "add", elsewhere.toString(), "anna")).isEqualTo(1);
        assertThat(execute("", "passwd", "add", file.toString(), "anna", "--password-file", elsewhere.toString()))
                .isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly(
                        "gantry: " + file + ": there is no such file",
                        "gantry: " + file + ": there is no such file",
                        "gantry: " + elsewhere + ": there is no directory " + elsewhere.getParent(),
                        "gantry: " + elsewhere + ": there is no such file");
        assertThat(file).doesNotExist();
    }

    @Test
    @DisplayName("takes no password as an argument, and without a terminal says how to give one")
    void noTerminal() {
        int exit = execute("", "passwd", "add", file.toString(), "anna", "secret");
        assertThat(exit).isEqualTo(2);

        assertThat(execute("", "passwd", "add", file.toString(), "anna")).isEqualTo(2);
        assertThat(err.toString()).contains("There is no terminal to ask for the password: give --password-file");
    }

    private int passwd(String password, String... arguments) {
        List<String> all = new ArrayList<>(List.of("passwd"));
        all.addAll(List.of(arguments));
        if (!arguments[0].equals("remove")) {
            all.addAll(List.of("--password-file", "-"));
        }
        return execute(password, all.toArray(String[]::new));
    }

    private int execute(String standardInput, String... arguments) {
        byte[] in = standardInput.getBytes(StandardCharsets.UTF_8);
        return new CommandLine(new GantryCommand())
                .addSubcommand(PasswdCommand.with(new ByteArrayInputStream(in)))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs .ci/release with a key that is thrown away, and checks what it makes by the commands of docs/security.md. */
@DisplayName("A release")
class ReleaseTest {
    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void makeKeyAndArchive() throws Exception {
        Command.assumeInstalled("gpg");
        Command.assumeInstalled("sha256sum");
        shell(
                "mkdir -m 700 gnupg && gpg --batch --passphrase '' --quick-generate-key 'A test <t@example>' ed25519 sign 1d");
        shell("mkdir gantry-1.0 && echo {} > gantry-1.0/sbom.json && echo none > gantry-1.0/THIRD-PARTY.txt"
                + " && tar -czf gantry-1.0.tar.gz gantry-1.0");
    }

    @AfterAll
    static void stopItsAgent() throws Exception {
        if (Files.exists(folder.resolve("gnupg"))) {
            shell("gpgconf --kill gpg-agent");
        }
    }

    @Test
    @DisplayName("has checksums of the archive and of the lists of what is in it, which are signed")
    void signed() throws Exception {
        release("gantry-1.0.tar.gz", "whole");

        assertThat(folder.resolve("whole").toFile().list())
                .containsExactlyInAnyOrder(
                        "gantry-1.0.tar.gz",
                        "gantry-1.0-sbom.json",
                        "gantry-1.0-THIRD-PARTY.txt",
                        "SHA256SUMS",
                        "SHA256SUMS.asc");
        assertThat(verifies("whole")).isTrue();
    }

    @Test
    @DisplayName("of which a byte was changed is told from one that was not")
    void changed() throws Exception {
        for (String file : List.of("gantry-1.0.tar.gz", "gantry-1.0-sbom.json", "SHA256SUMS")) {
            release("gantry-1.0.tar.gz", "changed-" + file);
            Files.writeString(folder.resolve("changed-" + file).resolve(file), "#", StandardOpenOption.APPEND);

            assertThat(verifies("changed-" + file)).as(file).isFalse();
        }
    }

    @Test
    @DisplayName("is not made of an archive without these lists, nor over one that is there")
    void refused() throws Exception {
        shell("mkdir gantry-2.0 && tar -czf gantry-2.0.tar.gz gantry-2.0 && mkdir taken");

        assertThat(Command.succeeds(in("%s gantry-2.0.tar.gz new".formatted(script()))))
                .isFalse();
        assertThat(Command.succeeds(in("%s gantry-1.0.tar.gz taken".formatted(script()))))
                .isFalse();
        assertThat(folder.resolve("new")).doesNotExist();
        assertThat(folder.resolve("taken")).isEmptyDirectory();
    }

    private static void release(String archive, String directory) throws Exception {
        shell("%s %s %s".formatted(script(), archive, directory));
    }

    private static boolean verifies(String directory) throws Exception {
        return Command.succeeds(
                in("cd " + directory + " && gpg --verify SHA256SUMS.asc SHA256SUMS && sha256sum --check SHA256SUMS"));
    }

    private static String script() {
        return "'" + Repository.root().resolve(".ci/release") + "'";
    }

    private static void shell(String line) throws Exception {
        Command.run(in(line));
    }

    private static List<String> in(String line) {
        return List.of("bash", "-c", "cd '" + folder + "' && export GNUPGHOME=\"$PWD/gnupg\" && " + line);
    }
}

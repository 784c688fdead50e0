// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.gantry.api.settings.InvalidSettingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("Key files of a route")
class JweKeysTest {
    private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final String OCT = OtherSide.oct(SECRET, "");

    @TempDir
    private Path directory;

    private void refusedForDecrypt(String text, String expected) throws Exception {
        String file = OtherSide.file(directory, "own", text);
        assertThatThrownBy(() -> new DecryptSettings(
                        List.of(file), List.of(JweAlgorithm.values()), List.of(JweEncryption.A256GCM)))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("key"))
                .hasMessageContaining(expected);
    }

    private void refusedForEncrypt(String text, JweAlgorithm algorithm, @Nullable String kid, String expected)
            throws Exception {
        String file = OtherSide.file(directory, "recipient", text);
        assertThatThrownBy(() -> new EncryptSettings(file, algorithm, JweEncryption.A256GCM, kid))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> assertThat(refused.key())
                        .contains("key"))
                .hasMessageContaining(expected);
    }

    @Test
    @DisplayName("must be there, and hold a key that is strong enough, in a form that is known")
    void unusable() throws Exception {
        KeyPair weak = OtherSide.rsa(1_024);
        assertThatThrownBy(() -> new DecryptSettings(
                        List.of(directory + "/none"), List.of(JweAlgorithm.DIR), List.of(JweEncryption.A256GCM)))
                .hasMessageContaining("must be a file that can be read")
                .hasMessageContaining("/none");
        refusedForDecrypt("", "must hold 1 to 16 keys, holds 0");
        refusedForDecrypt(OtherSide.pem(weak.getPrivate()), "holds an RSA key of 1024 bits, expected at least 2048");
        refusedForDecrypt(OtherSide.pem("RSA PRIVATE KEY", new byte[10]), "expected PRIVATE KEY (PKCS#8");
        refusedForDecrypt(OtherSide.pem("ENCRYPTED PRIVATE KEY", new byte[10]), "'ENCRYPTED PRIVATE KEY'");
        refusedForDecrypt(OtherSide.pem("PRIVATE KEY", new byte[10]), "holds a key that cannot be read");
        refusedForDecrypt("{\"keys\": 5}", "holds a key that cannot be read");
        refusedForDecrypt("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}", "expected RSA, EC or oct");
        refusedForDecrypt("x".repeat(300_000), "at most 256KiB");
        refusedForEncrypt(OtherSide.pem(weak.getPublic()), JweAlgorithm.RSA_OAEP_256, null, "1024 bits");
    }

    @Test
    @DisplayName(
            "must hold the right half, for the use and the algorithm that are wanted, and only one for a recipient")
    void unfitting() throws Exception {
        KeyPair rsa = OtherSide.rsa(2_048);
        String two = "{\"keys\":[" + OtherSide.oct(SECRET, ",\"kid\":\"a\"") + ","
                + OtherSide.oct(SECRET, ",\"kid\":\"b\"") + "]}";
        refusedForDecrypt(OtherSide.pem(rsa.getPublic()), "must hold a private or secret key that fits one of");
        refusedForDecrypt(OtherSide.oct(SECRET, ",\"use\":\"sig\""), "holds 0");
        refusedForDecrypt(OtherSide.oct(SECRET, ",\"alg\":\"A256KW\""), "must hold a private or secret key that fits");
        refusedForEncrypt(OtherSide.pem(rsa.getPublic()), JweAlgorithm.ECDH_ES, null, "fits ECDH-ES");
        refusedForEncrypt(two, JweAlgorithm.DIR, null, "holds 2; kid says which");
        refusedForEncrypt(two, JweAlgorithm.DIR, "c", "fits dir and the kid 'c'");
        refusedForEncrypt(OtherSide.oct(new byte[16], ""), JweAlgorithm.A256GCMKW, null, "fits A256GCMKW");
        refusedForEncrypt(OtherSide.oct(new byte[16], ""), JweAlgorithm.DIR, null, "a secret key of 256 bits");
    }

    /** What is warned of while somebody works with files. */
    private static ListAppender<ILoggingEvent> warnings(Work work) throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(KeyFiles.class);
        lines.start();
        logger.setLevel(Level.WARN); // the tests' own is above
        logger.addAppender(lines);
        try (KeyFiles files = new KeyFiles()) {
            work.with(files, lines.list);
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(null);
        }
        return lines;
    }

    @FunctionalInterface
    private interface Work {
        void with(KeyFiles files, List<ILoggingEvent> lines) throws Exception;
    }

    private Path own(String permissions) throws Exception {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path file = Path.of(OtherSide.file(directory, "own", OCT));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static Supplier<Integer> keep(KeyFiles files, Path file) {
        return files.keep(List.of(file.toString()), texts -> JweKeyFile.keysOf(List.of(file.toString()), texts)
                .size());
    }

    @Test
    @DisplayName(
            "are read again when they change; a new content that cannot be used leaves the keys, and is said and counted"
                    + " once")
    void reload() throws Exception {
        Path file = own("rw-------");
        warnings((files, lines) -> {
            Supplier<Integer> keys = keep(files, file);

            Files.writeString(file, OCT + "CANARY");
            files.look();
            files.look();
            assertThat(keys.get()).isEqualTo(1);
            assertThat(lines)
                    .extracting(ILoggingEvent::getMessage)
                    .containsExactly("new keys for payloads cannot be used, those read before stay");
            assertThat(lines.toString() + lines.get(0).getKeyValuePairs()).doesNotContain("CANARY");
            assertThat(files.counts().failures()).isEqualTo(1);

            Files.delete(file);
            files.look();
            files.look();
            assertThat(keys.get()).isEqualTo(1);
            assertThat(lines).hasSize(2);
            assertThat(files.counts().failures()).isEqualTo(2);
            assertThat(files.counts().renewals()).isZero();

            Files.writeString(file, "{\"keys\":[" + OCT + "," + OCT + "]}");
            files.look();
            assertThat(keys.get()).isEqualTo(2);
            assertThat(files.counts().renewals()).isEqualTo(1);
        });
    }

    @Test
    @DisplayName("[G7] are warned of when everybody may read them, unless they are public keys")
    void openToAll() throws Exception {
        Path recipient = Path.of(OtherSide.file(
                directory, "recipient", OtherSide.pem(OtherSide.rsa(2_048).getPublic())));
        Files.setPosixFilePermissions(recipient, PosixFilePermissions.fromString("rw-r--r--"));
        Path open = own("rw-r--r--");
        assertThat(warnings((files, lines) -> {
                            keep(files, recipient);
                            assertThat(lines).isEmpty();
                            keep(files, open);
                        })
                        .list)
                .singleElement()
                .satisfies(line -> {
                    assertThat(line.getMessage()).contains("everybody on this machine may read", "chmod 600");
                    assertThat(line.getKeyValuePairs().toString()).contains(open.toString());
                });
        Path closed = own("rw-r-----");
        assertThat(warnings((files, lines) -> keep(files, closed)).list).isEmpty();
    }
}

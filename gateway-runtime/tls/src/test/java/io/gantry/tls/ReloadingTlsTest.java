// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gantry.api.files.FileCounts;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The certificates of a listener")
class ReloadingTlsTest {
    private static final Duration MINUTES = Duration.ofMinutes(2);

    @TempDir
    private Path directory = Path.of("");

    private TestCertificates authority;

    @BeforeEach
    void newAuthority() {
        authority = TestCertificates.in(directory);
    }

    @Test
    @DisplayName("are shown from PEM with a plain and an encrypted key, and from PKCS#12, in TLS 1.3 and 1.2")
    void forms() throws Exception {
        Identity own = authority.server("a.example");

        assertShown(own, Watched.settings(own.cert(), own.key()));
        assertShown(own, Watched.settings(own.cert(), own.encryptedKey(), TestCertificates.PASSWORD, List.of()));
        assertShown(own, Watched.settings(own.store(), null, TestCertificates.PASSWORD, List.of()));
    }

    @Test
    @DisplayName(
            "are not taken with a key of Ed25519 or DSA, which not every library of TLS can use: the refusal says so")
    void otherKeys() {
        for (String kind : List.of("Ed25519", "DSA")) {
            Identity own = authority.serverWithKeys(kind, "a.example");

            for (ServerTlsSettings settings : List.of(
                    Watched.settings(own.cert(), own.key()),
                    Watched.settings(own.store(), null, TestCertificates.PASSWORD, List.of()))) {
                assertThatThrownBy(() -> ReloadingTls.open(settings, new FileCounts()))
                        .isInstanceOf(InvalidSettingException.class)
                        .hasMessageContaining("must be for a key of an elliptic curve or of RSA; that of '")
                        .hasMessageEndingWith("is "
                                + TestCertificates.certificateOf(own)
                                        .getPublicKey()
                                        .getAlgorithm());
            }
        }
    }

    private void assertShown(Identity expected, ServerTlsSettings settings) throws Exception {
        try (ReloadingTls tls = ReloadingTls.open(settings, new FileCounts())) {
            assertThat(Handshake.shown(tls, authority, null)).isEqualTo(TestCertificates.certificateOf(expected));
            assertThat(Handshake.shownOld(tls, authority, "any.example"))
                    .isEqualTo(TestCertificates.certificateOf(expected));
        }
    }

    @Test
    @DisplayName(
            "are chosen by name (SNI), without regard to case, an exact one before a wildcard; without a name it is"
                    + " the first [B6]")
    void byName() throws Exception {
        Identity first = authority.server("a.example");
        Identity exact = authority.server("b.example", "c.b.example");
        Identity wildcard = authority.server("*.b.example");
        try (ReloadingTls tls =
                ReloadingTls.open(Watched.settings(first.cert(), first.key(), wildcard, exact), new FileCounts())) {

            assertThat(Handshake.shown(tls, authority, null)).isEqualTo(TestCertificates.certificateOf(first));
            assertThat(Handshake.shown(tls, authority, "a.example")).isEqualTo(TestCertificates.certificateOf(first));
            assertThat(Handshake.shown(tls, authority, "B.Example")).isEqualTo(TestCertificates.certificateOf(exact));
            assertThat(Handshake.shown(tls, authority, "c.b.example")).isEqualTo(TestCertificates.certificateOf(exact));
            assertThat(Handshake.shownOld(tls, authority, "d.b.example"))
                    .isEqualTo(TestCertificates.certificateOf(wildcard));
        }
    }

    @Test
    @DisplayName("are not shown to who asks for a name of none of them: no fallback to another tenant's [B6]")
    void unknownName() throws Exception {
        Identity first = authority.server("a.example");
        Identity other = authority.server("*.b.example");
        try (ReloadingTls tls =
                ReloadingTls.open(Watched.settings(first.cert(), first.key(), other), new FileCounts())) {

            for (String host : List.of("x.example", "b.example", "a.b.b.example", "a.example.evil")) {
                assertThatThrownBy(() -> Handshake.shown(tls, authority, host))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("No available authentication scheme");
                assertThatThrownBy(() -> Handshake.shownOld(tls, authority, host))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("no cipher suites in common");
            }
        }
    }

    @Test
    @DisplayName("that were renewed are shown from the next handshake on [B10]")
    void renewed() throws Exception {
        Identity before = authority.server("a.example");
        Identity after = authority.server("a.example");
        Watched watched = new Watched();
        try (ReloadingTls tls =
                ReloadingTls.open(Watched.settings(before.cert(), before.key()), watched, Watched.OFTEN)) {
            String alias = tls.keys().chooseEngineServerAlias("EC", null, null);

            replace(before.key(), after.key());
            replace(before.cert(), after.cert());

            await().atMost(MINUTES).untilAsserted(() -> assertThat(watched.renewed)
                    .containsExactly(before.cert().toString()));
            assertThat(Handshake.shown(tls, authority, null)).isEqualTo(TestCertificates.certificateOf(after));
            assertThat(tls.keys().getPrivateKey(alias))
                    .as("a handshake that has begun gets the key of what it has shown")
                    .isNotNull()
                    .isNotEqualTo(tls.keys().getPrivateKey(tls.keys().chooseEngineServerAlias("EC", null, null)));
        }
    }

    @Test
    @DisplayName("that lie behind a link to a directory are seen when the link is turned, as Kubernetes does")
    void link() throws Exception {
        Identity before = authority.server("a.example");
        Identity after = authority.server("a.example");
        Path mounted = Files.createDirectory(directory.resolve("mounted"));
        Path data = mounted.resolve("..data");
        Files.createSymbolicLink(data, versionOf(before, mounted.resolve("..1")));
        Files.createSymbolicLink(mounted.resolve("tls.crt"), Path.of("..data/tls.crt"));
        Files.createSymbolicLink(mounted.resolve("tls.key"), Path.of("..data/tls.key"));
        ServerTlsSettings settings = Watched.settings(mounted.resolve("tls.crt"), mounted.resolve("tls.key"));
        Watched watched = new Watched();
        try (ReloadingTls tls = ReloadingTls.open(settings, watched, Watched.OFTEN)) {

            Path turned = Files.createSymbolicLink(mounted.resolve("..tmp"), versionOf(after, mounted.resolve("..2")));
            Files.move(turned, data, StandardCopyOption.ATOMIC_MOVE);

            await().atMost(MINUTES)
                    .untilAsserted(() -> assertThat(watched.renewed).hasSize(1));
            assertThat(Handshake.shown(tls, authority, null)).isEqualTo(TestCertificates.certificateOf(after));
            assertThat(watched.failed).isEmpty();
        }
    }

    private static Path versionOf(Identity identity, Path version) throws IOException {
        Files.createDirectory(version);
        Files.copy(identity.cert(), version.resolve("tls.crt"));
        Files.copy(identity.key(), version.resolve("tls.key"));
        return version;
    }

    @Test
    @DisplayName("stay when the new ones cannot be used, which is said once; and are renewed when they can again [B10]")
    void unusable() throws Exception {
        Identity own = authority.server("a.example");
        Identity after = authority.server("a.example");
        Watched watched = new Watched();
        try (ReloadingTls tls = ReloadingTls.open(Watched.settings(own.cert(), own.key()), watched, Watched.OFTEN)) {
            byte[] shown = Handshake.shown(tls, authority, null).getEncoded();

            replace(own.key(), after.key());
            awaitFailures(watched, 1);
            Files.writeString(own.cert(), "hunter2");
            awaitFailures(watched, 2);
            Files.delete(own.cert());
            awaitFailures(watched, 3);

            assertThat(Handshake.shown(tls, authority, null).getEncoded()).isEqualTo(shown);
            assertThat(watched.failed.get(0)).contains("tls.key must be the key of the certificate in");
            assertThat(watched.failed.get(1)).contains("tls.cert must hold a certificate");
            assertThat(watched.failed.get(2)).contains("tls.cert must be a file that can be read");
            assertThat(watched.failed).noneMatch(reason -> reason.contains("hunter2"));
            assertThat(watched.renewed).isEmpty();
            Files.copy(after.cert(), own.cert());
            await().atMost(MINUTES)
                    .untilAsserted(() -> assertThat(watched.renewed).hasSize(1));
            assertThat(Handshake.shown(tls, authority, null)).isEqualTo(TestCertificates.certificateOf(after));
            assertThat(watched.failed).hasSize(3);
        }
    }

    private static void awaitFailures(Watched watched, int count) {
        await().atMost(MINUTES).untilAsserted(() -> assertThat(watched.failed).hasSize(count));
    }

    /** As a tool does that writes next to it first. */
    private static void replace(Path file, Path by) throws IOException {
        Path beside = Files.copy(by, file.resolveSibling(file.getFileName() + ".new"));
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    @DisplayName("are refused at start with the key and the file, and nothing of what is in it")
    void refused() throws Exception {
        Identity own = authority.server("a.example");
        Identity other = authority.server("b.example");
        Identity hostless = authority.client("no-host");
        Path text = Files.writeString(directory.resolve("text.pem"), "hunter2\n");
        Path garbage = Files.writeString(
                directory.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Path notStore = Files.writeString(directory.resolve("text.p12"), "hunter2");

        for (Path wrong : List.of(text, garbage, own.key())) {
            assertRefused("tls.cert", wrong, () -> open(wrong, own.key(), null));
        }
        assertRefused(
                "tls.cert", directory.resolve("none.pem"), () -> open(directory.resolve("none.pem"), own.key(), null));
        assertRefused(
                "tls.key", directory.resolve("none.key"), () -> open(own.cert(), directory.resolve("none.key"), null));
        assertRefused("tls.cert", text, () -> open(own.cert(), text, null));
        assertRefused("tls.key", own.cert(), () -> open(own.cert(), other.key(), null));
        assertRefused("tls.cert", own.encryptedKey(), () -> open(own.cert(), own.encryptedKey(), "hunter2"));
        assertRefused("tls.cert", own.store(), () -> open(own.store(), null, "hunter2"));
        assertRefused("tls.cert", notStore, () -> open(notStore, null, null));
        assertRefused(
                "tls.cert",
                authority.authorityStore(),
                () -> open(authority.authorityStore(), null, TestCertificates.PASSWORD));
        assertRefused(
                "tls.sni",
                hostless.cert(),
                () -> ReloadingTls.open(Watched.settings(own.cert(), own.key(), hostless), new FileCounts()));
    }

    private static void open(Path cert, @Nullable Path key, @Nullable String password) {
        ReloadingTls.open(Watched.settings(cert, key, password, List.of()), new FileCounts())
                .close();
    }

    private static void assertRefused(String key, Path file, ThrowingCallable opening) {
        assertThatThrownBy(opening).isInstanceOfSatisfying(InvalidSettingException.class, refused -> {
            assertThat(refused.key()).contains(key);
            assertThat(refused).hasMessageNotContaining("hunter2").hasMessageContaining(file.toString());
        });
    }
}

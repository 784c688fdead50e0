// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The TLS settings of an endpoint")
class TlsSettingsTest {
    private static final String HOST = "127.0.0.1";

    @TempDir
    private Path directory = Path.of("");

    private TestCertificates authority;

    @BeforeEach
    void newAuthority() {
        authority = TestCertificates.in(directory);
    }

    @Test
    @DisplayName("trust an authority in PEM and in PKCS#12, and no other")
    void trust() throws Exception {
        SSLContext server = authority.context(authority.server(HOST));

        assertThat(handshake(tls(authority.authority(), null, null, null), server))
                .isEmpty();
        assertThat(handshake(tls(authority.authorityStore(), null, null, TestCertificates.PASSWORD), server))
                .isEmpty();
        assertThat(handshake(TlsSettings.PLAIN, server)).contains("PKIX path building failed");
        assertThat(handshake(tls(TestCertificates.in(directory).authority(), null, null, null), server))
                .contains("PKIX");
    }

    @Test
    @DisplayName("refuse a server whose certificate has expired, or is of another host, or is a client's [B11]")
    void wrongServers() throws Exception {
        TlsSettings tls = tls(authority.authority(), null, null, null);

        assertThat(handshake(tls, authority.context(authority.expiredServer(HOST))))
                .contains("validity check failed");
        assertThat(handshake(tls, authority.context(authority.server("other.example"))))
                .contains("No subject alternative names matching IP address");
        assertThat(handshake(tls, authority.context(authority.client("meter"))))
                .contains("Extended key usage does not permit use for TLS server authentication");
    }

    @Test
    @DisplayName("show a certificate with a plain key, an encrypted key, and out of PKCS#12")
    void identity() throws Exception {
        Identity own = authority.client("gantry");
        String password = TestCertificates.PASSWORD;

        assertShows(tls(authority.authority(), own.cert(), own.key(), null));
        assertShows(tls(authority.authority(), own.cert(), own.encryptedKey(), password));
        assertShows(tls(authority.authority(), own.store(), null, password));
        assertShows(tls(authority.authorityStore(), own.store(), null, password));
    }

    private void assertShows(TlsSettings tls) throws Exception {
        assertThat(tls.hasCertificate()).isTrue();
        assertThat(handshake(tls, authority.context(authority.server(HOST)), "CN=gantry"))
                .isEmpty();
    }

    @Test
    @DisplayName("refuse a wrong password, and none where one is needed, without repeating it")
    void wrongPassword() {
        Identity own = authority.client("gantry");

        for (String wrong : new String[] {"hunter2", "", null}) {
            assertRefused("cert", () -> tls(null, own.cert(), own.encryptedKey(), wrong)
                    .open("target"));
            assertRefused("cert", () -> tls(null, own.store(), null, wrong).open("target"));
            assertRefused("ca", () -> tls(authority.authorityStore(), null, null, wrong)
                    .open("target"));
        }
        assertThat(tls(null, own.cert(), own.key(), "hunter2").toString()).doesNotContain("hunter2");
    }

    @Test
    @DisplayName("refuse a file that is not there, or does not hold what it should")
    void wrongFiles() throws IOException {
        Identity own = authority.client("gantry");
        Identity other = authority.client("other");
        Path text = Files.writeString(directory.resolve("text.pem"), "not a certificate\n");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path garbage = Files.writeString(
                directory.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Path notStore = Files.writeString(directory.resolve("text.p12"), "not a store");

        assertRefused("ca", () -> tls(Path.of("/nowhere/ca.pem"), null, null, null));
        assertRefused("cert", () -> tls(null, Path.of("/nowhere/c.pem"), own.key(), null));
        assertRefused("key", () -> tls(null, own.cert(), Path.of("/nowhere/c.key"), null));
        assertRefused("ca", () -> tls(directory, null, null, null));
        for (Path wrong : new Path[] {text, empty, garbage, notStore, own.key()}) {
            assertRefused("ca", () -> tls(wrong, null, null, null).open("target"));
        }
        for (Path wrong : new Path[] {text, empty, garbage, own.key()}) {
            assertRefused("cert", () -> tls(null, wrong, own.key(), null).open("target"));
        }
        for (Path wrong : new Path[] {text, empty, garbage, own.cert(), other.key()}) {
            assertRefused("cert", () -> tls(null, own.cert(), wrong, null).open("target"));
        }
        assertThatThrownBy(() -> tls(null, own.cert(), other.key(), null).open("target"))
                .hasMessageContaining("'" + own.cert() + "' with '" + other.key() + "' does not");
        assertRefused("cert", () -> tls(null, notStore, null, null).open("target"));
        assertRefused("cert", () -> tls(null, authority.authorityStore(), null, TestCertificates.PASSWORD)
                .open("target"));
    }

    @Test
    @DisplayName("want a key with a certificate, a certificate with a key, and neither beside PKCS#12")
    void belongTogether() {
        Identity own = authority.client("gantry");

        assertRefused("key", () -> tls(null, own.cert(), null, null));
        assertRefused("cert", () -> tls(null, null, own.key(), null));
        assertRefused("cert", () -> tls(null, own.store(), own.key(), null));
        assertThat(TlsSettings.PLAIN.hasCertificate()).isFalse();
        try (FollowedTls plain = TlsSettings.PLAIN.open("target")) {
            assertThat(plain.context().getDefaultSSLParameters().getProtocols())
                    .containsExactlyInAnyOrder("TLSv1.2", "TLSv1.3");
        }
    }

    private static TlsSettings tls(
            @Nullable Path ca, @Nullable Path cert, @Nullable Path key, @Nullable String password) {
        return new TlsSettings(
                ca == null ? null : ca.toString(),
                cert == null ? null : cert.toString(),
                key == null ? null : key.toString(),
                password == null ? null : new Secret(password));
    }

    private static void assertRefused(String key, ThrowingCallable settings) {
        assertThatThrownBy(settings).isInstanceOfSatisfying(InvalidSettingException.class, refused -> {
            assertThat(refused.key()).contains(key);
            assertThat(refused).hasMessageNotContaining("hunter2");
        });
    }

    /** What the client says against it; empty when both agree. */
    private static String handshake(TlsSettings tls, SSLContext server) throws Exception {
        return handshake(tls, server, "");
    }

    private static String handshake(TlsSettings settings, SSLContext server, String shown) throws Exception {
        try (FollowedTls tls = settings.open("target")) {
            return handshake(tls.context(), server, shown);
        }
    }

    private static String handshake(SSLContext tls, SSLContext server, String shown) throws Exception {
        try (ServerSocket listening =
                server.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            ((SSLServerSocket) listening).setNeedClientAuth(!shown.isEmpty());
            CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> accept(listening));
            try (SSLSocket client = (SSLSocket) tls.getSocketFactory().createSocket(HOST, listening.getLocalPort())) {
                SSLParameters checked = client.getSSLParameters();
                checked.setEndpointIdentificationAlgorithm("HTTPS");
                client.setSSLParameters(checked);
                client.startHandshake();
                assertThat(client.getInputStream().read()).isEqualTo('k');
                assertThat(seen.join()).isEqualTo(shown);
                return "";
            } catch (IOException refused) {
                return String.valueOf(refused.getMessage());
            }
        }
    }

    private static String accept(ServerSocket listening) {
        try (SSLSocket accepted = (SSLSocket) listening.accept()) {
            accepted.startHandshake();
            SSLSession session = accepted.getSession();
            accepted.getOutputStream().write('k');
            return accepted.getNeedClientAuth()
                    ? ((X509Certificate) session.getPeerCertificates()[0])
                            .getSubjectX500Principal()
                            .getName()
                    : "";
        } catch (IOException refused) {
            return "refused";
        }
    }
}

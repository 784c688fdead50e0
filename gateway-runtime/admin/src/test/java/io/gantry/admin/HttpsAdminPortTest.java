// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.Secret;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The admin port with TLS")
class HttpsAdminPortTest {
    private static final String OPERATOR = TokensOnTheAdminPortTest.OPERATOR;

    @TempDir
    private Path directory;

    private TestCertificates authority;
    private TestCertificates.Identity server;
    private SSLContext trust;

    @BeforeEach
    void certificates() {
        authority = TestCertificates.in(directory);
        server = authority.server("127.0.0.1", "localhost");
        trust = authority.context(authority.client("nobody"));
    }

    @Test
    @DisplayName("speaks https, and asks for the token there")
    void https() throws Exception {
        try (AdminPort port = new AdminPort(settings(false, Map.of("x", operator())), trust)) {
            assertThat(port.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(port.get("/metrics").statusCode()).isEqualTo(401);
            assertThat(port.get("/metrics", "Authorization", "Bearer " + OPERATOR)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(port.get("/health/live", "Origin", port.uri().toString()).statusCode())
                    .isEqualTo(200);
            assertThat(port.get("/health/live", "Origin", "http://127.0.0.1:" + port.port())
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @DisplayName("[B1] speaks TLS 1.2 and 1.3")
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void versions(String version) throws Exception {
        try (AdminPort port = new AdminPort(settings(false, Map.of()), trust);
                SSLSocket socket = connect(port, version)) {
            socket.startHandshake();

            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        }
    }

    @Test
    @DisplayName("answers no plain HTTP")
    void plain() throws Exception {
        try (AdminPort port = new AdminPort(settings(false, Map.of()), trust);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port())) {
            socket.setSoTimeout((int) AdminPort.PATIENCE.toMillis());
            socket.getOutputStream().write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));

            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .doesNotContain("HTTP", "live");
        }
    }

    @Test
    @DisplayName("[B7] gives a handshake so long")
    void handshakeTimeout() throws Exception {
        try (AdminPort port = new AdminPort(settings(false, Map.of(), Duration.ofMillis(500)), trust);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port())) {
            socket.setSoTimeout((int) AdminPort.PATIENCE.toMillis());
            socket.getOutputStream().write(0x16);

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("lets only those in who show a certificate, where client-ca says so")
    void clientCertificate() throws Exception {
        TestCertificates others = TestCertificates.in(directory);
        AdminSettings settings = settings(true, Map.of());
        SSLContext without = others.context(others.client("stranger"));
        try (AdminPort port = new AdminPort(settings, trust);
                Socket socket = trustingAll(without, port)) {
            assertThat(port.get("/health/live").statusCode()).isEqualTo(200);

            assertThatThrownBy(() -> {
                        socket.getOutputStream()
                                .write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
                        if (socket.getInputStream().read() < 0) {
                            throw new SSLException("closed");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    @DisplayName("[B10] shows a new certificate once the files hold one, and drops no connection for it")
    void renewed() throws Exception {
        try (AdminPort port = new AdminPort(settings(false, Map.of()), trust);
                SSLSocket before = connect(port, "TLSv1.3")) {
            X509Certificate first = shown(before);
            TestCertificates.Identity renewed = authority.server("127.0.0.1");
            Files.copy(renewed.key(), server.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(renewed.cert(), server.cert(), StandardCopyOption.REPLACE_EXISTING);

            Awaitility.await().atMost(AdminPort.PATIENCE).untilAsserted(() -> {
                try (SSLSocket after = connect(port, "TLSv1.3")) {
                    assertThat(shown(after)).isNotEqualTo(first);
                }
            });
            before.getOutputStream().write("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(before.getInputStream().read()).isEqualTo('H');
        }
    }

    @Test
    @DisplayName("[B10] counts its files that are renewed and that cannot be used, and tells when its certificate ends")
    void counted() throws Exception {
        TestCertificates.Identity renewed = authority.serverFor(Duration.ofDays(3), "127.0.0.1");
        try (AdminPort port = new AdminPort(settings(false, Map.of()), trust)) {
            assertThat(expiry(port)).isEqualTo(endOf(server));

            Files.copy(renewed.key(), server.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(renewed.cert(), server.cert(), StandardCopyOption.REPLACE_EXISTING);
            Awaitility.await().atMost(AdminPort.PATIENCE).until(() -> filesOf(port, "renewed") == 1);
            assertThat(expiry(port)).isEqualTo(endOf(renewed));
            assertThat(filesOf(port, "failed")).isZero();

            Files.writeString(server.cert(), "nothing");
            Awaitility.await().atMost(AdminPort.PATIENCE).until(() -> filesOf(port, "failed") == 1);
            assertThat(expiry(port)).isEqualTo(endOf(renewed));
        }
    }

    private static double filesOf(AdminPort port, String outcome) throws Exception {
        return Scrape.parse(port.get("/metrics").body())
                .value("gantry_admin_tls_files_" + outcome + "_total", Map.of());
    }

    private static double expiry(AdminPort port) throws Exception {
        return Scrape.parse(port.get("/metrics").body())
                .value("gantry_tls_certificate_expiry_timestamp_seconds", Map.of("listener", "admin"));
    }

    private static double endOf(TestCertificates.Identity identity) {
        return TestCertificates.certificateOf(identity)
                .getNotAfter()
                .toInstant()
                .getEpochSecond();
    }

    @Test
    @DisplayName("[B5] closes connections of those who are trusted no longer, and resumes none of their sessions")
    void trustChanged() throws Exception {
        Path trusted = authority.authority();
        try (AdminPort port = new AdminPort(settings(true, Map.of()), trust);
                SSLSocket before = connect(port, "TLSv1.3")) {
            before.getOutputStream().write("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(before.getInputStream().read()).isEqualTo('H');
            Files.copy(TestCertificates.in(directory).authority(), trusted, StandardCopyOption.REPLACE_EXISTING);

            assertThat(new String(before.getInputStream().readAllBytes(), ISO_8859_1))
                    .doesNotContain("HTTP/");
            assertThatThrownBy(() -> port.get("/health/live")).isInstanceOf(IOException.class);
        }
    }

    @Test
    @DisplayName("is called by the client with a token, which is not sent without TLS to another machine")
    void client() throws Exception {
        Secret token = new Secret(OPERATOR);
        try (AdminPort port = new AdminPort(settings(false, Map.of("x", operator())), trust)) {
            assertThat(new AdminClient(port.uri(), token, trust).status().version())
                    .isEqualTo("1.2.3");
            assertThatThrownBy(() -> new AdminClient(port.uri(), null, trust).status())
                    .isInstanceOf(AdminException.class)
                    .hasMessageContaining("--token-file");
            assertThatThrownBy(() -> new AdminClient(port.uri(), token, null).status())
                    .isInstanceOf(AdminException.class)
                    .hasMessageContaining("--ca-file");
        }
        assertThatThrownBy(() -> new AdminClient(URI.create("http://10.0.0.1:8080"), token, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https")
                .hasMessageNotContaining(OPERATOR);
        assertThat(new AdminClient(URI.create("http://[::1]:8080"), token, null))
                .isNotNull();
    }

    @Test
    @DisplayName("does not open with files that are no certificate, and names key and file")
    void noCertificate() throws Exception {
        Path nothing = Files.writeString(directory.resolve("nothing.pem"), "nothing");
        ServerTlsSettings tls = new ServerTlsSettings(
                nothing.toString(),
                server.key().toString(),
                null,
                List.of(),
                null,
                null,
                null,
                false,
                Duration.ofSeconds(5));

        assertThatThrownBy(() -> new AdminPort(AdminPort.settings(tls, Map.of()), trust))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("admin.tls.cert: ")
                .hasMessageContaining(nothing.toString());
    }

    private AdminSettings settings(boolean clients, Map<String, TokenSettings> tokens) {
        return settings(clients, tokens, Duration.ofMinutes(1));
    }

    private AdminSettings settings(boolean clients, Map<String, TokenSettings> tokens, Duration handshake) {
        return AdminPort.settings(
                new ServerTlsSettings(
                        server.cert().toString(),
                        server.key().toString(),
                        null,
                        List.of(),
                        clients ? authority.authority().toString() : null,
                        null,
                        null,
                        false,
                        handshake),
                tokens);
    }

    private static TokenSettings operator() {
        return new TokenSettings(new Secret(OPERATOR), Role.OPERATOR);
    }

    private SSLSocket connect(AdminPort port, String version) throws IOException {
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", port.port());
        socket.setSoTimeout((int) AdminPort.PATIENCE.toMillis());
        socket.setEnabledProtocols(new String[] {version});
        return socket;
    }

    /** A caller that does not look at the server's certificate, and shows one of a stranger. */
    private static Socket trustingAll(SSLContext shown, AdminPort port) throws IOException {
        Socket socket = shown.getSocketFactory().createSocket("127.0.0.1", port.port());
        socket.setSoTimeout((int) AdminPort.PATIENCE.toMillis());
        return socket;
    }

    private static X509Certificate shown(SSLSocket socket) throws IOException {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
}

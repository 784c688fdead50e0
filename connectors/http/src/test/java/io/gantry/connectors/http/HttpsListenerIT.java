// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.ListenAddress;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The HTTP listener with TLS")
class HttpsListenerIT {

    @TempDir
    private Path directory;

    private TestCertificates authority;
    private TestCertificates.Identity server;
    private SSLContext trust;

    @BeforeEach
    void certificates() {
        authority = TestCertificates.in(directory);
        server = authority.server("127.0.0.1");
        trust = authority.context(authority.client("plant"));
    }

    @Test
    @DisplayName("takes requests by https, from pages of its own too, and none by http")
    void https() throws Exception {
        try (Listening web = listening(false)) {
            String own = "https://127.0.0.1:" + web.port();

            assertThat(post(web, trust).statusCode()).isEqualTo(202);
            assertThat(post(web, trust, "Origin", own).statusCode()).isEqualTo(202);
            assertThat(post(web, trust, "Origin", own.replace("https", "http")).statusCode())
                    .isEqualTo(403);
            assertThat(web.raw("POST /in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"))
                    .doesNotContain("HTTP");
            assertThat(web.messages).hasSize(2);
            assertThat(web.routes.address("web")).startsWith("https listener 127.0.0.1:");
        }
    }

    @Test
    @DisplayName("takes requests of those alone who show a certificate of client-ca, which needs no other credentials")
    void clientCertificate() throws Exception {
        TestCertificates others = TestCertificates.in(directory);
        try (Listening web = listening(true)) {
            assertThat(post(web, trust).statusCode()).isEqualTo(202);
            assertThatThrownBy(() -> {
                        try (Socket stranger = connect(web, others.context(others.client("stranger")))) {
                            stranger.getOutputStream().write(1);
                            if (stranger.getInputStream().read() < 0) {
                                throw new IOException("closed");
                            }
                        }
                    })
                    .isInstanceOf(IOException.class);
            assertThat(web.messages).hasSize(1);
        }
        HttpListen elsewhere = Listening.encrypted(
                Listening.listen("127.0.0.1:0", null, null, null, false, null, Listening.LIMITS),
                tls(true, Duration.ofMinutes(1)));
        assertThatCode(() -> new HttpListen(
                        ListenAddress.fromText("0.0.0.0:0"),
                        elsewhere.tls(),
                        null,
                        null,
                        null,
                        false,
                        false,
                        null,
                        elsewhere.maxBody(),
                        elsewhere.maxHeaders(),
                        elsewhere.maxConnections(),
                        elsewhere.idleTimeout(),
                        elsewhere.requestTimeout(),
                        elsewhere.answerTimeout()))
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName("[B7] gives a handshake so long")
    void handshakeTimeout() throws Exception {
        HttpListen hasty = Listening.encrypted(Listening.plain(), tls(false, Duration.ofMillis(500)));
        try (Listening web = new Listening(hasty).route(Listening.from("/in")).start();
                Socket socket = web.connect()) {
            socket.getOutputStream().write(0x16);

            assertThat(Listening.read(socket)).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "[B10] shows a new certificate once the files hold one, drops no connection for it, and counts what it finds")
    void renewed() throws Exception {
        try (Listening web = listening(false);
                SSLSocket before = connect(web, trust)) {
            Certificate first = before.getSession().getPeerCertificates()[0];
            TestCertificates.Identity renewed = authority.server("127.0.0.1");
            Files.copy(renewed.key(), server.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(renewed.cert(), server.cert(), StandardCopyOption.REPLACE_EXISTING);

            Awaitility.await().atMost(Listening.PATIENCE).untilAsserted(() -> {
                try (SSLSocket after = connect(web, trust)) {
                    assertThat(after.getSession().getPeerCertificates()[0]).isNotEqualTo(first);
                }
            });
            before.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(before.getInputStream().read()).isEqualTo('H');
            assertThat(web.routes.certificateExpiries())
                    .containsExactly(Map.entry(
                            "web",
                            TestCertificates.certificateOf(renewed)
                                    .getNotAfter()
                                    .toInstant()));

            Files.writeString(server.cert(), "nothing");
            Awaitility.await().atMost(Listening.PATIENCE).untilAsserted(() -> assertThat(
                            web.routes.endpointCounts().get("web"))
                    .containsEntry("tls-file-renewed", 1L)
                    .containsEntry("tls-file-failed", 1L));
        }
    }

    @Test
    @DisplayName("[B5] closes connections of those who are trusted no longer, and resumes none of their sessions")
    void trustChanged() throws Exception {
        Path trusted = authority.authority();
        try (Listening web = listening(true);
                SSLSocket before = connect(web, trust)) {
            before.getOutputStream()
                    .write("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(before.getInputStream().read()).isEqualTo('H');
            Files.copy(TestCertificates.in(directory).authority(), trusted, StandardCopyOption.REPLACE_EXISTING);

            assertThat(Listening.read(before)).doesNotContain("HTTP/");
            assertThatThrownBy(() -> post(web, trust)).isInstanceOf(IOException.class);
        }
    }

    @Test
    @DisplayName("does not start with a file that is no certificate, and names key and file")
    void noCertificate() throws Exception {
        Files.writeString(server.cert(), "nothing");

        assertThatThrownBy(() -> listening(false).close())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("endpoints.web.http.listen.tls.cert: ")
                .hasMessageContaining(server.cert().toString());
    }

    private Listening listening(boolean clients) {
        HttpListen listen = Listening.encrypted(Listening.plain(), tls(clients, Duration.ofMinutes(1)));
        return new Listening(listen).route(Listening.from("/in")).start();
    }

    private ServerTlsSettings tls(boolean clients, Duration handshake) {
        return new ServerTlsSettings(
                server.cert().toString(),
                server.key().toString(),
                null,
                List.of(),
                clients ? authority.authority().toString() : null,
                null,
                null,
                false,
                handshake);
    }

    private static HttpResponse<String> post(Listening web, SSLContext trust, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + web.port() + "/in"))
                .timeout(Listening.PATIENCE)
                .POST(BodyPublishers.ofString("x"));
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trust)
                .build();
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }

    private static SSLSocket connect(Listening web, SSLContext trust) throws IOException {
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", web.port());
        socket.setSoTimeout((int) Listening.PATIENCE.toMillis());
        return socket;
    }
}

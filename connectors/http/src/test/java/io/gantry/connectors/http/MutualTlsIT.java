// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.http.OAuthSettings.ClientAuthentication;
import io.gantry.connectors.spi.TlsSettings;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An HTTPS service with certificates of its own authority")
class MutualTlsIT {
    private static final String HOST = "127.0.0.1";
    private static final String ANSWER = "{\"access_token\":\"t1\",\"token_type\":\"bearer\"}";

    @TempDir
    private Path directory = Path.of("");

    private TestCertificates authority;

    @BeforeEach
    void newAuthority() {
        authority = TestCertificates.in(directory);
    }

    private TlsSettings tls(TestCertificates trusted, @Nullable Identity own) {
        return new TlsSettings(
                trusted.authority().toString(),
                own == null ? null : own.cert().toString(),
                own == null ? null : own.encryptedKey().toString(),
                own == null ? null : new Secret(TestCertificates.PASSWORD));
    }

    private static ScriptedServer server(SSLContext tls, boolean wantsCertificate, ScriptedServer.Reply reply) {
        try {
            ServerSocket socket =
                    tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            ((SSLServerSocket) socket).setNeedClientAuth(wantsCertificate);
            return ScriptedServer.start(socket, reply);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Delivery outcome(Identity ofServer, boolean wantsCertificate, TlsSettings ofClient) {
        try (ScriptedServer server =
                server(authority.context(ofServer), wantsCertificate, ScriptedServer.status(200))) {
            Settings.EndpointDraft draft = new Settings.EndpointDraft("https://" + HOST + ":" + server.port());
            draft.tls = ofClient;
            try (Harness harness = new Harness(draft.settings())) {
                Delivery outcome = deliver(harness.start(Settings.to("/in")), message("a"));
                assertThat(server.requests).hasSize(outcome.equals(Delivery.accepted()) ? 1 : 0);
                return outcome;
            }
        }
    }

    @Test
    @DisplayName("is trusted by its authority, and is shown the gateway's certificate")
    void mutual() {
        Identity own = authority.client("gantry");

        assertThat(outcome(authority.server(HOST), false, tls(authority, null))).isEqualTo(Delivery.accepted());
        assertThat(outcome(authority.server(HOST), true, tls(authority, own))).isEqualTo(Delivery.accepted());
    }

    @Test
    @DisplayName("that has another host's, an expired, or another authority's certificate parks the route [B11] [D17]")
    void wrongServers() {
        TlsSettings trusting = tls(authority, null);

        assertParked(outcome(authority.server("other.example"), false, trusting));
        assertParked(outcome(authority.expiredServer(HOST), false, trusting));
        assertParked(outcome(authority.client("meter"), false, trusting));
        assertParked(outcome(authority.server(HOST), false, tls(TestCertificates.in(directory), null)));
    }

    @Test
    @DisplayName("that wants a certificate takes nothing without one, with an expired one, or with a stranger's")
    void wrongClients() {
        Identity server = authority.server(HOST);

        assertNotTaken(outcome(server, true, tls(authority, null)));
        assertNotTaken(outcome(server, true, tls(authority, authority.expiredClient("gantry"))));
        assertNotTaken(outcome(
                server, true, tls(authority, TestCertificates.in(directory).client("gantry"))));
    }

    @Test
    @DisplayName("gets its token from a token service that is checked in the same way")
    void tokenService() {
        ScriptedServer.Reply token = (request, socket) -> ScriptedServer.write(
                socket, ScriptedServer.head(200, "Content-Length: " + ANSWER.length()) + "\r\n" + ANSWER);
        try (ScriptedServer api = ScriptedServer.start(ScriptedServer.status(200));
                ScriptedServer good = server(authority.context(authority.server(HOST)), true, token);
                ScriptedServer bad = server(authority.context(authority.server("other.example")), false, token)) {
            assertThat(withToken(api, good)).isEqualTo(Delivery.accepted());

            Delivery refused = withToken(api, bad);

            assertParked(refused);
            assertThat(((Delivery.Unavailable) refused).reason())
                    .isEqualTo("the token service cannot be trusted: TLS was refused");
            assertThat(bad.requests).isEmpty();
            assertThat(api.requests).hasSize(1);
        }
    }

    private Delivery withToken(ScriptedServer api, ScriptedServer login) {
        Settings.EndpointDraft draft = new Settings.EndpointDraft(api.url());
        draft.tls = tls(authority, authority.client("gantry"));
        draft.oauth = new OAuthSettings(
                "https://" + HOST + ":" + login.port() + "/token",
                "plant",
                new Secret("hunter2"),
                null,
                null,
                ClientAuthentication.BASIC);
        try (Harness harness = new Harness(draft.settings())) {
            return deliver(harness.start(Settings.to("/in")), message("a"));
        }
    }

    private static void assertParked(Delivery outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                        .isEqualTo(Retry.whenMended()));
    }

    /** TLS 1.3 refuses a client's certificate after its handshake, so that it cannot always be told from a reset. */
    private static void assertNotTaken(Delivery outcome) {
        assertThat(outcome).isInstanceOf(Delivery.Unavailable.class);
    }
}

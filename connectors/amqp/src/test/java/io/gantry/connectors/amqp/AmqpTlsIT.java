// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.connectors.amqp.Harness.deliver;
import static io.gantry.connectors.amqp.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.amqp.AmqpEndpointSettings.Sasl;
import io.gantry.connectors.spi.TlsSettings;
import io.gantry.testbed.ArtemisServer;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.apache.qpid.proton.amqp.messaging.Accepted;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A broker behind TLS")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmqpTlsIT {

    @TempDir
    private static Path directory = Path.of("");

    private @Nullable ArtemisServer artemis;
    private @Nullable TlsSettings trusting;

    /** One server for localhost, which lets in one user, and whoever has the client certificate. */
    @BeforeAll
    void start() {
        TestCertificates certificates = TestCertificates.in(directory);
        trusting = new TlsSettings(
                certificates.authority().toString(),
                certificates.client("client").store().toString(),
                null,
                new Secret(TestCertificates.PASSWORD));
        artemis = ArtemisServer.start(new ArtemisServer.Setup(
                "gantry",
                "secret",
                new ArtemisServer.Tls(
                        certificates.server("localhost").store(),
                        certificates.authorityStore(),
                        TestCertificates.PASSWORD)));
    }

    @AfterAll
    void close() {
        server().close();
    }

    private ArtemisServer server() {
        if (artemis == null) {
            throw new IllegalStateException("Artemis is not running");
        }
        return artemis;
    }

    private TlsSettings tls() {
        if (trusting == null) {
            throw new IllegalStateException("there are no certificates yet");
        }
        return trusting;
    }

    private static Delivery outcome(AmqpEndpointSettings settings, String detail) {
        try (Harness harness = new Harness(settings)) {
            Sink sink = harness.to("secure", Settings.to("secure"));
            harness.routes.start();
            Delivery outcome = deliver(sink, message("a", "1"));
            assertThat(harness.details).anyMatch(each -> each.contains(detail));
            return outcome;
        }
    }

    private static void assertParked(Delivery outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                        .isEqualTo(Retry.whenMended()));
    }

    @Test
    @DisplayName("takes messages of a user with the right password")
    void password() {
        TlsSettings withoutCertificate = new TlsSettings(tls().ca(), null, null, null);

        assertThat(outcome(
                        Settings.endpoint(List.of(server().url()), "gantry", "secret", null, withoutCertificate),
                        "answers"))
                .isEqualTo(Delivery.accepted());
    }

    @Test
    @DisplayName("takes messages of a gateway that shows its certificate (SASL EXTERNAL)")
    void external() {
        assertThat(outcome(Settings.endpoint(List.of(server().url()), null, null, Sasl.EXTERNAL, tls()), "answers"))
                .isEqualTo(Delivery.accepted());
    }

    @Test
    @DisplayName("with a certificate of another host gets nothing; the route is parked [B11]")
    void otherHost() {
        String url = server().url().replace("localhost", "127.0.0.1");

        assertParked(outcome(Settings.endpoint(List.of(url), "gantry", "secret", null, tls()), "no TLS with"));
    }

    @Test
    @DisplayName("with a certificate that nobody trusts gets nothing; the route is parked [B11]")
    void unknownAuthority() {
        assertParked(outcome(
                Settings.endpoint(List.of(server().url()), "gantry", "secret", null, TlsSettings.PLAIN),
                "no TLS with"));
    }

    @Test
    @DisplayName("with an expired certificate of an authority that is trusted gets nothing; the route is parked [B11]")
    void expired(@TempDir Path authorities) throws IOException {
        TestCertificates authority = TestCertificates.in(authorities);

        assertParked(outcome(authority, authority.expiredServer("localhost"), "no TLS with"));
        assertThat(outcome(authority, authority.server("localhost"), "answers")).isEqualTo(Delivery.accepted());
    }

    private static Delivery outcome(TestCertificates authority, TestCertificates.Identity shown, String detail)
            throws IOException {
        ServerSocket secure = authority
                .context(shown)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        try (ScriptedBroker broker = new ScriptedBroker(
                secure, 10, (number, link, delivery) -> ScriptedBroker.settle(delivery, Accepted.getInstance()))) {
            TlsSettings trusting = new TlsSettings(authority.authority().toString(), null, null, null);
            return outcome(
                    Settings.endpoint(
                            List.of("amqps://localhost:" + broker.port()), null, null, Sasl.ANONYMOUS, trusting),
                    detail);
        }
    }
}

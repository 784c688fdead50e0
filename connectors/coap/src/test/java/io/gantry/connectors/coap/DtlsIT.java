// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Caller.shown;
import static io.gantry.connectors.coap.Harness.deliver;
import static io.gantry.connectors.coap.Harness.message;
import static io.gantry.connectors.coap.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.connectors.spi.TlsSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("By DTLS")
class DtlsIT {
    private static final ScriptedServer.Reply CHANGED = ScriptedServer.code(ResponseCode.CHANGED);

    @TempDir
    private static Path directory = Path.of("");

    private static @Nullable Certificates made;

    @BeforeAll
    static void make() throws Exception {
        made = Certificates.make(directory);
    }

    private static Certificates certificates() {
        return Objects.requireNonNull(made);
    }

    private static UnaryOperator<DtlsConnectorConfig.Builder> psk(String identity, String key) {
        return builder ->
                builder.setAdvancedPskStore(new AdvancedSinglePskStore(identity, key.getBytes(StandardCharsets.UTF_8)));
    }

    private static UnaryOperator<DtlsConnectorConfig.Builder> showing(String shown, boolean wantsClients) {
        return builder -> certificates().serve(builder, shown, wantsClients);
    }

    private static Settings to(int port) {
        return Settings.url("coaps://127.0.0.1:" + port).withWaits(Duration.ofMillis(150), 2, Duration.ofSeconds(30));
    }

    private static void assertParked(Delivery outcome) {
        assertThat(outcome).isInstanceOfSatisfying(Delivery.Unavailable.class, refused -> assertThat(refused.retry())
                .as(refused.reason())
                .isEqualTo(Retry.whenMended()));
    }

    @Test
    @DisplayName("a server with the same key takes messages, small and of several blocks")
    void sharedKey() {
        try (ScriptedServer server = ScriptedServer.secure(0, psk("gateway", "secret"), CHANGED);
                Harness harness = new Harness(to(server.port()).withPsk("gateway", "hex:736563726574"))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());
            assertThat(deliver(sink, message("a", MessageProperties.NONE, Payload.owning(new byte[5_000]))))
                    .isEqualTo(Delivery.accepted());

            assertThat(server.requests).hasSize(2);
            assertThat(harness.states).containsExactly(State.WAITING, State.CONNECTED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway:other", "nobody:secret"})
    @DisplayName("a server with another key parks the route, and gets no byte outside of DTLS [D20]")
    void wrongKey(String own) {
        String[] identity = own.split(":");
        try (ScriptedServer server = ScriptedServer.secure(0, psk(identity[0], identity[1]), CHANGED);
                LosingProxy proxy = new LosingProxy(server.port());
                Harness harness = new Harness(to(proxy.port()).withPsk("gateway", "secret"))) {
            assertParked(deliver(harness.start(Settings.to("/in")), message("a")));

            assertThat(server.requests).isEmpty();
            assertThat(proxy.kinds).isNotEmpty().allMatch(DtlsIT::isDtls);
        }
    }

    /** The first byte of a record of DTLS 1.2 (RFC 6347 §4.1); a message of CoAP begins with 0x40 to 0x7f. */
    private static boolean isDtls(int kind) {
        return kind >= 20 && kind <= 25;
    }

    @Test
    @DisplayName("a server that speaks plain CoAP gets nothing, and is for later [D20]")
    void plainServer() {
        try (ScriptedServer server = ScriptedServer.start(CHANGED);
                LosingProxy proxy = new LosingProxy(server.port());
                Harness harness = new Harness(to(proxy.port()).withPsk("gateway", "secret"))) {
            assertThat(deliver(harness.start(Settings.to("/in")), message("a")))
                    .isInstanceOf(Delivery.Unavailable.class);

            assertThat(server.requests).isEmpty();
            assertThat(proxy.kinds).isNotEmpty().allMatch(DtlsIT::isDtls);
        }
    }

    @Test
    @DisplayName("a server that has lost the session gets the message again by a new handshake [D20]")
    void lostSession() {
        int port = Harness.freePort();
        try (Harness harness = new Harness(to(port).withPsk("gateway", "secret"))) {
            Sink sink = harness.start(Settings.to("/in"));
            try (ScriptedServer server = ScriptedServer.secure(port, psk("gateway", "secret"), CHANGED)) {
                assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());
                assertThat(server.requests).hasSize(1);
            }
            try (ScriptedServer server = ScriptedServer.secure(port, psk("gateway", "secret"), CHANGED)) {
                soon().until(() -> deliver(sink, message("a")).equals(Delivery.accepted()));
                assertThat(server.requests).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6})
    @DisplayName("a server that suddenly sees another address gets the message at once by a connection id, or by a new"
            + " handshake [D20]")
    void rebind(int connectionId) {
        UnaryOperator<DtlsConnectorConfig.Builder> keys = builder ->
                psk("gateway", "secret").apply(builder).set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, connectionId);
        try (ScriptedServer server = ScriptedServer.secure(0, keys, CHANGED);
                LosingProxy proxy = new LosingProxy(server.port());
                Harness harness = new Harness(to(proxy.port()).withPsk("gateway", "secret"))) {
            Sink sink = harness.start(Settings.to("/in"));
            assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());

            proxy.rebind();

            Delivery first = deliver(sink, message("a"));
            if (connectionId > 0) {
                assertThat(first).isEqualTo(Delivery.accepted());
            }
            soon().until(() -> deliver(sink, message("a")).equals(Delivery.accepted()));
            assertThat(proxy.kinds).allMatch(DtlsIT::isDtls);
        }
    }

    @Test
    @DisplayName("a server is taken whose certificate is of its address and of an authority that is trusted")
    void certificate() throws Exception {
        assertThat(outcome("server", certificates().settings("authority", null)))
                .isEqualTo(Delivery.accepted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "expired", "stranger"})
    @DisplayName("a server whose certificate is of another host, has expired or is of nobody parks the route [B11]")
    void wrongCertificate(String shown) throws Exception {
        assertParked(outcome(shown, certificates().settings("authority", null)));
    }

    @Test
    @DisplayName("a server whose authority the JVM does not know parks the route when no other is trusted [B11]")
    void unknownAuthority() {
        assertParked(outcome("server", null));
    }

    private static Delivery outcome(String shown, @Nullable TlsSettings tls) {
        try (ScriptedServer server = ScriptedServer.secure(0, showing(shown, false), CHANGED);
                LosingProxy proxy = new LosingProxy(server.port());
                Harness harness = new Harness(
                        tls == null ? to(proxy.port()) : to(proxy.port()).withTls(tls))) {
            Delivery outcome = deliver(harness.start(Settings.to("/in")), message("a"));
            assertThat(server.requests).hasSize(outcome.equals(Delivery.accepted()) ? 1 : 0);
            assertThat(proxy.kinds).allMatch(DtlsIT::isDtls);
            return outcome;
        }
    }

    @Test
    @DisplayName(
            "a server that wants a certificate gets the gateway's; without one, or with a stranger's, it parks the route")
    void mutual() throws Exception {
        try (ScriptedServer server = ScriptedServer.secure(0, showing("server", true), CHANGED)) {
            assertThat(outcomeAt(server, certificates().settings("authority", "client")))
                    .isEqualTo(Delivery.accepted());
            assertParked(outcomeAt(server, certificates().settings("authority", null)));
            assertParked(outcomeAt(server, certificates().settings("authority", "stranger")));
            assertThat(server.requests).hasSize(1);
        }
    }

    private static Delivery outcomeAt(ScriptedServer server, TlsSettings tls) {
        try (Harness harness = new Harness(to(server.port()).withTls(tls))) {
            return deliver(harness.start(Settings.to("/in")), message("a"));
        }
    }

    @Test
    @DisplayName("clients whose key the endpoint knows are devices under their names; nobody else is let in")
    void listening() {
        int port = Harness.freePort();
        Devices devices = new Devices();
        try (Harness harness = new Harness(
                        Settings.listen("coaps://127.0.0.1:" + port)
                                .withTopics("/ps")
                                .withClients(Map.of("meter-1", "secret", "meter-2", "other")),
                        devices);
                Caller known = caller(port, "meter-1", "secret");
                Caller wrong = caller(port, "meter-2", "secret");
                Caller plain = new Caller(port)) {
            harness.listen();

            assertThat(shown(known.call(Code.POST, "/ps/a", "x"))).isEqualTo("2.04");
            assertThatThrownBy(() -> wrong.call(Code.POST, "/ps/a", "x")).hasMessageContaining("no answer");
            assertThatThrownBy(() -> plain.call(Code.POST, "/ps/a", "x")).hasMessageContaining("no answer");

            assertThat(devices.published).hasSize(1);
            assertThat(devices.published.get(0).origin())
                    .isEqualTo(new Origin.Device(new ClientId("coap:coap:meter-1"), null));
        }
    }

    private static Caller caller(int port, String identity, String key) {
        Configuration configuration = ScriptedServer.configuration()
                .set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY)
                .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 1);
        configuration.set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 300, TimeUnit.MILLISECONDS);
        return new Caller(
                port,
                new DTLSConnector(psk(identity, key)
                        .apply(DtlsConnectorConfig.builder(configuration)
                                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                        .build()));
    }
}

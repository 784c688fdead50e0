// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static io.gantry.connectors.mqtt.Harness.deliver;
import static io.gantry.connectors.mqtt.Harness.message;
import static io.gantry.connectors.mqtt.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.TlsSettings;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A connection to another broker")
class SecurityIT {

    @TempDir
    private Path directory = Path.of("");

    private static Delivery first(MqttEndpointSettings settings, String detail) {
        try (Harness harness = new Harness(settings)) {
            Sink sink = harness.to("to", Settings.to("a"));
            harness.routes.start();
            soon().until(() -> harness.details.stream().anyMatch(told -> told.contains(detail)));
            return deliver(sink, message("in/a", "x", Qos.AT_LEAST_ONCE));
        }
    }

    private static void assertParked(Delivery outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                        .isEqualTo(Retry.whenMended()));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("with the wrong password parks the route; with the right one it works")
    void password(MqttVersion version) throws Exception {
        Path passwords = directory.resolve("passwords");
        Files.writeString(passwords, "gw:secret\n");
        assertThat(new ProcessBuilder("mosquitto_passwd", "-U", passwords.toString())
                        .start()
                        .waitFor(1, TimeUnit.MINUTES))
                .isTrue();
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous false", "password_file " + passwords)) {
            Settings settings = Settings.at(broker.url()).version(version);
            assertParked(first(settings.login("gw", "wrong").build(), "not let"));
            assertThat(first(settings.login("gw", "secret").build(), "connected to"))
                    .isEqualTo(Delivery.accepted());
        }
    }

    private Mosquitto secured(TestCertificates authority, TestCertificates.Identity server, String... more) {
        String[] options = new String[more.length + 4];
        options[0] = "allow_anonymous true";
        options[1] = "cafile " + authority.authority();
        options[2] = "certfile " + server.cert();
        options[3] = "keyfile " + server.key();
        System.arraycopy(more, 0, options, 4, more.length);
        return Mosquitto.start(directory, options);
    }

    private static TlsSettings tls(Path ca, TestCertificates.@Nullable Identity own) {
        return new TlsSettings(
                ca.toString(),
                own == null ? null : own.cert().toString(),
                own == null ? null : own.key().toString(),
                null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtts", "wss"})
    @DisplayName("by TLS or WebSocket over TLS works with the gateway's certificate, and parks the route without it")
    void mutual(String scheme) throws Exception {
        TestCertificates authority = TestCertificates.in(directory);
        String protocol = scheme.equals("wss") ? "protocol websockets" : "protocol mqtt";
        try (Mosquitto broker =
                secured(authority, authority.server("127.0.0.1"), "require_certificate true", protocol)) {
            Settings settings = Settings.at(scheme + "://127.0.0.1:" + broker.port);
            assertThat(first(
                            settings.tls(tls(authority.authority(), authority.client("gw")))
                                    .build(),
                            "connected to"))
                    .isEqualTo(Delivery.accepted());
            assertThat(first(settings.tls(tls(authority.authority(), null)).build(), ": "))
                    .isInstanceOf(Delivery.Unavailable.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtts", "wss"})
    @DisplayName("to a broker with another host's certificate, or of an unknown authority, parks the route [B11]")
    void notTrusted(String scheme) throws Exception {
        TestCertificates authority = TestCertificates.in(directory);
        TestCertificates other = TestCertificates.in(directory);
        String protocol = scheme.equals("wss") ? "protocol websockets" : "protocol mqtt";
        try (Mosquitto broker = secured(authority, authority.server("other.example"), protocol)) {
            Settings settings = Settings.at(scheme + "://127.0.0.1:" + broker.port);
            assertParked(first(settings.tls(tls(authority.authority(), null)).build(), "TLS"));
            assertParked(first(settings.tls(tls(other.authority(), null)).build(), "TLS"));
        }
    }

    @Test
    @DisplayName("to a broker whose certificate has expired parks the route [B11]")
    void expired() throws Exception {
        TestCertificates authority = TestCertificates.in(directory);
        try (Mosquitto broker = secured(authority, authority.expiredServer("127.0.0.1"))) {
            Settings settings = Settings.at("mqtts://127.0.0.1:" + broker.port).tls(tls(authority.authority(), null));
            assertParked(first(settings.build(), "TLS"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("by WebSocket works with both versions")
    void webSocket(MqttVersion version) throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "protocol websockets", "allow_anonymous true")) {
            MqttEndpointSettings settings = Settings.at("ws://127.0.0.1:" + broker.port + "/mqtt")
                    .version(version)
                    .build();
            assertThat(first(settings, "connected to")).isEqualTo(Delivery.accepted());
        }
    }

    @Test
    @DisplayName("offers the protocols of alpn in the TLS handshake")
    void alpn() throws Exception {
        TestCertificates authority = TestCertificates.in(directory);
        try (SSLServerSocket socket = (SSLServerSocket) authority
                .context(authority.server("127.0.0.1"))
                .getServerSocketFactory()
                .createServerSocket(0)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"x-amzn-mqtt-ca"});
            socket.setSSLParameters(parameters);
            CompletableFuture<String> chosen = CompletableFuture.supplyAsync(() -> {
                try (SSLSocket client = (SSLSocket) socket.accept()) {
                    client.startHandshake();
                    return client.getApplicationProtocol();
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
            Settings settings = Settings.at("mqtts://127.0.0.1:" + socket.getLocalPort())
                    .tls(tls(authority.authority(), null))
                    .alpn("x-amzn-mqtt-ca");
            try (Harness harness = new Harness(settings.build())) {
                harness.to("to", Settings.to("a"));
                harness.routes.start();
                assertThat(chosen.get(2, TimeUnit.MINUTES)).isEqualTo("x-amzn-mqtt-ca");
            }
        }
    }
}

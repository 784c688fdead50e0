// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.security.ServerTls.ClientCertificate;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.security.ServerTlsSettings.NamedCertificate;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.settings.Secret;
import io.gantry.app.yaml.InvalidConfigException;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.mqtt.ListenerUrl;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A configuration file")
class ListenerKeysTest {
    private static final String LISTENERS = """
            listeners:
              - {url: "mqtt://[::1]:1", max-packet-size: 1KiB, connect-timeout: 250ms, max-connections: 1,
                 max-connections-per-address: 2, packet-timeout: 5s, max-accept-rate: 3,
                 max-accept-rate-per-address: 4, proxy-protocol: true, trusted-proxies: ["10.0.0.7", "2001:db8::/32"]}
              - {url: "ws://127.0.0.1", allowed-origins: ["https://panel.example", "http://localhost:8000"]}
            shutdown-timeout: 1m
            sys-interval: 0s
            """;

    @Test
    @DisplayName("has these keys for listeners")
    void listenerKeys() throws InvalidConfigException {
        GatewaySettings settings = read(LISTENERS);

        assertThat(settings.listeners())
                .containsExactly(
                        new ListenerSettings(
                                new ListenerUrl("::1", 1),
                                null,
                                new ByteSize(1024),
                                Duration.ofMillis(250),
                                1,
                                2,
                                List.of(),
                                Duration.ofSeconds(5),
                                3,
                                4,
                                true,
                                List.of("10.0.0.7", "2001:db8::/32")),
                        new ListenerSettings(
                                new ListenerUrl(ListenerUrl.Transport.WS, "127.0.0.1", 8083, "/mqtt"),
                                null,
                                ByteSize.fromText("256KiB"),
                                Duration.ofSeconds(10),
                                100_000,
                                1_000,
                                List.of("https://panel.example", "http://localhost:8000"),
                                Duration.ofMinutes(1),
                                2_000,
                                1_000,
                                false,
                                List.of()));
        assertThat(settings.shutdownTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.sysInterval()).isZero();
    }

    @Test
    @DisplayName("has these keys for the TLS of listeners")
    void tlsKeys() throws InvalidConfigException {
        GatewaySettings settings = read("""
                listeners:
                  - url: mqtts://127.0.0.1
                    tls: {cert: c.pem, key: c.key, client-ca: ca.pem}
                  - url: wss://127.0.0.1
                    tls: {cert: c.p12, key-password: hunter2, sni: [{cert: d.pem, key: d.key}], client-ca: ca.p12,
                          client-cert: optional, crl: r.crl, ocsp: true, handshake-timeout: 1s}
                """);

        assertThat(settings.listeners().get(0).url().port()).isEqualTo(8883);
        assertThat(settings.listeners().get(0).tls())
                .isEqualTo(new ServerTlsSettings(
                        "c.pem",
                        "c.key",
                        null,
                        List.of(),
                        "ca.pem",
                        ClientCertificate.REQUIRED,
                        null,
                        false,
                        Duration.ofSeconds(5)));
        assertThat(settings.listeners().get(1).url()).hasToString("wss://127.0.0.1:8084/mqtt");
        assertThat(settings.listeners().get(1).tls())
                .isEqualTo(new ServerTlsSettings(
                        "c.p12",
                        null,
                        new Secret("hunter2"),
                        List.of(new NamedCertificate("d.pem", "d.key", null)),
                        "ca.p12",
                        ClientCertificate.OPTIONAL,
                        "r.crl",
                        true,
                        Duration.ofSeconds(1)));
    }

    private static GatewaySettings read(String yaml) throws InvalidConfigException {
        return new ConfigFile(List.of(new Shelf("shelf")), Map.<String, String>of()::get).read("g.yaml", yaml);
    }
}

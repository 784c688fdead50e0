// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.gantry.mqtt.session.Counter;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Devices over TLS")
class TlsIT {
    private static final int DEVICES = Integer.getInteger("gantry.tls.devices", 200);

    @TempDir
    private Path directory = Path.of("");

    private TestCertificates authority;
    private Identity own;

    @BeforeEach
    void newAuthority() {
        authority = TestCertificates.in(directory);
        own = authority.server("127.0.0.1");
    }

    private TestGateway start() throws Exception {
        return TestGateway.listening("""
                - {url: "wss://127.0.0.1:0", tls: {cert: "%1$s", key: "%2$s"}}
                - {url: "mqtts://127.0.0.1:0", max-connections-per-address: 2000,
                   tls: {cert: "%1$s", key: "%2$s", client-ca: "%3$s", client-cert: optional}}
                """.formatted(own.cert(), own.key(), authority.authority()));
    }

    @Test
    @DisplayName("get what devices over WebSocket in TLS send, and the other way, with certificates on both sides")
    void bothTransports() throws Exception {
        try (TestGateway gateway = start()) {
            Mqtt5AsyncClient meter = TestGateway.client("meter", gateway.port())
                    .useMqttVersion5()
                    .transportConfig()
                    .sslConfig(sslOf(authority.client("meter")))
                    .applyTransportConfig()
                    .buildAsync();
            Mqtt5AsyncClient page = TestGateway.client("page", gateway.webSocketPort())
                    .useMqttVersion5()
                    .transportConfig()
                    .sslConfig(sslOf(authority.client("page")))
                    .webSocketConfig()
                    .serverPath("mqtt")
                    .handshakeTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                    .applyWebSocketConfig()
                    .applyTransportConfig()
                    .buildAsync();
            List<String> got = new CopyOnWriteArrayList<>();
            for (Mqtt5AsyncClient device : List.of(meter, page)) {
                device.connect().get(Patience.SECONDS, TimeUnit.SECONDS);
                device.subscribeWith()
                        .topicFilter(
                                "to/" + device.getConfig().getClientIdentifier().orElseThrow())
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .callback(message -> got.add(new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8)))
                        .send()
                        .get(Patience.SECONDS, TimeUnit.SECONDS);
            }

            assertThat(publish(meter, "to/page", "from meter")).isTrue();
            assertThat(publish(page, "to/meter", "from page")).isTrue();

            await().untilAsserted(() -> assertThat(got).containsExactlyInAnyOrder("from meter", "from page"));
            meter.disconnect().get(Patience.SECONDS, TimeUnit.SECONDS);
            page.disconnect().get(Patience.SECONDS, TimeUnit.SECONDS);
        }
    }

    private static boolean publish(Mqtt5AsyncClient device, String topic, String payload) throws Exception {
        return device.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS)
                .getError()
                .isEmpty();
    }

    private MqttClientSslConfig sslOf(Identity identity) throws Exception {
        char[] password = TestCertificates.PASSWORD.toCharArray();
        KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        shown.init(KeyStore.getInstance(identity.store().toFile(), password), password);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(KeyStore.getInstance(authority.authorityStore().toFile(), password));
        return MqttClientSslConfig.builder()
                .keyManagerFactory(shown)
                .trustManagerFactory(trusted)
                .handshakeTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                .build();
    }

    @Test
    @DisplayName("stay, all of them, when the certificate is renewed; new ones see the new one, also after a file that"
            + " cannot be used, which is counted; and its end is told [B10]")
    void renewed() throws Exception {
        Identity after = authority.server("127.0.0.1");
        List<SSLSocket> devices = new ArrayList<>();
        try (TestGateway gateway = start()) {
            SSLContext tls = authority.context();
            for (int i = 0; i < DEVICES; i++) {
                devices.add(connected(tls, gateway.port(), "device-" + i));
            }

            replace(own.key(), after.key());
            replace(own.cert(), after.cert());
            // for each of the two listeners
            await().until(() -> gateway.count(Counter.TLS_FILES_RENEWED) == 2);
            replace(own.cert(), own.encryptedKey());
            await().until(() -> gateway.count(Counter.TLS_FILES_FAILED) == 2);

            try (SSLSocket late = connected(authority.context(), gateway.port(), "late")) {
                assertThat(late.getSession().getPeerCertificates()[0]).isEqualTo(TestCertificates.certificateOf(after));
            }
            for (SSLSocket device : devices) {
                device.getOutputStream().write(new byte[] {(byte) 0xC0, 0});
            }
            for (SSLSocket device : devices) {
                assertThat(device.getInputStream().readNBytes(2)).containsExactly(0xD0, 0);
            }
            assertThat(gateway.count(Counter.TLS_HANDSHAKES_FAILED)).isZero();
            double end = TestCertificates.certificateOf(after)
                    .getNotAfter()
                    .toInstant()
                    .getEpochSecond();
            assertThat(gateway.metrics())
                    .contains(expiry("mqtts://127.0.0.1:0", end), expiry("wss://127.0.0.1:0/mqtt", end))
                    .contains("gantry_security_rules_without_value_total 0.0")
                    .contains("gantry_security_key_files_failed_total 0.0");
        } finally {
            for (SSLSocket device : devices) {
                device.close();
            }
        }
    }

    private static String expiry(String listener, double end) {
        return "gantry_tls_certificate_expiry_timestamp_seconds{listener=\"" + listener + "\"} " + end;
    }

    private static SSLSocket connected(SSLContext tls, int port, String clientId) throws IOException {
        SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(Patience.SECONDS * 1_000);
        byte[] name = clientId.getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream().write(new byte[] {
            0x10, (byte) (12 + name.length), 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, (byte) name.length
        });
        socket.getOutputStream().write(name);
        assertThat(socket.getInputStream().readNBytes(4)).containsExactly(0x20, 2, 0, 0);
        return socket;
    }

    private static void replace(Path file, Path by) throws IOException {
        Path beside = Files.copy(by, file.resolveSibling(file.getFileName() + ".new"));
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    @DisplayName(
            "find no gateway when a certificate cannot be used: it refuses to start, and names listener, key and file")
    void refused() throws Exception {
        Files.delete(own.key());

        assertThatThrownBy(this::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("listener wss://127.0.0.1:0/mqtt: tls.key: must be a file that can be read, was '"
                        + own.key() + "'");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gantry.api.files.FileCounts;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.mqtt.connection.TlsEngines;
import io.gantry.mqtt.session.Counter;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import io.gantry.tls.ReloadingTls;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A listener with TLS")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
    private static final Duration MINUTES = Duration.ofMinutes(2);
    private static final int ALERT = 0x15;

    @TempDir
    private static Path directory = Path.of("");

    private TestCertificates authority;
    private Identity own;
    private Identity meter;
    private MqttServer server;
    private final List<ReloadingTls> open = new ArrayList<>();

    static Stream<TlsEngines> available() {
        return OpenSsl.isAvailable()
                ? Stream.of(TlsEngines.ofJdk(), TlsEngines.ofOpenSsl())
                : Stream.of(TlsEngines.ofJdk());
    }

    @BeforeAll
    void start() {
        authority = TestCertificates.in(directory);
        own = authority.server("127.0.0.1");
        meter = authority.client("meter");
        server = TestServers.open();
    }

    @AfterAll
    void stop() throws InterruptedException {
        server.close();
        open.forEach(ReloadingTls::close);
    }

    @Test
    @DisplayName("is served by OpenSSL where Netty has it")
    void best() {
        assertThat(TlsEngines.best().name()).isEqualTo(OpenSsl.isAvailable() ? "openssl" : "jdk");
    }

    @ParameterizedTest
    @MethodSource("available")
    @DisplayName("serves devices in TLS 1.3 and 1.2, shows its certificate, and agrees on mqtt by ALPN")
    void serves(TlsEngines engines) throws Exception {
        InetSocketAddress address = listen(engines, false, null, Duration.ofSeconds(30));

        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            for (int i = 0; i < 4; i++) {
                try (TlsDevice device = TlsDevice.of(address, authority.context(), protocol)) {
                    assertThat(device.connects(4, "device-" + i).hears()).containsExactly(0, 0);
                    assertThat(device.isServed()).isTrue();
                    assertThat(device.shown()).isEqualTo(TestCertificates.certificateOf(own));
                    assertThat(device.socket().getApplicationProtocol()).isEqualTo("mqtt");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("available")
    @DisplayName("takes no SSL 3, TLS 1.0 or 1.1, and no cipher without forward secrecy, RC4 or none [B1]")
    void oldProtocols(TlsEngines engines) throws Exception {
        InetSocketAddress address = listen(engines, false, null, Duration.ofSeconds(30));
        long failed = server.count(Counter.TLS_HANDSHAKES_FAILED);

        for (String version : List.of("0300", "0301", "0302")) {
            assertThat(firstAnswer(address, hello(version, "C02BC02F009C"))).isEqualTo(ALERT);
        }
        for (String suite : List.of("0000", "0001", "0004", "0005", "0003", "002F", "009C", "C007")) {
            assertThat(firstAnswer(address, hello("0303", suite))).isEqualTo(ALERT);
        }
        assertThat(firstAnswer(address, hello("0303", "C02BC02F"))).isEqualTo(0x16);
        await().atMost(MINUTES).untilAsserted(() -> assertThat(server.count(Counter.TLS_HANDSHAKES_FAILED))
                .isGreaterThanOrEqualTo(failed + 11));
    }

    /** A ClientHello with curves and signatures that the server has, so that only the rest can be at fault. */
    private static byte[] hello(String version, String suites) {
        String extensions = "000A000600040017001D" + "000B00020100" + "000D0006000404030804";
        String body = version + "00".repeat(32) + "00" + hex16(suites.length() / 2) + suites + "0100"
                + hex16(extensions.length() / 2) + extensions;
        String message = "01" + "00" + hex16(body.length() / 2) + body;
        return HexFormat.of().parseHex("16" + "0301" + hex16(message.length() / 2) + message);
    }

    private static String hex16(int value) {
        return String.format("%04X", value);
    }

    private static int firstAnswer(InetSocketAddress address, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(120_000);
            socket.getOutputStream().write(bytes);
            return socket.getInputStream().read();
        }
    }

    @ParameterizedTest
    @MethodSource("available")
    @DisplayName("ends a connection that asks for another handshake in TLS 1.2 [B2]")
    void renegotiation(TlsEngines engines) throws Exception {
        InetSocketAddress address = listen(engines, false, null, Duration.ofSeconds(30));
        long violations = server.count(Counter.TLS_VIOLATIONS);
        try (TlsDevice device = TlsDevice.of(address, authority.context(), "TLSv1.2")) {
            assertThat(device.connects(4, "again").hears()).containsExactly(0, 0);

            device.socket().startHandshake();

            assertThatThrownBy(() -> assertThat(device.isServed()).isTrue())
                    .isInstanceOfAny(IOException.class, AssertionError.class);
        }
        await().atMost(MINUTES).untilAsserted(() -> assertThat(server.count(Counter.TLS_VIOLATIONS))
                .isGreaterThan(violations));
    }

    @ParameterizedTest
    @MethodSource("available")
    @DisplayName("ends a connection that changes its keys again and again, and not one that does so now and then [B3]")
    void keyUpdates(TlsEngines engines) throws Exception {
        InetSocketAddress address = listen(engines, false, null, Duration.ofSeconds(30));
        long violations = server.count(Counter.TLS_VIOLATIONS);
        try (TlsDevice device = TlsDevice.of(address, authority.context(), "TLSv1.3")) {
            assertThat(device.connects(4, "keys").hears()).containsExactly(0, 0);
            for (int i = 0; i < 5; i++) {
                device.socket().startHandshake();
            }
            assertThat(device.isServed()).isTrue();
            assertThat(server.count(Counter.TLS_VIOLATIONS)).isEqualTo(violations);

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 2_000; i++) {
                            device.socket().startHandshake();
                        }
                        assertThat(device.isServed()).isTrue();
                    })
                    .isInstanceOfAny(IOException.class, AssertionError.class);
        }
        await().atMost(MINUTES).untilAsserted(() -> assertThat(server.count(Counter.TLS_VIOLATIONS))
                .isEqualTo(violations + 1));
    }

    @ParameterizedTest
    @MethodSource("available")
    @DisplayName("waits for a handshake no longer than handshake-timeout, however it trickles in [B7]")
    void trickle(TlsEngines engines) throws Exception {
        InetSocketAddress address = listen(engines, false, null, Duration.ofMillis(300));
        long failed = server.count(Counter.TLS_HANDSHAKES_FAILED);
        byte[] hello = hello("0303", "C02BC02F");
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(120_000);
            // one byte of the ClientHello in each record, and never the last
            for (int i = 5; i < hello.length - 1; i++) {
                socket.getOutputStream().write(new byte[] {0x16, 3, 1, 0, 1, hello[i]});
            }

            while (socket.getInputStream().read() >= 0) {
                // an alert
            }
        } catch (IOException reset) {
            assertThat(reset).isNotInstanceOf(SocketTimeoutException.class);
        }
        assertThat(server.count(Counter.TLS_HANDSHAKES_FAILED)).isGreaterThan(failed);
    }

    @ParameterizedTest
    @MethodSource("available")
    @DisplayName("closes at once on who speaks no TLS, and one without TLS on who does [A4]")
    void mixedUp(TlsEngines engines) throws Exception {
        InetSocketAddress secured = listen(engines, false, null, Duration.ofMinutes(1));
        InetSocketAddress plain = server.listen(TestListeners.plain(), null);
        long failed = server.count(Counter.TLS_HANDSHAKES_FAILED);
        long malformed = server.count(Counter.PACKETS_MALFORMED);

        byte[] connect = {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 0};
        assertThat(firstAnswer(secured, connect)).isIn(-1, ALERT);
        assertThatThrownBy(() -> TlsDevice.of(plain, authority.context(), "TLSv1.3"))
                .isInstanceOf(IOException.class);

        await().atMost(MINUTES).untilAsserted(() -> assertThat(server.count(Counter.TLS_HANDSHAKES_FAILED))
                .isGreaterThan(failed));
        assertThat(server.count(Counter.PACKETS_MALFORMED)).isGreaterThan(malformed);
        assertThat(firstAnswer(plain, connect)).isEqualTo(0x20);
    }

    @ParameterizedTest
    @MethodSource("available")
    @DisplayName("takes a certificate of its authority, and refuses none, a stranger's, an expired one, one that is no"
            + " client's, and one with too many names [B4] [B8]")
    void certificates(TlsEngines engines) throws Exception {
        InetSocketAddress address = listen(engines, true, null, Duration.ofSeconds(30));

        try (TlsDevice device = TlsDevice.of(address, authority.context(meter), "TLSv1.3")) {
            assertThat(device.connects(4, "meter").hears()).containsExactly(0, 0);
        }
        for (Identity wrong : List.of(
                authority.expiredClient("meter"),
                authority.server("127.0.0.1"),
                authority.clientWithHosts("meter", 100),
                TestCertificates.in(directory).client("meter"))) {
            for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
                assertThatThrownBy(() -> {
                            try (TlsDevice device = TlsDevice.of(address, authority.context(wrong), protocol)) {
                                assertThat(device.connects(4, "meter").hears()).isNotEmpty();
                            }
                        })
                        .as("%s in %s", wrong, protocol)
                        .isInstanceOfAny(IOException.class, AssertionError.class);
            }
        }
        assertThatThrownBy(() -> TlsDevice.of(address, authority.context(), "TLSv1.2"))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @MethodSource("available")
    @DisplayName(
            "tells a connected device whose certificate gets revoked that it may not be here (0x87), and nobody else;"
                    + " it does not come back, not even by resuming its session [B5]")
    void revoked(TlsEngines engines) throws Exception {
        Identity bad = authority.client("bad");
        Path list = authority.revoking();
        InetSocketAddress address = listen(engines, true, list, Duration.ofSeconds(30));
        SSLContext resuming = authority.context(bad);
        try (TlsDevice goodDevice = TlsDevice.of(address, authority.context(meter), "TLSv1.3");
                TlsDevice badDevice = TlsDevice.of(address, resuming, "TLSv1.3")) {
            assertThat(goodDevice.connects(5, "good").hears()).startsWith(0, 0);
            assertThat(badDevice.connects(5, "bad").hears()).startsWith(0, 0);

            Files.move(authority.revoking(bad), list, StandardCopyOption.REPLACE_EXISTING);

            assertThat(badDevice.hears()).startsWith(0x87);
            assertThat(badDevice.socket().getInputStream().read()).isEqualTo(-1);
            assertThat(goodDevice.isServed()).isTrue();
            assertThatThrownBy(() -> {
                        try (TlsDevice again = TlsDevice.of(address, resuming, "TLSv1.3")) {
                            assertThat(again.connects(5, "bad").hears()).isNotEmpty();
                        }
                    })
                    .isInstanceOfAny(IOException.class, AssertionError.class);
        }
    }

    private InetSocketAddress listen(TlsEngines engines, boolean asking, @Nullable Path crl, Duration timeout)
            throws Exception {
        ServerTlsSettings settings = new ServerTlsSettings(
                own.cert().toString(),
                own.key().toString(),
                null,
                List.of(),
                asking ? authority.authority().toString() : null,
                null,
                crl == null ? null : crl.toString(),
                false,
                timeout);
        ReloadingTls tls = ReloadingTls.open(settings, new FileCounts());
        open.add(tls);
        return server.listen(TestListeners.on("mqtts", settings), tls, engines);
    }
}

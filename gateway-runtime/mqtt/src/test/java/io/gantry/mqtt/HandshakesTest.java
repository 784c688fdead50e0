// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.files.FileCounts;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.security.ServerTlsSettings.NamedCertificate;
import io.gantry.mqtt.connection.TlsEngines;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import io.gantry.tls.ReloadingTls;
import io.netty.handler.ssl.OpenSsl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A handshake with a listener")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakesTest {
    @TempDir
    private static Path directory = Path.of("");

    private TestCertificates authority;
    private MqttServer server;
    private final List<ReloadingTls> open = new ArrayList<>();

    static Stream<TlsEngines> engines() {
        return OpenSsl.isAvailable()
                ? Stream.of(TlsEngines.ofJdk(), TlsEngines.ofOpenSsl())
                : Stream.of(TlsEngines.ofJdk());
    }

    static Stream<Arguments> enginesAndCuts() {
        return engines().flatMap(engine -> Stream.of(CutSocket.Cut.values()).map(cut -> Arguments.of(engine, cut)));
    }

    static Stream<Arguments> enginesAndKeys() {
        return engines()
                .flatMap(engine -> Stream.of("RSA", "secp384r1", "secp521r1").map(keys -> Arguments.of(engine, keys)));
    }

    @BeforeAll
    void start() {
        authority = TestCertificates.in(directory);
        server = TestServers.open();
    }

    @AfterAll
    void stop() throws InterruptedException {
        server.close();
        open.forEach(ReloadingTls::close);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("enginesAndCuts")
    @DisplayName(
            "whose ClientHello comes byte by byte, in segments of TCP or records of TLS, shows the certificate that is"
                    + " asked for by name, and none for another name [B6]")
    void cutHello(TlsEngines engines, CutSocket.Cut cut) throws Exception {
        Identity first = authority.server("a.example");
        Identity second = authority.server("b.example");
        InetSocketAddress address = listen(engines, first, second);

        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            CutSocket below = new CutSocket(cut);
            try (SSLSocket device = device(below, address, protocol, "b.example")) {
                device.startHandshake();
                assertThat(below.pieces()).isGreaterThan(100);
                assertThat(device.getSession().getPeerCertificates()[0])
                        .isEqualTo(TestCertificates.certificateOf(second));
            }
            try (SSLSocket device = device(new CutSocket(cut), address, protocol, "c.example")) {
                assertThatThrownBy(device::startHandshake).isInstanceOf(IOException.class);
            }
        }
    }

    private SSLSocket device(CutSocket below, InetSocketAddress address, String protocol, String host)
            throws IOException {
        below.connect(address);
        below.setTcpNoDelay(true);
        SSLSocket device =
                (SSLSocket) authority.context().getSocketFactory().createSocket(below, host, address.getPort(), true);
        device.setSoTimeout(120_000);
        SSLParameters parameters = device.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        parameters.setServerNames(List.of(new SNIHostName(host)));
        device.setSSLParameters(parameters);
        return device;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("enginesAndKeys")
    @DisplayName("shows a certificate with a key of RSA, P-384 or P-521")
    void otherKeys(TlsEngines engines, String keys) throws Exception {
        Identity own = authority.serverWithKeys(keys, "127.0.0.1");
        InetSocketAddress address = listen(engines, own, null);

        for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
            try (TlsDevice device = TlsDevice.of(address, authority.context(), protocol)) {
                assertThat(device.connects(4, "keys").hears()).containsExactly(0, 0);
                assertThat(device.shown()).isEqualTo(TestCertificates.certificateOf(own));
            }
        }
    }

    private InetSocketAddress listen(TlsEngines engines, Identity first, @Nullable Identity named) throws Exception {
        ServerTlsSettings settings = new ServerTlsSettings(
                first.cert().toString(),
                first.key().toString(),
                null,
                named == null
                        ? List.of()
                        : List.of(new NamedCertificate(
                                named.cert().toString(), named.key().toString(), null)),
                null,
                null,
                null,
                false,
                Duration.ofSeconds(60));
        ReloadingTls tls = ReloadingTls.open(settings, new FileCounts());
        open.add(tls);
        return server.listen(TestListeners.on("mqtts", settings), tls, engines);
    }
}

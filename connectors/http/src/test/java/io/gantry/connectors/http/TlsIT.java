// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.connectors.spi.EndpointWatcher.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An HTTPS service")
class TlsIT {
    private static final String PASSWORD = "only-for-this-test";
    private static final String TRUST = "javax.net.ssl.trustStore";
    private static final String TRUST_PASSWORD = "javax.net.ssl.trustStorePassword";

    @TempDir
    private Path directory = Path.of("");

    @AfterEach
    void forgetTrust() {
        System.clearProperty(TRUST);
        System.clearProperty(TRUST_PASSWORD);
    }

    @Test
    @DisplayName("whose certificate the JVM trusts for its host takes messages")
    void trusted() throws Exception {
        Path keys = certificate("SAN=ip:127.0.0.1");
        trust(keys);

        assertThat(outcome(keys, State.CONNECTED)).isEqualTo(Delivery.accepted());
    }

    @Test
    @DisplayName("whose certificate nobody trusts parks the route, and gets no byte of a request [D17]")
    void untrusted() throws Exception {
        assertParked(outcome(certificate("SAN=ip:127.0.0.1"), State.WAITING));
    }

    @Test
    @DisplayName("whose certificate is trusted, but of another host, parks the route [D17]")
    void otherHost() throws Exception {
        Path keys = certificate("SAN=dns:other.example");
        trust(keys);

        assertParked(outcome(keys, State.WAITING));
    }

    @Test
    @DisplayName("whose certificate has expired parks the route [D17]")
    void expired() throws Exception {
        Path keys = certificate("SAN=ip:127.0.0.1", "-startdate", "-10d", "-validity", "5");
        trust(keys);

        assertParked(outcome(keys, State.WAITING));
    }

    @ParameterizedTest
    @CsvSource({"70, true", "40, true", "80, false"})
    @DisplayName("that refuses the handshake parks the route; one that has an error of its own is tried again soon")
    void refusesTheHandshake(int alert, boolean parked) throws Exception {
        byte[] fatal = {21, 3, 3, 0, 2, 2, (byte) alert};
        try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
                try (Socket client = listening.accept()) {
                    client.getInputStream().readNBytes(5);
                    client.getOutputStream().write(fatal);
                    client.shutdownOutput();
                    client.getInputStream().readAllBytes();
                } catch (IOException gone) {
                    throw new UncheckedIOException(gone);
                }
            });
            try (Harness harness = new Harness(Settings.endpoint("https://127.0.0.1:" + listening.getLocalPort()))) {
                Delivery outcome = deliver(harness.start(Settings.to("/in")), message("a"));

                assertThat(outcome).isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(
                                unavailable.retry())
                        .isEqualTo(parked ? Retry.whenMended() : Retry.soon()));
            }
            assertThat(server).succeedsWithin(Duration.ofMinutes(2));
        }
    }

    @Test
    @DisplayName("that goes away within the handshake is tried again soon")
    void cutOff() throws Exception {
        ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ScriptedServer.Reply closes = (request, socket) -> socket.close();
        try (ScriptedServer server = ScriptedServer.start(plain, closes);
                Harness harness = new Harness(Settings.endpoint("https://127.0.0.1:" + server.port()))) {
            Delivery outcome = deliver(harness.start(Settings.to("/in")), message("a"));

            assertThat(outcome)
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                            .isEqualTo(Retry.soon()));
        }
    }

    private Delivery outcome(Path keys, State state) throws IOException, GeneralSecurityException {
        return outcome(socket(keys), state);
    }

    private static Delivery outcome(ServerSocket socket, State state) {
        try (ScriptedServer server = ScriptedServer.start(socket, ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint("https://127.0.0.1:" + server.port()))) {
            Delivery outcome = deliver(harness.start(Settings.to("/in")), message("a"));

            assertThat(server.requests).hasSize(outcome.equals(Delivery.accepted()) ? 1 : 0);
            assertThat(harness.states).endsWith(state);
            return outcome;
        }
    }

    private static void assertParked(Delivery outcome) {
        assertThat(outcome).isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> {
            assertThat(unavailable.retry()).isEqualTo(Retry.whenMended());
            assertThat(unavailable.reason()).contains("TLS");
        });
    }

    /** A key with its certificate, and the authority that has signed it, made by the JDK's tool. */
    private Path certificate(String names, String... more) throws IOException, InterruptedException {
        Path store = directory.resolve("keys.p12");
        keytool(store, "authority", List.of("-ext", "BC=ca:true"));
        List<String> ofServer = new ArrayList<>(List.of("-signer", "authority", "-ext", names));
        ofServer.addAll(List.of(more));
        keytool(store, "server", ofServer);
        return store;
    }

    private void keytool(Path store, String alias, List<String> more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        command.addAll(more);
        Path log = directory.resolve(alias + ".log");
        Process tool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(tool.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(tool.exitValue()).as(Files.readString(log)).isZero();
    }

    /** Makes its authority the JVM's trust, as an operator does who gives the JVM a trust store. */
    private void trust(Path keys) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", load(keys).getCertificate("authority"));
        Path file = directory.resolve("trust.p12");
        try (var out = Files.newOutputStream(file)) {
            trusted.store(out, PASSWORD.toCharArray());
        }
        System.setProperty(TRUST, file.toString());
        System.setProperty(TRUST_PASSWORD, PASSWORD);
    }

    private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static ServerSocket socket(Path keys) throws IOException, GeneralSecurityException {
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore ofServer = load(keys);
        ofServer.deleteEntry("authority");
        managers.init(ofServer, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        return tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
}

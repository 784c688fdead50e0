// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("TLS towards a target")
class FollowedTlsTest {
    private static final String HOST = "127.0.0.1";
    private static final Duration OFTEN = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory = Path.of("");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TestCertificates authority;
    private Identity own;
    private Path ca;

    @BeforeEach
    void files() throws IOException {
        authority = TestCertificates.in(directory);
        own = authority.client("gantry");
        ca = Files.copy(authority.authority(), directory.resolve("ca.pem"));
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private FollowedTls followed() {
        TlsSettings settings =
                new TlsSettings(ca.toString(), own.cert().toString(), own.key().toString(), null);
        return FollowedTls.open("target", settings, OFTEN);
    }

    /** A target that tells each caller, for each line that he sends, who he is. */
    private SSLServerSocket target(SSLContext context) throws IOException {
        SSLServerSocket target = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        target.setNeedClientAuth(true);
        threads.execute(() -> {
            while (!target.isClosed()) {
                try {
                    SSLSocket accepted = (SSLSocket) target.accept();
                    threads.execute(() -> tell(accepted));
                } catch (IOException closed) {
                    return;
                }
            }
        });
        return target;
    }

    private static void tell(SSLSocket caller) {
        try (caller) {
            X509Certificate shown = (X509Certificate) caller.getSession().getPeerCertificates()[0];
            String name = shown.getSubjectX500Principal().getName() + "\n";
            while (caller.getInputStream().read() >= 0) {
                caller.getOutputStream().write(name.getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            // the caller does not trust, or has enough
        }
    }

    private static SSLSocket connected(FollowedTls tls, SSLServerSocket target) throws IOException {
        SSLSocket socket = (SSLSocket) tls.context().getSocketFactory().createSocket(HOST, target.getLocalPort());
        SSLParameters checked = socket.getSSLParameters();
        checked.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(checked);
        return socket;
    }

    private static String whoAmI(SSLSocket socket) throws IOException {
        socket.getOutputStream().write('?');
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    /** What a new connection is told, or why there is none. */
    private static String told(FollowedTls tls, SSLServerSocket target) {
        try (SSLSocket socket = connected(tls, target)) {
            return whoAmI(socket);
        } catch (IOException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    @Test
    @DisplayName("[B10] shows a new certificate once the files hold it, on new connections; those that are there stay")
    void renewed() throws Exception {
        try (SSLServerSocket target = target(authority.context(authority.server(HOST)));
                FollowedTls tls = followed();
                SSLSocket before = connected(tls, target)) {
            assertThat(whoAmI(before)).isEqualTo("CN=gantry");
            assertThat(told(tls, target)).isEqualTo("CN=gantry");

            Identity renewed = authority.client("renewed");
            Files.copy(renewed.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(renewed.cert(), own.cert(), StandardCopyOption.REPLACE_EXISTING);

            await().atMost(PATIENCE).until(() -> told(tls, target), "CN=renewed"::equals);
            assertThat(whoAmI(before)).isEqualTo("CN=gantry");
        }
    }

    @Test
    @DisplayName("[B10] keeps what it had while the files cannot be used")
    void unusable() throws Exception {
        try (SSLServerSocket target = target(authority.context(authority.server(HOST)));
                FollowedTls tls = followed()) {
            Files.writeString(own.key(), "no key");
            Files.writeString(ca, "");
            Identity other = authority.client("other");
            Files.copy(other.cert(), own.cert(), StandardCopyOption.REPLACE_EXISTING);
            assertThat(told(tls, target)).isEqualTo("CN=gantry");

            Files.copy(other.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(authority.authority(), ca, StandardCopyOption.REPLACE_EXISTING);
            await().atMost(PATIENCE).until(() -> told(tls, target), "CN=other"::equals);
        }
    }

    @Test
    @DisplayName(
            "[B11] trusts an authority no longer that the file no longer has, and resumes no session it vouched for")
    void otherAuthority() throws Exception {
        TestCertificates another = TestCertificates.in(directory);
        try (SSLServerSocket target = target(authority.context(authority.server(HOST)));
                FollowedTls tls = followed()) {
            assertThat(told(tls, target)).isEqualTo("CN=gantry");

            Files.copy(another.authority(), ca, StandardCopyOption.REPLACE_EXISTING);

            await().atMost(PATIENCE).until(() -> told(tls, target), answer -> answer.contains("PKIX"));
        }
    }
}

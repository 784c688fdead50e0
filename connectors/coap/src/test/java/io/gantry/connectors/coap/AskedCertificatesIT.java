// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.files.FileCounts;
import io.gantry.api.security.ServerTls.ClientCertificate;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import io.gantry.testbed.TestResponder;
import io.gantry.tls.ReloadingTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Listening by DTLS with certificates whose authority is asked (OCSP)")
class AskedCertificatesIT {
    private static final int MINUTES_MILLIS = 120_000;

    @TempDir
    private Path directory = Path.of("");

    private final int port = Harness.freePort();
    private TestCertificates authority = TestCertificates.in(Path.of(System.getProperty("java.io.tmpdir")));

    @BeforeEach
    void make() {
        authority = TestCertificates.in(directory);
    }

    private ServerTlsSettings asking(@Nullable Path crl, Duration deadline) {
        Identity server = authority.server("localhost", "127.0.0.1");
        return new ServerTlsSettings(
                server.cert().toString(),
                server.key().toString(),
                null,
                List.of(),
                authority.authority().toString(),
                ClientCertificate.REQUIRED,
                crl == null ? null : crl.toString(),
                true,
                deadline);
    }

    private Harness listening(@Nullable Path crl, Duration deadline) {
        CoapListen listen = new CoapListen("coaps://127.0.0.1:" + port, asking(crl, deadline), false, List.of(), false);
        Harness harness = new Harness(Settings.listen(listen).withTopics("/ps"), new Devices());
        harness.listen();
        return harness;
    }

    private Certified caller(Identity shown) throws Exception {
        return Certified.of(port, authority, shown, null);
    }

    private void assertNotLetIn(Identity shown) throws Exception {
        try (Certified caller = caller(shown)) {
            assertThatThrownBy(caller::publish).hasMessageContaining("no answer");
        }
    }

    @Test
    @DisplayName("lets in who is good, and not who is revoked, or says not whom to ask, or whose authority does not"
            + " answer; who is in is looked at again when a list changes [B5]")
    void asked() throws Exception {
        Path crl = Files.copy(authority.revoking(), directory.resolve("revoked.pem"));
        try (TestResponder responder = TestResponder.of(authority);
                Harness ignored = listening(crl, Duration.ofMinutes(1));
                Certified stays = caller(authority.clientToAskFor("stays", responder.url()))) {
            Identity gone = authority.clientToAskFor("goes", responder.url());
            try (Certified goes = caller(gone)) {
                assertThat(stays.publish()).isEqualTo("2.04");
                assertThat(goes.publish()).isEqualTo("2.04");
                Identity bad = authority.clientToAskFor("bad", responder.url());
                responder.revoke(bad);
                assertNotLetIn(bad);
                assertThat(responder.asked()).isEqualTo(3);
                assertNotLetIn(authority.client("says-not-whom-to-ask"));

                responder.revoke(gone);
                assertThat(goes.publish()).as("nobody asks again yet").isEqualTo("2.04");
                Files.move(authority.revoking(bad), crl, StandardCopyOption.REPLACE_EXISTING);
                soon().until(() -> !isAnswered(goes));
                assertThat(stays.publish()).isEqualTo("2.04");
            }
            responder.close();
            assertNotLetIn(authority.clientToAskFor("other", responder.url()));
        }
    }

    private static boolean isAnswered(Certified caller) {
        try {
            return caller.publish().equals("2.04");
        } catch (IllegalStateException noAnswer) {
            return false;
        }
    }

    /** An authority's server that takes connections and says nothing. */
    private static ServerSocket silent() throws IOException {
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        silent.setSoTimeout(MINUTES_MILLIS);
        return silent;
    }

    private static String urlOf(ServerSocket responder) {
        return "http://127.0.0.1:" + responder.getLocalPort() + "/";
    }

    @Test
    @DisplayName("lets others in while an authority does not answer about some [B20]")
    void slow() throws Exception {
        List<Certified> waiting = new ArrayList<>();
        try (ServerSocket silent = silent();
                TestResponder responder = TestResponder.of(authority);
                Harness ignored = listening(null, Duration.ofMinutes(1))) {
            for (int i = 0; i < 3; i++) {
                Certified caller = caller(authority.clientToAskFor("slow", urlOf(silent)));
                waiting.add(caller);
                caller.start();
                silent.accept();
            }

            try (Certified good = caller(authority.clientToAskFor("good", responder.url()))) {
                assertThat(good.publish()).isEqualTo("2.04");
            }
        } finally {
            waiting.forEach(Certified::close);
        }
    }

    @Test
    @DisplayName(
            "trusts nobody about whom the authority has said nothing within handshake-timeout, nor who has waited so"
                    + " long for others [B20]")
    void deadline() throws Exception {
        try (ServerSocket silent = silent();
                ReloadingTls tls = ReloadingTls.open(asking(null, Duration.ofMillis(200)), new FileCounts());
                TrustChecks checks = new TrustChecks(tls)) {
            X509Certificate slow = TestCertificates.certificateOf(authority.clientToAskFor("slow", urlOf(silent)));
            List<CompletableFuture<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Boolean> answer = new CompletableFuture<>();
                answers.add(answer);
                checks.ask(List.of(slow), answer::complete);
            }

            for (CompletableFuture<Boolean> answer : answers) {
                assertThat(answer.get(MINUTES_MILLIS, TimeUnit.MILLISECONDS)).isFalse();
            }
            try (Socket question = silent.accept()) {
                assertThat(isOpen(question)).as("the question is still asked").isTrue();
            }
        }
    }

    private static boolean isOpen(Socket socket) throws IOException {
        socket.setSoTimeout(1);
        try {
            int read = 0;
            while (read >= 0) {
                read = socket.getInputStream().read();
            }
            return false;
        } catch (SocketTimeoutException nothingMore) {
            return true;
        }
    }
}

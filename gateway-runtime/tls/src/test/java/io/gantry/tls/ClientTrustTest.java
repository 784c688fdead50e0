// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gantry.api.files.FileCounts;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import io.gantry.testbed.TestResponder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import nl.altindag.ssl.pem.util.PemUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The certificate of a client")
class ClientTrustTest {
    private static final Duration MINUTES = Duration.ofMinutes(2);

    @TempDir
    private Path directory = Path.of("");

    private TestCertificates authority;
    private Identity server;

    @BeforeEach
    void newAuthority() {
        authority = TestCertificates.in(directory);
        server = authority.server("127.0.0.1");
    }

    @Test
    @DisplayName("is taken when the authority has certified it for clients, also through another; not when it is a"
            + " stranger's, a server's, expired or not valid yet [B4]")
    void trust() throws Exception {
        TestCertificates stranger = TestCertificates.in(directory);
        try (ReloadingTls tls = open(authority.authority(), null, false)) {
            assertThat(refusal(tls, authority.client("meter"))).isEmpty();
            assertThat(refusal(tls, authority.below().client("meter"))).isEmpty();

            assertThat(refusal(tls, authority.server("127.0.0.1")))
                    .contains("Extended key usage does not permit use for TLS client authentication");
            assertThat(refusal(tls, authority.expiredClient("meter"))).contains("NotAfter");
            assertThat(refusal(tls, authority.clientOfTomorrow("meter"))).contains("NotBefore");
            assertThat(refusal(tls, stranger.client("meter"))).isNotEmpty();
            assertThat(tls.isTrusted(chainOf(stranger.client("meter")))).isFalse();
        }
    }

    @Test
    @DisplayName("is also checked against authorities in PKCS#12")
    void store() throws Exception {
        ServerTlsSettings settings = new ServerTlsSettings(
                server.store().toString(),
                null,
                new Secret(TestCertificates.PASSWORD),
                List.of(),
                authority.authorityStore().toString(),
                null,
                null,
                false,
                Duration.ofSeconds(5));
        try (ReloadingTls tls = ReloadingTls.open(settings, new FileCounts())) {
            assertThat(refusal(tls, authority.client("meter"))).isEmpty();
            assertThat(refusal(tls, TestCertificates.in(directory).client("meter")))
                    .isNotEmpty();
        }
    }

    @Test
    @DisplayName("is refused with a chain or a list of names that is too long [B8]")
    void tooLong() throws Exception {
        TestCertificates deep = authority;
        for (int i = 0; i < 9; i++) {
            deep = deep.below();
        }
        try (ReloadingTls tls = open(authority.authority(), null, false)) {
            List<X509Certificate> chain = chainOf(deep.client("meter"));

            assertThat(chain).hasSize(11);
            assertThat(tls.isTrusted(chain)).isFalse();
            assertThat(tls.isTrusted(chain.subList(0, 10)))
                    .as("without the authority itself, which is known")
                    .isTrue();
            assertThat(refusal(tls, authority.clientWithHosts("meter", 64))).isEmpty();
            assertThat(refusal(tls, authority.clientWithHosts("meter", 65)))
                    .isEqualTo("a certificate with 65 names, at most 64 are taken");
            assertThat(tls.isTrusted(List.of())).isFalse();
        }
    }

    private static List<X509Certificate> chainOf(Identity identity) {
        return PemUtils.loadCertificate(identity.cert());
    }

    @Test
    @DisplayName("is refused when a revocation list names it, in PEM and in DER [B5]")
    void revoked() throws Exception {
        Identity good = authority.client("good");
        Identity bad = authority.client("bad");
        for (Path list : List.of(authority.revoking(bad), authority.revokingInDer(bad))) {
            try (ReloadingTls tls = open(authority.authority(), list, false)) {
                assertThat(refusal(tls, good)).isEmpty();
                assertThat(refusal(tls, bad)).contains("revoked");
            }
        }
    }

    @Test
    @DisplayName(
            "is refused when there are lists, and none of its authority: nobody can say that it is not revoked [B5]")
    void noListOfIts() throws Exception {
        TestCertificates other = TestCertificates.in(directory);
        try (ReloadingTls tls = open(authority.authority(), other.revoking(), false)) {
            assertThat(refusal(tls, authority.client("meter"))).contains("revocation status");
        }
    }

    @Test
    @DisplayName("is not trusted any more when a new list names it, of which the listener is told [B5]")
    void revokedLater() throws Exception {
        Identity meter = authority.client("meter");
        Path list = authority.revoking();
        AtomicInteger changes = new AtomicInteger();
        Watched watched = new Watched();
        try (ReloadingTls tls =
                ReloadingTls.open(Watched.asking(server, authority.authority(), list, false), watched, Watched.OFTEN)) {
            tls.onTrustChanged(changes::incrementAndGet);
            List<X509Certificate> chain = chainOf(meter);
            assertThat(tls.isTrusted(chain)).isTrue();

            Files.writeString(list, "no list");
            await().atMost(MINUTES)
                    .untilAsserted(() -> assertThat(watched.failed).hasSize(1));
            assertThat(tls.isTrusted(chain)).isTrue();
            Files.move(authority.revoking(meter), list, StandardCopyOption.REPLACE_EXISTING);

            await().atMost(MINUTES).untilAsserted(() -> assertThat(changes).hasValue(1));
            assertThat(tls.isTrusted(chain)).isFalse();
            assertThat(refusal(tls, meter)).contains("revoked");
        }
    }

    @Test
    @DisplayName("is asked for at its authority (OCSP), and refused when that says so, or does not answer [B5]")
    void asked() throws Exception {
        Identity silent = authority.client("says-not-whom-to-ask");
        try (TestResponder responder = TestResponder.of(authority);
                ReloadingTls tls = open(authority.authority(), null, true)) {
            Identity good = authority.clientToAskFor("good", responder.url());
            Identity bad = authority.clientToAskFor("bad", responder.url());
            responder.revoke(bad);

            assertThat(tls.mayWait()).isTrue();
            assertThat(refusal(tls, good)).isEmpty();
            assertThat(refusal(tls, bad)).contains("revoked");
            assertThat(responder.asked()).isEqualTo(2);
            assertThat(refusal(tls, silent)).contains("OCSP responder");
            responder.close();
            assertThat(refusal(tls, authority.clientToAskFor("meter", responder.url())))
                    .isNotEmpty();
        }
    }

    @Test
    @DisplayName("cannot be checked with a file that holds no authorities or no lists: refused at start [B21]")
    void wrongFiles() throws Exception {
        Path text = Files.writeString(directory.resolve("text.pem"), "hunter2\n");
        Path none = directory.resolve("none.pem");

        for (Path wrong : List.of(text, none, server.key(), directory)) {
            assertRefused("tls.client-ca", wrong, null);
            assertRefused("tls.crl", authority.authority(), wrong);
        }
    }

    private void assertRefused(String key, Path authorities, @Nullable Path crl) {
        assertThatThrownBy(() -> open(authorities, crl, false))
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> {
                    assertThat(refused.key()).contains(key);
                    assertThat(refused).hasMessageNotContaining("hunter2");
                });
    }

    private ReloadingTls open(Path authorities, @Nullable Path crl, boolean ocsp) {
        return ReloadingTls.open(Watched.asking(server, authorities, crl, ocsp), new FileCounts());
    }

    private String refusal(ReloadingTls tls, Identity client) throws Exception {
        return Handshake.of(tls, authority, client);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Caller.shown;
import static io.gantry.connectors.coap.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Origin;
import io.gantry.api.security.ServerTls.ClientCertificate;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.security.ServerTlsSettings.NamedCertificate;
import io.gantry.connectors.spi.TlsSettings;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Listening by DTLS with certificates")
class CertificateCallersIT {
    @TempDir
    private Path directory = Path.of("");

    private final int port = Harness.freePort();
    private final Devices devices = new Devices();
    private TestCertificates authority = TestCertificates.in(Path.of(System.getProperty("java.io.tmpdir")));
    private Path cert = Path.of("");
    private Path key = Path.of("");
    private Path revoked = Path.of("");

    @BeforeEach
    void make() throws IOException {
        authority = TestCertificates.in(directory);
        cert = directory.resolve("server.pem");
        key = directory.resolve("server.key");
        revoked = Files.copy(authority.revoking(), directory.resolve("revoked.pem"));
        install(authority.server("localhost", "127.0.0.1"));
    }

    private void install(Identity server) throws IOException {
        Files.copy(server.cert(), cert, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(server.key(), key, StandardCopyOption.REPLACE_EXISTING);
    }

    private Harness listening(ClientCertificate asked, Map<String, String> clients, Identity... byName) {
        boolean asks = asked != ClientCertificate.NONE;
        ServerTlsSettings tls = new ServerTlsSettings(
                cert.toString(),
                key.toString(),
                null,
                Arrays.stream(byName)
                        .map(named -> new NamedCertificate(
                                named.cert().toString(), named.key().toString(), null))
                        .toList(),
                asks ? authority.authority().toString() : null,
                asked,
                asks ? revoked.toString() : null,
                false,
                Duration.ofSeconds(5));
        Harness harness = new Harness(
                Settings.listen(new CoapListen("coaps://127.0.0.1:" + port, tls, false, List.of(), false))
                        .withTopics("/ps")
                        .withClients(clients),
                devices);
        harness.listen();
        return harness;
    }

    private Certified caller(@Nullable Identity shown) throws IOException, GeneralSecurityException {
        return Certified.of(port, authority, shown, null);
    }

    private List<String> publishers() {
        return devices.published.stream()
                .map(Message::origin)
                .map(origin -> ((Origin.Device) origin).clientId().value())
                .toList();
    }

    @Test
    @DisplayName("lets in who shows one of the authority, or has a shared key; nobody else [B4] [B5]")
    void required() throws Exception {
        Identity gone = authority.client("pump-3");
        Files.copy(authority.revoking(gone), revoked, StandardCopyOption.REPLACE_EXISTING);
        TestCertificates others = TestCertificates.in(directory);
        try (Harness ignored = listening(ClientCertificate.REQUIRED, Map.of("meter-1", "secret"));
                Certified known = caller(authority.client("pump-7"));
                Certified withKey = Certified.withKey(port, "meter-1", "secret", null)) {
            assertThat(known.publish()).isEqualTo("2.04");
            assertThat(withKey.publish()).isEqualTo("2.04");
            assertNotLetIn(null);
            assertNotLetIn(others.client("pump-7"));
            assertNotLetIn(authority.expiredClient("pump-7"));
            assertNotLetIn(authority.server("pump-7"));
            assertNotLetIn(gone);
        }
        assertThat(publishers()).containsExactly("coap:coap:CN=pump-7", "coap:coap:meter-1");
    }

    private void assertNotLetIn(@Nullable Identity shown) throws Exception {
        try (Certified caller = caller(shown)) {
            assertThatThrownBy(caller::publish).hasMessageContaining("no answer");
        }
    }

    @Test
    @DisplayName("lets in who shows none where that is optional, but not who shows one that has expired")
    void optional() throws Exception {
        try (Harness ignored = listening(ClientCertificate.OPTIONAL, Map.of());
                Certified nobody = caller(null);
                Certified known = caller(authority.client("a/b"))) {
            assertThat(nobody.publish()).isEqualTo("2.04");
            assertThat(known.publish()).isEqualTo("2.04");
            assertNotLetIn(authority.expiredClient("pump-7"));
        }
        assertThat(publishers()).hasSize(2).contains("coap:coap:CN=a%2Fb");
        assertThat(publishers().get(0)).startsWith("coap:coap:127.0.0.1:");
    }

    @Test
    @DisplayName("shows the certificate of the name that is asked for (SNI), an exact one before a wildcard, and to who"
            + " asks for none the first; a name of none of them is refused, but not who has a shared key [B6]")
    void byName() throws Exception {
        Identity first = authority.server("localhost", "127.0.0.1", "a.example");
        install(first);
        Identity wildcard = authority.server("*.b.example");
        Identity exact = authority.server("c.b.example");
        try (Harness ignored = listening(ClientCertificate.NONE, Map.of("meter-1", "secret"), wildcard, exact);
                Certified withKey = Certified.withKey(port, "meter-1", "secret", "x.example")) {
            assertThat(shownTo(null)).isEqualTo(TestCertificates.certificateOf(first));
            assertThat(shownTo("a.example")).isEqualTo(TestCertificates.certificateOf(first));
            assertThat(shownTo("c.b.example")).isEqualTo(TestCertificates.certificateOf(exact));
            assertThat(shownTo("D.b.Example")).isEqualTo(TestCertificates.certificateOf(wildcard));
            assertThatThrownBy(() -> shownTo("x.example")).hasMessageContaining("no answer");
            assertThat(withKey.publish()).isEqualTo("2.04");
        }
    }

    @Test
    @DisplayName("is asked by a gateway for the name in its url (SNI)")
    void fromGateway() throws Exception {
        install(authority.server("other.example"));
        TlsSettings trusted = new TlsSettings(authority.authority().toString(), null, null, null);
        try (Harness ignored = listening(ClientCertificate.NONE, Map.of(), authority.server("localhost"));
                Harness sender =
                        new Harness(Settings.url("coaps://localhost:" + port).withTls(trusted))) {
            assertThat(Harness.deliver(sender.start(Settings.to("/ps/a")), Harness.message("x")))
                    .isInstanceOf(Delivery.Accepted.class);
        }
    }

    private X509Certificate shownTo(@Nullable String host) throws Exception {
        try (Certified caller = Certified.of(port, authority, null, host)) {
            assertThat(caller.publish()).isEqualTo("2.04");
            return caller.seen();
        }
    }

    @Test
    @DisplayName("asks for none where none is wanted")
    void none() throws Exception {
        try (Harness ignored = listening(ClientCertificate.NONE, Map.of());
                Certified nobody = caller(null)) {
            assertThat(nobody.publish()).isEqualTo("2.04");
        }
    }

    @Test
    @DisplayName(
            "shows a renewed certificate to who comes then, drops nobody but whose own is revoked, and keeps what it"
                    + " has when a file is wrong [B5] [B10]")
    void renewed() throws Exception {
        Identity gone = authority.client("pump-3");
        try (Harness ignored = listening(ClientCertificate.REQUIRED, Map.of());
                Certified stays = caller(authority.client("pump-7"));
                Certified goes = caller(gone)) {
            assertThat(stays.publish()).isEqualTo("2.04");
            assertThat(goes.publish()).isEqualTo("2.04");
            X509Certificate before = stays.seen();

            Identity renewed = authority.server("localhost", "127.0.0.1");
            install(renewed);
            Files.copy(authority.revoking(gone), revoked, StandardCopyOption.REPLACE_EXISTING);

            soon().until(() -> seenByNew().equals(TestCertificates.certificateOf(renewed)));
            soon().until(() -> !isAnswered(goes));
            assertThat(stays.publish()).isEqualTo("2.04");
            assertThat(stays.seen()).as("the session is the one of before").isEqualTo(before);

            Files.writeString(key, "no key");
            Files.writeString(cert, "no certificate");
            assertThat(seenByNew()).isEqualTo(TestCertificates.certificateOf(renewed));
        }
    }

    private X509Certificate seenByNew() throws Exception {
        try (Certified caller = caller(authority.client("pump-8"))) {
            assertThat(caller.publish()).isEqualTo("2.04");
            return caller.seen();
        }
    }

    private static boolean isAnswered(Certified caller) {
        try {
            return caller.publish().equals("2.04");
        } catch (IllegalStateException noAnswer) {
            return false;
        }
    }
}

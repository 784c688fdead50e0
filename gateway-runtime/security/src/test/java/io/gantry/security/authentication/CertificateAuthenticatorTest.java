// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Identity;
import io.gantry.security.CertificateSettings;
import io.gantry.security.CertificateSettings.Naming;
import io.gantry.security.authentication.AuthenticatorChain.Link;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The certificate of the handshake")
class CertificateAuthenticatorTest {
    private static final GeneralName EMAIL = new GeneralName(GeneralName.rfc822Name, "pump@plant.example");
    private static final GeneralName DNS = new GeneralName(GeneralName.dNSName, "pump.plant.example");
    private static final GeneralName URI = new GeneralName(GeneralName.uniformResourceIdentifier, "urn:pump:7");

    @Test
    @DisplayName("names the device by its common name, until the certificate ends")
    void commonName() {
        X509Certificate certificate = Certificates.of(new X500Name("C=DE,O=Plant,CN=pump-7"), DNS);

        assertThat(Shown.accepted(by(Naming.CN), Shown.certificate(certificate)))
                .isEqualTo(new Identity("pump-7", Set.of("device"), Map.of(), Certificates.END.getTime()));
    }

    @Test
    @DisplayName("names it by the first alternative name: URI before DNS before e-mail")
    void alternativeName() {
        X500Name subject = new X500Name("CN=pump-7");
        Authenticator bySan = by(Naming.SAN);

        assertThat(Shown.accepted(bySan, Shown.certificate(Certificates.of(subject, EMAIL, DNS, URI)))
                        .username())
                .isEqualTo("urn:pump:7");
        assertThat(Shown.accepted(bySan, Shown.certificate(Certificates.of(subject, EMAIL, DNS)))
                        .username())
                .isEqualTo("pump.plant.example");
        assertThat(Shown.accepted(bySan, Shown.certificate(Certificates.of(subject, EMAIL)))
                        .username())
                .isEqualTo("pump@plant.example");
        assertThat(Shown.refused(bySan, Shown.certificate(Certificates.of(subject))))
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    @DisplayName("names it by the whole subject in the form of RFC 2253")
    void subject() {
        X509Certificate certificate = Certificates.of(new X500Name("C=DE,O=Plant\\, North,CN=pump-7"));

        assertThat(Shown.accepted(by(Naming.SUBJECT), Shown.certificate(certificate))
                        .username())
                .isEqualTo("CN=pump-7,O=Plant\\, North,C=DE");
    }

    @Test
    @DisplayName("knows nothing of a device without one")
    void none() {
        assertThat(Shown.verdict(by(Naming.CN), Shown.credentials("pump-7", "secret")))
                .isInstanceOf(Verdict.Unknown.class);
    }

    @ParameterizedTest
    @DisplayName(
            "[B9] with a name that has a newline, NUL or what turns the writing is refused, and so is an empty one")
    @ValueSource(strings = {"pump\nadmin", "pump\u0000", "pump\r", "\u202eadmin", "pump\u2066", "pump\u2028x", ""})
    void unfit(String name) {
        X509Certificate certificate = Certificates.of(
                new X500NameBuilder().addRDN(BCStyle.CN, name).build(),
                new GeneralName(GeneralName.dNSName, "ok.example"));

        assertThat(Shown.refused(by(Naming.CN), Shown.certificate(certificate))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CN=admin,CN=pump-7",
                "CN=pump-7+CN=admin",
                "CN=pump-7,C=DE+CN=admin",
                "C=DE+CN=admin,CN=pump-7",
                "CN=pump-7,2.5.4.3=admin"
            })
    @DisplayName(
            "with two common names, wherever they stand, is refused: which one counts is not for the device to choose")
    void twoNames(String subject) {
        X509Certificate certificate = Certificates.of(new X500Name(subject));

        assertThat(Shown.refused(by(Naming.CN), Shown.certificate(certificate))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C=DE+CN=pump-7", "CN=pump-7+OU=plant", "O=plant,cn=pump-7"})
    @DisplayName("names the device by a common name that shares its part of the subject with others")
    void sharedPart(String subject) {
        X509Certificate certificate = Certificates.of(new X500Name(subject));

        assertThat(Shown.accepted(by(Naming.CN), Shown.certificate(certificate)).username())
                .isEqualTo("pump-7");
    }

    @Test
    @DisplayName("[B9] with HTML in its name is let in: it is shown as text")
    void html() {
        X509Certificate certificate = Certificates.of(
                new X500NameBuilder().addRDN(BCStyle.CN, "<b>pump</b>").build());

        assertThat(Shown.accepted(by(Naming.CN), Shown.certificate(certificate)).username())
                .isEqualTo("<b>pump</b>");
    }

    @Test
    @DisplayName("gives access rules its common name until it ends, whichever authenticator lets the device in")
    void attribute() {
        Authenticator chain = new AuthenticatorChain(
                List.of(new Link(
                        "other",
                        credentials ->
                                CompletableFuture.completedFuture(new Verdict.Accepted(Identity.named("someone"))))),
                null,
                Duration.ofMinutes(1));

        assertThat(Shown.accepted(chain, Shown.certificate(Certificates.of(new X500Name("CN=pump-7")))))
                .isEqualTo(new Identity("someone", Set.of(), Map.of("cn", "pump-7"), Certificates.END.getTime()));
    }

    private static Authenticator by(Naming naming) {
        return new CertificateAuthenticator(new CertificateSettings(naming, List.of("device")));
    }
}

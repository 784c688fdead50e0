// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import io.gantry.security.CertificateSettings;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes the name from the certificate that the TLS handshake has proved; it is valid until the certificate ends. */
public final class CertificateAuthenticator implements Authenticator {
    private static final Verdict UNKNOWN = new Verdict.Unknown();
    private static final Verdict NAMELESS =
            new Verdict.Refused(ReasonCode.NOT_AUTHORIZED, "the certificate has no name that can be used");

    private final CertificateSettings settings;

    /** By these settings. */
    public CertificateAuthenticator(CertificateSettings settings) {
        this.settings = settings;
    }

    @Override
    public CompletionStage<Verdict> authenticate(Credentials credentials) {
        return CompletableFuture.completedFuture(
                credentials.certificates().isEmpty()
                        ? UNKNOWN
                        : verdict(credentials.certificates().get(0)));
    }

    private Verdict verdict(X509Certificate certificate) {
        return name(certificate)
                .<Verdict>map(name -> new Verdict.Accepted(new Identity(
                        name,
                        Set.copyOf(settings.role()),
                        Map.of(),
                        certificate.getNotAfter().getTime())))
                .orElse(NAMELESS);
    }

    private Optional<String> name(X509Certificate certificate) {
        return switch (settings.identity()) {
            case CN -> CertificateName.common(certificate);
            case SAN -> CertificateName.alternative(certificate);
            case SUBJECT -> CertificateName.subject(certificate);
        };
    }
}

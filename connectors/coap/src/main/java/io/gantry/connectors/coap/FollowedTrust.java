// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.security.ServerTls;
import java.net.InetSocketAddress;
import java.security.cert.CertPath;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.CertificateMessage;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.CertificateVerificationResult;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.x509.NewAdvancedCertificateVerifier;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/** Whose certificates callers may show by DTLS: at each handshake, by what the files hold by then. */
final class FollowedTrust implements NewAdvancedCertificateVerifier {
    private static final HandshakeResultHandler NOBODY = result -> {};

    private final ServerTls tls;
    private final @Nullable TrustChecks checks;
    private volatile HandshakeResultHandler handler = NOBODY;

    /**
     * Of certificates that are asked for.
     *
     * @param checks null where nobody must be asked about them
     */
    FollowedTrust(ServerTls tls, @Nullable TrustChecks checks) {
        this.tls = tls;
        this.checks = checks;
    }

    /** The certificates of a path, the caller's own first. */
    static List<X509Certificate> chain(CertPath path) {
        List<? extends Certificate> certificates = path.getCertificates();
        return certificates.stream().map(X509Certificate.class::cast).toList();
    }

    @Override
    public List<CertificateType> getSupportedCertificateTypes() {
        return List.of(CertificateType.X_509);
    }

    @Override
    public @Nullable CertificateVerificationResult verifyCertificate(
            ConnectionId connection,
            ServerNames serverNames,
            InetSocketAddress peer,
            boolean clientUsage,
            boolean verifySubject,
            boolean truncatePath,
            CertificateMessage message) {
        CertPath path = message.getCertificateChain();
        if (path == null) {
            return new CertificateVerificationResult(connection, refusal(), null);
        }
        if (checks == null) {
            return result(connection, path, tls.isTrusted(chain(path)));
        }
        checks.ask(chain(path), trusted -> handler.apply(result(connection, path, trusted)));
        return null;
    }

    private static CertificateVerificationResult result(ConnectionId connection, CertPath path, boolean trusted) {
        return trusted
                ? new CertificateVerificationResult(connection, path, null)
                : new CertificateVerificationResult(connection, refusal(), null);
    }

    private static HandshakeException refusal() {
        return new HandshakeException(
                "not trusted", new AlertMessage(AlertLevel.FATAL, AlertDescription.BAD_CERTIFICATE));
    }

    @Override
    public List<X500Principal> getAcceptedIssuers() {
        return Arrays.stream(Objects.requireNonNull(tls.trust()).getAcceptedIssuers())
                .map(X509Certificate::getSubjectX500Principal)
                .toList();
    }

    @Override
    public void setResultHandler(HandshakeResultHandler told) {
        handler = told;
    }
}

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

/** Whose certificates callers may show by DTLS: at each handshake, by what the files hold by then. */
final class FollowedTrust implements NewAdvancedCertificateVerifier {
    private final ServerTls tls;

    /** Of certificates that are asked for. */
    FollowedTrust(ServerTls tls) {
        this.tls = tls;
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
    public CertificateVerificationResult verifyCertificate(
            ConnectionId connection,
            ServerNames serverNames,
            InetSocketAddress peer,
            boolean clientUsage,
            boolean verifySubject,
            boolean truncatePath,
            CertificateMessage message) {
        CertPath path = message.getCertificateChain();
        return path != null && tls.isTrusted(chain(path))
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

    /** Nobody is asked later. */
    @Override
    public void setResultHandler(HandshakeResultHandler handler) {}
}

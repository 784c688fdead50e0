// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.security.ServerTls;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.CertificateIdentityResult;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.util.ServerNames;

/** What the gateway shows by DTLS: at each handshake the certificate that the files hold by then. */
final class FollowedIdentity implements CertificateProvider {
    /** Of either kind, since another file may hold another kind of key than the one before. */
    private static final List<CertificateKeyAlgorithm> KINDS =
            List.of(CertificateKeyAlgorithm.EC, CertificateKeyAlgorithm.RSA);

    private final ServerTls tls;

    FollowedIdentity(ServerTls tls) {
        this.tls = tls;
    }

    @Override
    public List<CertificateKeyAlgorithm> getSupportedCertificateKeyAlgorithms() {
        return KINDS;
    }

    @Override
    public List<CertificateType> getSupportedCertificateTypes() {
        return List.of(CertificateType.X_509);
    }

    @Override
    public CertificateIdentityResult requestCertificateIdentity(
            ConnectionId connection,
            boolean client,
            List<X500Principal> issuers,
            ServerNames serverNames,
            List<CertificateKeyAlgorithm> kinds,
            List<SignatureAndHashAlgorithm> signatures,
            List<SupportedGroup> groups) {
        X509ExtendedKeyManager keys = tls.keys();
        for (CertificateKeyAlgorithm kind : KINDS) {
            String[] aliases = kinds.contains(kind) ? keys.getServerAliases(kind.name(), null) : null;
            if (aliases != null && aliases.length > 0) {
                PrivateKey key = keys.getPrivateKey(aliases[0]);
                X509Certificate[] chain = keys.getCertificateChain(aliases[0]);
                return new CertificateIdentityResult(connection, key, List.of(chain));
            }
        }
        return new CertificateIdentityResult(connection);
    }

    /** Nobody is asked later. */
    @Override
    public void setResultHandler(HandshakeResultHandler handler) {}
}

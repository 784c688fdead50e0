// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.security.ServerTls;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.eclipse.californium.scandium.dtls.CertificateIdentityResult;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.HandshakeResultHandler;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite.CertificateKeyAlgorithm;
import org.eclipse.californium.scandium.dtls.cipher.XECDHECryptography.SupportedGroup;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.util.ServerName;
import org.eclipse.californium.scandium.util.ServerName.NameType;
import org.eclipse.californium.scandium.util.ServerNames;
import org.jspecify.annotations.Nullable;

/** What the gateway shows by DTLS: at each handshake the certificate that the files hold by then, by the name asked for. */
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
            @Nullable ServerNames serverNames,
            List<CertificateKeyAlgorithm> kinds,
            List<SignatureAndHashAlgorithm> signatures,
            List<SupportedGroup> groups) {
        String host = hostOf(serverNames);
        for (CertificateKeyAlgorithm kind : KINDS) {
            String alias = kinds.contains(kind) ? tls.aliasFor(kind.name(), host) : null;
            if (alias != null) {
                PrivateKey key = tls.keys().getPrivateKey(alias);
                X509Certificate[] chain = tls.keys().getCertificateChain(alias);
                return new CertificateIdentityResult(connection, key, List.of(chain));
            }
        }
        return new CertificateIdentityResult(connection);
    }

    private static @Nullable String hostOf(@Nullable ServerNames asked) {
        ServerName host = asked == null ? null : asked.getServerName(NameType.HOST_NAME);
        return host == null ? null : host.getNameAsString();
    }

    /** Nobody is asked later. */
    @Override
    public void setResultHandler(HandshakeResultHandler handler) {}
}

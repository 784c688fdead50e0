// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Caller.shown;

import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.CertificateConfigurationHelper;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.jspecify.annotations.Nullable;

/** A caller by DTLS, with a certificate, a shared key or nothing; and what it has seen of the gateway. */
record Certified(Caller caller, DTLSConnector connector, int port) implements AutoCloseable {

    /**
     * One that trusts an authority.
     *
     * @param shown its certificate; null for none
     * @param host the name that it asks for (SNI); null for none
     */
    static Certified of(int port, TestCertificates trusted, @Nullable Identity shown, @Nullable String host)
            throws IOException, GeneralSecurityException {
        // a helper of its own: this caller is not to refuse a certificate that the gateway is to refuse
        DtlsConnectorConfig.Builder builder = builder().setCertificateHelper(new CertificateConfigurationHelper());
        builder.setAdvancedCertificateVerifier(StaticNewAdvancedCertificateVerifier.builder()
                .setTrustedCertificates(new Certificate[] {certificate(trusted.authority())})
                .setSupportedCertificateTypes(List.of(CertificateType.X_509))
                .build());
        if (shown != null) {
            KeyStore store = KeyStore.getInstance(shown.store().toFile(), TestCertificates.PASSWORD.toCharArray());
            String alias = store.aliases().nextElement();
            builder.setCertificateIdentityProvider(new SingleCertificateProvider(
                    (PrivateKey) store.getKey(alias, TestCertificates.PASSWORD.toCharArray()),
                    store.getCertificateChain(alias)));
        }
        return open(port, builder, host);
    }

    /** One with a shared key; otherwise as {@link #of}. */
    static Certified withKey(int port, String identity, String secret, @Nullable String host) {
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        return open(port, builder().setAdvancedPskStore(new AdvancedSinglePskStore(identity, key)), host);
    }

    private static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (InputStream bytes = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes);
        }
    }

    private static Certified open(int port, DtlsConnectorConfig.Builder builder, @Nullable String host) {
        // Scandium's own check knows no wildcards; which certificate it was is looked at
        DTLSConnector connector =
                new DTLSConnector(builder.set(DtlsConfig.DTLS_USE_SERVER_NAME_INDICATION, host != null)
                        .set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, host == null)
                        .build());
        return new Certified(new Caller(port, connector, host), connector, port);
    }

    private static DtlsConnectorConfig.Builder builder() {
        Configuration configuration = ScriptedServer.configuration()
                .set(DtlsConfig.DTLS_ROLE, DtlsConfig.DtlsRole.CLIENT_ONLY)
                .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 1);
        configuration.set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 300, TimeUnit.MILLISECONDS);
        return DtlsConnectorConfig.builder(configuration)
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** What becomes of a message that it publishes. */
    String publish() {
        return shown(caller.call(Code.POST, "/ps/a", "x"));
    }

    /** Publishes, and waits for nothing. */
    void start() {
        caller.send(Caller.request(Code.POST, "/ps/a", "x"));
    }

    /** The certificate of the gateway. */
    X509Certificate seen() {
        Object peer = connector
                .getSessionByAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .getPeerIdentity();
        return ((X509CertPath) peer).getTarget();
    }

    @Override
    public void close() {
        caller.close();
    }
}

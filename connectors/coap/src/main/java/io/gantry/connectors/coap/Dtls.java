// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.TlsSettings;
import java.net.InetSocketAddress;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.RawDataChannel;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;

/** DTLS 1.2 with shared keys or with certificates, which are always checked together with their host name. */
final class Dtls {
    private Dtls() {}

    /**
     * Sockets to a server.
     *
     * @throws InvalidSettingException when a file does not hold what it should
     */
    static Supplier<Connector> toTarget(Configuration configuration, CoapEndpointSettings settings) {
        DtlsConnectorConfig.Builder builder =
                DtlsConnectorConfig.builder(configuration).setAddress(new InetSocketAddress(0));
        if (settings.psk() != null && settings.pskIdentity() != null) {
            builder.setAdvancedPskStore(PreSharedKeys.ofGateway(settings.pskIdentity(), settings.psk()));
        } else {
            TlsSettings tls = settings.tls() == null ? TlsSettings.PLAIN : settings.tls();
            builder.setAdvancedCertificateVerifier(StaticNewAdvancedCertificateVerifier.builder()
                    .setTrustedCertificates(trusted(tls))
                    .setSupportedCertificateTypes(List.of(CertificateType.X_509))
                    .build());
            X509ExtendedKeyManager identity = tls.identity();
            if (identity != null) {
                builder.setCertificateIdentityProvider(certificate(identity));
            }
        }
        DtlsConnectorConfig built = built(builder);
        return () -> new DTLSConnector(built);
    }

    /** A socket that listens, for clients with shared keys. */
    static Connector listening(
            Configuration configuration, CoapEndpointSettings settings, InetSocketAddress address, Inflow inflow) {
        configuration.set(DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE, null);
        DtlsConnectorConfig built = built(DtlsConnectorConfig.builder(configuration)
                .setAddress(address)
                .setAdvancedPskStore(PreSharedKeys.ofClients(settings.clients())));
        return new DTLSConnector(built) {
            @Override
            public void setRawDataReceiver(RawDataChannel receiver) {
                super.setRawDataReceiver(inflow.before(receiver));
            }
        };
    }

    private static DtlsConnectorConfig built(DtlsConnectorConfig.Builder builder) {
        try {
            return builder.build();
        } catch (IllegalStateException unusable) {
            throw new InvalidSettingException("tls", "must have keys and certificates that DTLS 1.2 can use");
        }
    }

    /** An empty list would mean to Scandium that everybody is trusted. */
    private static X509Certificate[] trusted(TlsSettings tls) {
        X509Certificate[] trusted = tls.trust().getAcceptedIssuers();
        if (trusted.length == 0) {
            throw new InvalidSettingException("ca", "must hold at least one certificate");
        }
        return trusted;
    }

    private static CertificateProvider certificate(X509ExtendedKeyManager identity) {
        String alias = Stream.of("EC", "RSA", "Ed25519", "EdDSA")
                .map(type -> identity.getClientAliases(type, null))
                .filter(aliases -> aliases != null && aliases.length > 0)
                .map(aliases -> aliases[0])
                .findFirst()
                .orElseThrow(() -> new InvalidSettingException("cert", "must have an elliptic curve or RSA key"));
        PrivateKey key = identity.getPrivateKey(alias);
        return new SingleCertificateProvider(key, identity.getCertificateChain(alias));
    }
}

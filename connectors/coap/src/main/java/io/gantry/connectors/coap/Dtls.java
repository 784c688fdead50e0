// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.security.ServerTls;
import io.gantry.api.security.ServerTls.ClientCertificate;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.TlsSettings;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedKeyManager;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.RawDataChannel;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.Filter;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm.HashAlgorithm;
import org.eclipse.californium.scandium.dtls.SignatureAndHashAlgorithm.SignatureAlgorithm;
import org.eclipse.californium.scandium.dtls.x509.CertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.jspecify.annotations.Nullable;

/** DTLS 1.2 with shared keys or with certificates, which are always checked together with their host name. */
final class Dtls {
    /** Which a certificate, or one of its chain, may be signed with. */
    private static final List<SignatureAndHashAlgorithm> SIGNATURES = Stream.of(
                    HashAlgorithm.SHA256, HashAlgorithm.SHA384, HashAlgorithm.SHA512)
            .flatMap(hash -> Stream.of(SignatureAlgorithm.ECDSA, SignatureAlgorithm.RSA)
                    .map(signature -> new SignatureAndHashAlgorithm(hash, signature)))
            .toList();

    private static final long PATIENCE_SECONDS = 60;

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
            builder.set(DtlsConfig.DTLS_USE_SERVER_NAME_INDICATION, true)
                    .setAdvancedCertificateVerifier(StaticNewAdvancedCertificateVerifier.builder()
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

    /**
     * A socket that listens, for clients with shared keys, with certificates, or with either.
     *
     * @param tls null when there are shared keys alone
     * @param checks null where nobody must be asked about certificates
     */
    static DTLSConnector listening(
            Configuration configuration,
            Map<String, Secret> clients,
            @Nullable ServerTls tls,
            @Nullable TrustChecks checks,
            InetSocketAddress address,
            DatagramGate gate,
            Inflow inflow) {
        DtlsConnectorConfig.Builder builder =
                DtlsConnectorConfig.builder(configuration).setAddress(address).setDatagramFilter(gate);
        if (tls == null) {
            builder.set(DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE, null);
        } else {
            certificates(builder, tls, checks);
        }
        if (!clients.isEmpty()) {
            builder.setAdvancedPskStore(PreSharedKeys.ofClients(clients));
        }
        return new DTLSConnector(built(builder)) {
            @Override
            public void setRawDataReceiver(RawDataChannel receiver) {
                super.setRawDataReceiver(inflow.before(receiver));
            }
        };
    }

    private static void certificates(DtlsConnectorConfig.Builder builder, ServerTls tls, @Nullable TrustChecks checks) {
        builder.setCertificateIdentityProvider(new FollowedIdentity(tls))
                .set(DtlsConfig.DTLS_USE_SERVER_NAME_INDICATION, true)
                .set(DtlsConfig.DTLS_SIGNATURE_AND_HASH_ALGORITHMS, SIGNATURES)
                // Who resumes a session is not asked for the certificate again, which may be revoked since.
                .set(DtlsConfig.DTLS_SERVER_USE_SESSION_ID, false)
                .set(
                        DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE,
                        switch (tls.clientCertificate()) {
                            case NONE -> CertificateAuthenticationMode.NONE;
                            case OPTIONAL -> CertificateAuthenticationMode.WANTED;
                            case REQUIRED -> CertificateAuthenticationMode.NEEDED;
                        });
        if (tls.clientCertificate() != ClientCertificate.NONE) {
            builder.setAdvancedCertificateVerifier(new FollowedTrust(tls, checks));
        }
    }

    /**
     * Ends the sessions of those whose certificates are not trusted any more. Where others are asked about them, that is
     * done here, and only what follows from it on Scandium's threads.
     */
    static void endUntrusted(DTLSConnector connector, ServerTls tls) {
        if (!tls.mayWait()) {
            end(connector, chain -> !tls.isTrusted(chain));
            return;
        }
        Set<List<X509Certificate>> shown = ConcurrentHashMap.newKeySet();
        try {
            end(connector, chain -> noted(shown, chain)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return;
        } catch (ExecutionException | TimeoutException unlikely) {
            throw new IllegalStateException("the sessions of a DTLS listener cannot be looked through", unlikely);
        }
        shown.removeIf(tls::isTrusted);
        end(connector, shown::contains);
    }

    /** Ends nothing. */
    private static boolean noted(Set<List<X509Certificate>> shown, List<X509Certificate> chain) {
        shown.add(chain);
        return false;
    }

    private static Future<Void> end(DTLSConnector connector, Predicate<List<X509Certificate>> whose) {
        Filter<Principal> ended =
                who -> who instanceof X509CertPath path && whose.test(FollowedTrust.chain(path.getPath()));
        return connector.startTerminateConnectionsForPrincipal(ended);
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

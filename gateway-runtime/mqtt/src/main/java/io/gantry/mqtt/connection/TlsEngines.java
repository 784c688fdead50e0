// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.security.ServerTls;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Who computes TLS.
 *
 * @param name for people
 */
public record TlsEngines(String name, SslProvider provider) {
    /** All with forward secrecy and an authenticated cipher; the first three are those of TLS 1.3. */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final long MOST_SESSIONS = 20_000;
    private static final long SESSION_SECONDS = 300;
    private static final int MOST_CERTIFICATE_BYTES = 64 * 1024;

    /** OpenSSL where Netty's library of it can be loaded: a handshake costs a fraction. */
    public static TlsEngines best() {
        return OpenSsl.isAvailable() ? ofOpenSsl() : ofJdk();
    }

    public static TlsEngines ofOpenSsl() {
        return new TlsEngines("openssl", SslProvider.OPENSSL);
    }

    /** Works everywhere. */
    public static TlsEngines ofJdk() {
        return new TlsEngines("jdk", SslProvider.JDK);
    }

    /**
     * What the handshakes of a listener begin with. A device that comes back within minutes may resume its session; with
     * another context it cannot.
     *
     * @param applicationProtocol agreed on when a device asks for it (ALPN); one that asks for none, or another, is taken too
     */
    public SslContext context(ServerTls tls, String applicationProtocol) throws SSLException {
        SslContextBuilder context = SslContextBuilder.forServer(tls.keys())
                .sslProvider(provider)
                .protocols(tls.protocols())
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .clientAuth(clientAuth(tls))
                .sessionCacheSize(MOST_SESSIONS)
                .sessionTimeout(SESSION_SECONDS)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        applicationProtocol));
        X509ExtendedTrustManager trust = tls.trust();
        if (trust != null) {
            context.trustManager(trust);
        }
        if (provider != SslProvider.JDK) {
            context.option(OpenSslContextOption.MAX_CERTIFICATE_LIST_BYTES, MOST_CERTIFICATE_BYTES);
        }
        return context.build();
    }

    private static ClientAuth clientAuth(ServerTls tls) {
        return switch (tls.clientCertificate()) {
            case NONE -> ClientAuth.NONE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
    }

    @Override
    public String toString() {
        return name;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.security.ServerTls;
import io.gantry.api.security.ServerTls.ClientCertificate;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509ExtendedTrustManager;

/** The certificates of a listener, as the HTTP server takes them. */
final class Encryption {
    private Encryption() {}

    /** Has a server speak https. The managers follow the files, so the server need not be told when these change. */
    static void of(ServerTls tls, HttpServerOptions options) {
        options.setSsl(true)
                .setKeyCertOptions(KeyCertOptions.wrap(tls.keys()))
                .setEnabledSecureTransportProtocols(new LinkedHashSet<>(tls.protocols()))
                .setSslHandshakeTimeout(tls.handshakeTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setUseAlpn(false)
                .setSslEngineOptions(new JdkSSLEngineOptions().setUseWorkerThread(tls.mayWait()));
        X509ExtendedTrustManager trust = tls.trust();
        if (trust != null) {
            options.setTrustOptions(TrustOptions.wrap(trust));
        }
        options.setClientAuth(
                switch (tls.clientCertificate()) {
                    case NONE -> ClientAuth.NONE;
                    case OPTIONAL -> ClientAuth.REQUEST;
                    case REQUIRED -> ClientAuth.REQUIRED;
                });
    }

    /**
     * Whether who is connected would be trusted now: the handshake of a resumed session has not looked, and what is trusted
     * changes.
     */
    static boolean isTrusted(ServerTls tls, HttpConnection connection) {
        if (tls.trust() == null) {
            return true;
        }
        try {
            return tls.isTrusted(connection.peerCertificates().stream()
                    .map(X509Certificate.class::cast)
                    .toList());
        } catch (SSLPeerUnverifiedException none) {
            return tls.clientCertificate() != ClientCertificate.REQUIRED;
        }
    }
}

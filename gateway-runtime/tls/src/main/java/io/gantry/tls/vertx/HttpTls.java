// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls.vertx;

import io.gantry.api.security.ServerTls;
import io.gantry.api.security.ServerTls.ClientCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The TLS of an HTTP server, and who of those connected is trusted. Without certificates it does nothing. */
public final class HttpTls {
    private final Vertx vertx;
    private final @Nullable ServerTls tls;

    /**
     * Of one server.
     *
     * @param vertx which has the server, with one event loop
     * @param tls null for plain HTTP
     */
    public HttpTls(Vertx vertx, @Nullable ServerTls tls) {
        this.vertx = vertx;
        this.tls = tls;
    }

    /**
     * Has a server speak https. The managers follow the files, so the server need not be told when these change.
     *
     * @param tls null for plain HTTP
     */
    public static HttpServerOptions secured(HttpServerOptions options, @Nullable ServerTls tls) {
        if (tls == null) {
            return options;
        }
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
        return options.setClientAuth(
                switch (tls.clientCertificate()) {
                    case NONE -> ClientAuth.NONE;
                    case OPTIONAL -> ClientAuth.REQUEST;
                    case REQUIRED -> ClientAuth.REQUIRED;
                });
    }

    /**
     * Has the connections looked at again whenever something else is trusted than before.
     *
     * @param connections those that are open, asked for on the event loop
     */
    public void follow(Supplier<? extends Collection<HttpConnection>> connections) {
        if (tls != null) {
            tls.onTrustChanged(() -> vertx.runOnContext(now -> connections.get().forEach(this::check)));
        }
    }

    /**
     * Closes a connection whose other end is not trusted, or not any more: the handshake of a resumed session has not
     * looked. On the event loop, or, where authorities are asked, soon.
     */
    public void check(HttpConnection connection) {
        ServerTls asked = tls;
        if (asked == null) {
            return;
        }
        if (asked.mayWait()) {
            vertx.executeBlocking(() -> isTrusted(asked, connection), false)
                    .onSuccess(isTrusted -> closeUnless(isTrusted, connection));
        } else {
            closeUnless(isTrusted(asked, connection), connection);
        }
    }

    private static boolean isTrusted(ServerTls tls, HttpConnection connection) {
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

    private static void closeUnless(boolean isTrusted, HttpConnection connection) {
        if (!isTrusted) {
            connection.close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import io.gantry.api.security.ServerTls;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** One handshake of the JDK's TLS on both sides of a socket, with certificates that are tested on the server's. */
final class Handshake {
    private static final int SECONDS = 120;

    private Handshake() {}

    /**
     * The certificate that a client is shown.
     *
     * @param host it asks for; null for none
     */
    static X509Certificate shown(ServerTls tls, TestCertificates authority, @Nullable String host) throws Exception {
        return (X509Certificate) run(tls, clientOf(authority, null), host, List.of("TLSv1.3"))[0];
    }

    /** As {@link #shown}, with TLS 1.2. */
    static X509Certificate shownOld(ServerTls tls, TestCertificates authority, @Nullable String host) throws Exception {
        return (X509Certificate) run(tls, clientOf(authority, null), host, List.of("TLSv1.2"))[0];
    }

    /** What the server says against a client; empty when it is taken. */
    static String of(ServerTls tls, TestCertificates server, @Nullable Identity shown) throws Exception {
        try {
            run(tls, clientOf(server, shown), null, List.of("TLSv1.3"));
            return "";
        } catch (IOException refused) {
            Throwable deepest = refused;
            while (deepest.getCause() != null) {
                deepest = deepest.getCause();
            }
            return String.valueOf(deepest.getMessage());
        }
    }

    private static SSLContext clientOf(TestCertificates authority, @Nullable Identity shown) {
        return shown == null ? authority.context() : authority.context(shown);
    }

    /** What the client was shown. The server's exception is thrown when it has one. */
    private static Certificate[] run(ServerTls tls, SSLContext client, @Nullable String host, List<String> protocols)
            throws Exception {
        try (SSLServerSocket listening = (SSLServerSocket)
                contextOf(tls).getServerSocketFactory().createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            listening.setNeedClientAuth(tls.trust() != null);
            CompletableFuture<@Nullable IOException> server = CompletableFuture.supplyAsync(() -> accept(listening));
            Certificate[] shown;
            try (SSLSocket socket = (SSLSocket) client.getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
                socket.setSoTimeout(SECONDS * 1_000);
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setProtocols(protocols.toArray(String[]::new));
                parameters.setServerNames(host == null ? List.of() : List.of(new SNIHostName(host)));
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                socket.getInputStream().read();
                shown = socket.getSession().getPeerCertificates();
            } catch (IOException refused) {
                throwOf(server);
                throw refused;
            }
            // not before the client has closed, which the server waits for
            throwOf(server);
            return shown;
        }
    }

    private static SSLContext contextOf(ServerTls tls) throws NoSuchAlgorithmException, KeyManagementException {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManager[] trust = tls.trust() == null ? null : new TrustManager[] {tls.trust()};
        context.init(new KeyManager[] {tls.keys()}, trust, null);
        return context;
    }

    private static @Nullable IOException accept(SSLServerSocket listening) {
        try (SSLSocket accepted = (SSLSocket) listening.accept()) {
            accepted.setSoTimeout(SECONDS * 1_000);
            accepted.startHandshake();
            accepted.getOutputStream().write('k');
            return null;
        } catch (IOException refused) {
            return refused;
        }
    }

    private static void throwOf(CompletableFuture<@Nullable IOException> server) throws IOException {
        IOException refused = server.join();
        if (refused != null) {
            throw refused;
        }
    }
}

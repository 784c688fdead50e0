// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.security;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a listener shows in TLS, and whom it asks for what. Its managers follow the files, so they are given to a TLS context
 * once: each handshake takes what the files last held that was right. Any thread.
 */
public interface ServerTls {

    /** The certificates, of which one is chosen by the name that a client asks for (SNI). */
    X509ExtendedKeyManager keys();

    /**
     * Which of {@link #keys()} is for a client, where the handshake is not JSSE's.
     *
     * @param keyType as JSSE calls it: {@code EC}, {@code RSA}
     * @param host what the client asks for; null when it asks for no name
     * @return its alias; null when there is none for that name, or none with such a key
     */
    @Nullable String aliasFor(String keyType, @Nullable String host);

    /** Checks the certificates of clients, that they are not revoked too; null when none are asked for. */
    @Nullable X509ExtendedTrustManager trust();

    /** Whether clients must have a certificate. */
    ClientCertificate clientCertificate();

    /** As JSSE calls them: {@code TLSv1.3}, {@code TLSv1.2}; the first is preferred. */
    List<String> protocols();

    /** From the first byte to the last of a handshake. */
    Duration handshakeTimeout();

    /** Whether checking a client's certificate may ask others, and so wait: it must not run on an event loop then. */
    boolean mayWait();

    /**
     * Whether a chain that was proved in a handshake would be trusted now.
     *
     * @param chain its own first
     */
    boolean isTrusted(List<X509Certificate> chain);

    /** Is run, on a thread of its own, each time something else is trusted than before: a CRL or an authority was changed. */
    void onTrustChanged(Runnable step);

    /** Whether a client shows a certificate. */
    enum ClientCertificate {
        /** It is not asked. */
        NONE,
        /** It is asked, and let go on without one. */
        OPTIONAL,
        /** It must. */
        REQUIRED
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the authorities of a file, and in no other. */
final class CaFile {
    private CaFile() {}

    /**
     * TLS of a client.
     *
     * @throws IOException when the file cannot be read or holds no certificate; names it
     */
    static SSLContext context(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Collection<? extends Certificate> authorities =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (authorities.isEmpty()) {
                throw new IOException(file + " holds no certificate, expected those of authorities in PEM");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate authority : authorities) {
                store.setCertificateEntry(Integer.toString(store.size()), authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return tls;
        } catch (CertificateException malformed) {
            throw new IOException(file + " holds no certificate, expected those of authorities in PEM", malformed);
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException("every Java has it", bug);
        }
    }
}

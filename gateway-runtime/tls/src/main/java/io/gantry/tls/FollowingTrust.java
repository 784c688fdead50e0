// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import io.gantry.api.files.FollowedFiles;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Checks the certificates of clients against what the files last said, within limits. */
final class FollowingTrust extends X509ExtendedTrustManager {
    private static final int MOST_CERTIFICATES = 10;
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_NAMES = 64;

    private final FollowedFiles<List<X509ExtendedTrustManager>> checks;

    /** One way to ask a trust manager. */
    private interface Question {
        void ask(X509ExtendedTrustManager check) throws CertificateException;
    }

    FollowingTrust(FollowedFiles<List<X509ExtendedTrustManager>> checks) {
        this.checks = checks;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        check(chain, trust -> trust.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        check(chain, trust -> trust.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, trust -> trust.checkClientTrusted(chain, type));
    }

    private void check(X509Certificate[] chain, Question question) throws CertificateException {
        if (chain.length > MOST_CERTIFICATES) {
            throw new CertificateException(
                    "a chain of " + chain.length + " certificates, at most " + MOST_CERTIFICATES + " are taken");
        }
        int bytes = 0;
        for (X509Certificate certificate : chain) {
            bytes += certificate.getEncoded().length;
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null && names.size() > MOST_NAMES) {
                throw new CertificateException(
                        "a certificate with " + names.size() + " names, at most " + MOST_NAMES + " are taken");
            }
        }
        if (bytes > MOST_BYTES) {
            throw new CertificateException("a chain of " + bytes + " bytes, at most " + MOST_BYTES + " are taken");
        }
        for (X509ExtendedTrustManager check : checks.current()) {
            question.ask(check);
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return checks.current().get(0).getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine engine)
            throws CertificateException {
        throw onlyClients();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket socket)
            throws CertificateException {
        throw onlyClients();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw onlyClients();
    }

    private static CertificateException onlyClients() {
        return new CertificateException("only clients are checked here");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.pem.util.PemUtils;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates clients may show, as the files say it.
 *
 * @param authorities file of authorities
 * @param crl file of revocation lists; null for none
 * @param ocsp whether the authorities are asked as well
 */
record ClientTrust(
        Path authorities,
        @Nullable Secret password,
        @Nullable Path crl,
        boolean ocsp) {

    List<Path> files() {
        return crl == null ? List.of(authorities) : List.of(authorities, crl);
    }

    /**
     * Reads it.
     *
     * @return each of which must trust a client: one that knows the lists, one that asks
     * @throws InvalidSettingException when a file does not hold what it should; never quotes it
     */
    List<X509ExtendedTrustManager> read() {
        Set<TrustAnchor> anchors = readAuthorities().stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
        Collection<? extends CRL> lists = crl == null ? List.of() : readLists(crl);
        try {
            List<X509ExtendedTrustManager> checks = new ArrayList<>();
            if (crl != null || !ocsp) {
                checks.add(checking(anchors, lists));
            }
            if (ocsp) {
                checks.add(asking(anchors));
            }
            return checks;
        } catch (GeneralSecurityException unusable) {
            throw refused("tls.client-ca", "authorities", authorities, unusable);
        }
    }

    private List<X509Certificate> readAuthorities() {
        CertificateFile.requireFile("tls.client-ca", authorities);
        try {
            List<X509Certificate> found = ServerTlsSettings.isStore(authorities.toString())
                    ? ofStore(CertificateFile.store(authorities, password))
                    : PemUtils.loadCertificate(authorities);
            if (found.isEmpty()) {
                throw new InvalidSettingException(
                        "tls.client-ca", "must hold certificates of authorities; '" + authorities + "' holds none");
            }
            return found;
        } catch (InvalidSettingException told) {
            throw told;
        } catch (GeneralSecurityException | IOException | RuntimeException unusable) {
            throw refused("tls.client-ca", "certificates of authorities", authorities, unusable);
        }
    }

    private static List<X509Certificate> ofStore(KeyStore store) throws GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isCertificateEntry(alias)) {
                found.add((X509Certificate) store.getCertificate(alias));
            }
        }
        return found;
    }

    /** PEM, of which there may be several, or DER. */
    private static Collection<? extends CRL> readLists(Path file) {
        CertificateFile.requireFile("tls.crl", file);
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file))) {
            Collection<? extends CRL> found =
                    CertificateFactory.getInstance("X.509").generateCRLs(bytes);
            if (found.isEmpty()) {
                throw new InvalidSettingException("tls.crl", "must hold revocation lists; '" + file + "' holds none");
            }
            return found;
        } catch (GeneralSecurityException | IOException unusable) {
            throw refused("tls.crl", "revocation lists", file, unusable);
        }
    }

    /** Knows revoked certificates by lists alone: without one of a certificate's authority, it is not trusted. */
    private static X509ExtendedTrustManager checking(Set<TrustAnchor> anchors, Collection<? extends CRL> lists)
            throws GeneralSecurityException {
        PKIXBuilderParameters path = new PKIXBuilderParameters(anchors, new X509CertSelector());
        path.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
        path.setRevocationEnabled(!lists.isEmpty());
        return trusting(path);
    }

    /** Asks who a certificate says may be asked; without an answer it is not trusted. */
    private static X509ExtendedTrustManager asking(Set<TrustAnchor> anchors) throws GeneralSecurityException {
        PKIXBuilderParameters path = new PKIXBuilderParameters(anchors, new X509CertSelector());
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.NO_FALLBACK));
        path.addCertPathChecker(checker);
        return trusting(path);
    }

    private static X509ExtendedTrustManager trusting(PKIXBuilderParameters path) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(path));
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    /** The cause may quote the file. */
    private static InvalidSettingException refused(String key, String what, Path file, Exception cause) {
        return new InvalidSettingException(
                key,
                "must hold " + what + " which can be read; '" + file + "' does not: "
                        + cause.getClass().getSimpleName());
    }
}

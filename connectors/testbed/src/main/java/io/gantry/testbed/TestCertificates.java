// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.X509ObjectIdentifiers;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * An authority of its own, and what it certifies, as files: for tests of whom a client or a server trusts. Every object is
 * another authority. Keys are of the curve P-256, unless it says otherwise.
 */
public final class TestCertificates {
    /** Of all encrypted keys and of all PKCS#12 files. */
    public static final String PASSWORD = "only-for-this-test";

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
    private static final Duration SOME_DAYS = Duration.ofDays(5);
    private static final Duration LONGER = Duration.ofDays(100);
    private static final Extensions CLIENT = certificate -> certificate.addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));

    private final Path directory;
    private final KeyPair keys;
    private final List<X509Certificate> chain;
    private int number;

    /**
     * A certificate and its key.
     *
     * @param cert the certificate and its authority's, in PEM
     * @param key its private key, in PEM
     * @param encryptedKey the same, under {@link #PASSWORD}
     * @param store all of it, in PKCS#12
     */
    public record Identity(Path cert, Path key, Path encryptedKey, Path store) {}

    /** What may be said of a certificate. */
    private interface Extensions {
        void addTo(JcaX509v3CertificateBuilder certificate) throws GeneralSecurityException, IOException;
    }

    private TestCertificates(Path directory, KeyPair keys, List<X509Certificate> chain) {
        this.directory = directory;
        this.keys = keys;
        this.chain = chain;
    }

    /** A new authority that writes into a directory, which it may share with others. */
    public static TestCertificates in(Path directory) {
        return authority(directory, null);
    }

    /** An authority that this one certifies. */
    public TestCertificates below() {
        return authority(directory, this);
    }

    private static TestCertificates authority(Path directory, @Nullable TestCertificates above) {
        try {
            KeyPair keys = TestKeys.ofP256();
            X500Principal name = new X500Principal("CN=authority " + new BigInteger(64, new SecureRandom()));
            JcaX509v3CertificateBuilder own = builder(
                    above == null ? name : above.certificate().getSubjectX500Principal(),
                    keys,
                    name,
                    Instant.now().minus(Duration.ofDays(10)),
                    Instant.now().plus(above == null ? LONGER : SOME_DAYS));
            own.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            own.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            List<X509Certificate> chain = new ArrayList<>();
            chain.add(signed(own, above == null ? keys : above.keys));
            chain.addAll(above == null ? List.of() : above.chain);
            return new TestCertificates(Files.createTempDirectory(directory, "authority"), keys, chain);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException | OperatorCreationException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /** The authority's certificate, in PEM. */
    public Path authority() {
        return pem("ca.pem", certificate());
    }

    /** The authority's certificate, in PKCS#12. */
    public Path authorityStore() {
        return store("ca.p12", null, certificate());
    }

    /** Of a server under these host names and addresses. */
    public Identity server(String... hosts) {
        return identity("server", SOME_DAYS, serverOf(hosts));
    }

    /**
     * As {@link #server}, with other keys.
     *
     * @param kind {@code secp384r1}, {@code secp521r1}, or an algorithm of the JDK's: {@code RSA}, {@code Ed25519}
     */
    public Identity serverWithKeys(String kind, String... hosts) {
        return identity("server", TestKeys.of(kind), SOME_DAYS, serverOf(hosts));
    }

    /** As {@link #server}, no longer valid. */
    public Identity expiredServer(String... hosts) {
        return serverFor(Duration.ofDays(-1), hosts);
    }

    /** Of a server, that ends after so long; negative when it has. */
    public Identity serverFor(Duration validFor, String... hosts) {
        return identity("server", validFor, serverOf(hosts));
    }

    /** Of a client that calls itself so. */
    public Identity client(String name) {
        return identity(name, SOME_DAYS, CLIENT);
    }

    /** As {@link #client}, no longer valid. */
    public Identity expiredClient(String name) {
        return identity(name, Duration.ofDays(-1), CLIENT);
    }

    /** As {@link #client}, from tomorrow on. */
    public Identity clientOfTomorrow(String name) {
        return identity(name, TestKeys.ofP256(), Instant.now().plus(Duration.ofDays(1)), SOME_DAYS, CLIENT);
    }

    /** As {@link #client}, of a client that has as many host names. */
    public Identity clientWithHosts(String name, int hosts) {
        String[] names = new String[hosts];
        Arrays.setAll(names, i -> "host-" + i + ".example");
        return identity(name, SOME_DAYS, certificate -> {
            CLIENT.addTo(certificate);
            certificate.addExtension(Extension.subjectAlternativeName, false, names(names));
        });
    }

    /** As {@link #client}; who wants to know whether it is revoked asks there (OCSP). */
    public Identity clientToAskFor(String name, String responder) {
        return identity(name, SOME_DAYS, certificate -> {
            CLIENT.addTo(certificate);
            certificate.addExtension(
                    Extension.authorityInfoAccess,
                    false,
                    new AuthorityInformationAccess(
                            X509ObjectIdentifiers.id_ad_ocsp,
                            new GeneralName(GeneralName.uniformResourceIdentifier, responder)));
        });
    }

    /** A list of what is revoked, in PEM. */
    public Path revoking(Identity... revoked) {
        return pem("revoked-" + ++number + ".pem", revocationList(revoked));
    }

    /** A list of what is revoked, in DER. */
    public Path revokingInDer(Identity... revoked) {
        try {
            return Files.write(
                    directory.resolve("revoked-" + ++number + ".crl"),
                    revocationList(revoked).getEncoded());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private X509CRLHolder revocationList(Identity... revoked) {
        try {
            Instant now = Instant.now();
            X509v2CRLBuilder list =
                    new JcaX509v2CRLBuilder(certificate().getSubjectX500Principal(), Date.from(now.minusSeconds(60)));
            list.setNextUpdate(Date.from(now.plus(SOME_DAYS)));
            for (Identity identity : revoked) {
                list.addCRLEntry(
                        certificateOf(identity).getSerialNumber(),
                        Date.from(now.minusSeconds(60)),
                        CRLReason.unspecified);
            }
            return list.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
        } catch (OperatorCreationException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /** The certificate of an identity, without its authority's. */
    public static X509Certificate certificateOf(Identity identity) {
        try (InputStream bytes = Files.newInputStream(identity.cert())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    X509Certificate certificate() {
        return chain.get(0);
    }

    KeyPair keys() {
        return keys;
    }

    /** TLS for the one side of a test that is not tested: shows the identity, and trusts this authority. */
    public SSLContext context(Identity identity) {
        try {
            KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            shown.init(KeyStore.getInstance(identity.store().toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
            return context(shown.getKeyManagers());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /** As {@link #context(Identity)}, and shows nothing. */
    public SSLContext context() {
        try {
            return context((KeyManager[]) null);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    private SSLContext context(KeyManager @Nullable [] shown) throws IOException, GeneralSecurityException {
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("authority", certificate());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(authorities);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(shown, trusted.getTrustManagers(), null);
        return tls;
    }

    private static Extensions serverOf(String... hosts) {
        return certificate -> {
            certificate.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            if (hosts.length > 0) {
                certificate.addExtension(Extension.subjectAlternativeName, false, names(hosts));
            }
        };
    }

    private Identity identity(String name, Duration validFor, Extensions extensions) {
        return identity(name, TestKeys.ofP256(), validFor, extensions);
    }

    private Identity identity(String name, KeyPair own, Duration validFor, Extensions extensions) {
        return identity(name, own, Instant.now().minus(Duration.ofDays(10)), validFor, extensions);
    }

    private Identity identity(String name, KeyPair own, Instant from, Duration validFor, Extensions extensions) {
        try {
            JcaX509v3CertificateBuilder builder = builder(
                    certificate().getSubjectX500Principal(),
                    own,
                    new X500Principal("CN=" + name),
                    from,
                    Instant.now().plus(validFor));
            extensions.addTo(builder);
            List<X509Certificate> issued = new ArrayList<>();
            issued.add(signed(builder, keys));
            issued.addAll(chain);
            number++;
            return new Identity(
                    pem(number + ".pem", issued.toArray()),
                    pem(number + ".key", TestKeys.pkcs8(own, null)),
                    pem(number + "-encrypted.key", TestKeys.pkcs8(own, PASSWORD)),
                    store(number + ".p12", own, issued.toArray(Certificate[]::new)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException | OperatorCreationException bug) {
            throw new IllegalStateException(bug);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, KeyPair keys, X500Principal name, Instant from, Instant until) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, new SecureRandom()),
                Date.from(from),
                Date.from(until),
                name,
                keys.getPublic());
    }

    private static GeneralNames names(String... hosts) {
        return new GeneralNames(Arrays.stream(hosts)
                .map(host -> new GeneralName(
                        ADDRESS.matcher(host).matches() ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new));
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder certificate, KeyPair by)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        certificate.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate())));
    }

    private Path pem(String name, Object... contents) {
        Path file = directory.resolve(name);
        try (Writer out = Files.newBufferedWriter(file);
                JcaPEMWriter pem = new JcaPEMWriter(out)) {
            for (Object content : contents) {
                pem.writeObject(content);
            }
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path store(String name, @Nullable KeyPair of, Certificate... chain) {
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            if (of == null) {
                store.setCertificateEntry("authority", chain[0]);
            } else {
                store.setKeyEntry("identity", of.getPrivate(), PASSWORD.toCharArray(), chain);
            }
            store.store(out, PASSWORD.toCharArray());
            return file;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }
}

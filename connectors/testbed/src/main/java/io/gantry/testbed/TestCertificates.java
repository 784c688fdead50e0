// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * An authority of its own, and what it certifies, as files: for tests of whom a client or a server trusts. Every object is
 * another authority. Keys are of the curve P-256.
 */
public final class TestCertificates {
    /** Of all encrypted keys and of all PKCS#12 files. */
    public static final String PASSWORD = "only-for-this-test";

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
    private static final Duration SOME_DAYS = Duration.ofDays(5);

    private final Path directory;
    private final KeyPair keys;
    private final X509Certificate certificate;
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

    private TestCertificates(Path directory, KeyPair keys, X509Certificate certificate) {
        this.directory = directory;
        this.keys = keys;
        this.certificate = certificate;
    }

    /** A new authority that writes into a directory, which it may share with others. */
    public static TestCertificates in(Path directory) {
        try {
            KeyPair keys = newKeys();
            X500Principal name = new X500Principal("CN=authority " + new BigInteger(64, new SecureRandom()));
            JcaX509v3CertificateBuilder own =
                    builder(name, keys, name, Instant.now().plus(SOME_DAYS));
            own.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            own.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new TestCertificates(Files.createTempDirectory(directory, "authority"), keys, signed(own, keys));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException | OperatorCreationException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /** The authority's certificate, in PEM. */
    public Path authority() {
        return pem("ca.pem", certificate);
    }

    /** The authority's certificate, in PKCS#12. */
    public Path authorityStore() {
        return store("ca.p12", null, certificate);
    }

    /** Of a server under these host names and addresses. */
    public Identity server(String... hosts) {
        return identity("server", SOME_DAYS, KeyPurposeId.id_kp_serverAuth, hosts);
    }

    /** As {@link #server}, no longer valid. */
    public Identity expiredServer(String... hosts) {
        return identity("server", Duration.ofDays(-1), KeyPurposeId.id_kp_serverAuth, hosts);
    }

    /** Of a client that calls itself so. */
    public Identity client(String name) {
        return identity(name, SOME_DAYS, KeyPurposeId.id_kp_clientAuth);
    }

    /** As {@link #client}, no longer valid. */
    public Identity expiredClient(String name) {
        return identity(name, Duration.ofDays(-1), KeyPurposeId.id_kp_clientAuth);
    }

    /** TLS for the one side of a test that is not tested: shows the identity, and trusts this authority. */
    public SSLContext context(Identity identity) {
        try {
            KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            shown.init(KeyStore.getInstance(identity.store().toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(KeyStore.getInstance(authorityStore().toFile(), PASSWORD.toCharArray()));
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
            return tls;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    private Identity identity(String name, Duration validFor, KeyPurposeId purpose, String... hosts) {
        try {
            KeyPair own = newKeys();
            JcaX509v3CertificateBuilder builder = builder(
                    certificate.getSubjectX500Principal(),
                    own,
                    new X500Principal("CN=" + name),
                    Instant.now().plus(validFor));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            if (hosts.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, names(hosts));
            }
            X509Certificate issued = signed(builder, keys);
            number++;
            return new Identity(
                    pem(number + ".pem", issued, certificate),
                    pem(number + ".key", pkcs8(own, null)),
                    pem(number + "-encrypted.key", pkcs8(own, PASSWORD)),
                    store(number + ".p12", own, issued, certificate));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException | OperatorCreationException bug) {
            throw new IllegalStateException(bug);
        }
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, KeyPair keys, X500Principal name, Instant until) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(64, new SecureRandom()),
                Date.from(Instant.now().minus(Duration.ofDays(10))),
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

    private static PKCS8Generator pkcs8(KeyPair keys, @Nullable String password) throws OperatorCreationException {
        return new PKCS8Generator(
                PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded()),
                password == null
                        ? null
                        : new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setPassword(password.toCharArray())
                                .build());
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

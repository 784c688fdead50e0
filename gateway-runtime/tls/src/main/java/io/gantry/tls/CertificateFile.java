// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls;

import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import nl.altindag.ssl.pem.util.PemUtils;
import org.jspecify.annotations.Nullable;

/**
 * Where a certificate and its key are.
 *
 * @param cert PEM, or PKCS#12 by its name
 * @param key PEM; null with PKCS#12
 */
record CertificateFile(
        Path cert, @Nullable Path key, @Nullable Secret password) {
    /** By the kinds of keys that every library of TLS here can use: OpenSSL in Netty asks for no other. */
    private static final Map<String, String> SIGNATURES = Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA");

    private static final byte[] ANYTHING = {1, 2, 3};

    static CertificateFile of(String cert, @Nullable String key, @Nullable Secret password) {
        return new CertificateFile(Path.of(cert), key == null ? null : Path.of(key), password);
    }

    List<Path> files() {
        return key == null ? List.of(cert) : List.of(cert, key);
    }

    /**
     * Reads it.
     *
     * @throws InvalidSettingException when there is no certificate, or no key that fits; never quotes the files
     */
    ShownCertificate read() {
        requireFile("tls.cert", cert);
        if (key != null) {
            requireFile("tls.key", key);
        }
        try {
            ShownCertificate read = ServerTlsSettings.isStore(cert.toString()) ? ofStore() : ofPem();
            if (!fits(read)) {
                throw otherKey();
            }
            return read;
        } catch (InvalidSettingException told) {
            throw told;
        } catch (GeneralSecurityException | IOException | RuntimeException unusable) {
            throw new InvalidSettingException(
                    "tls.cert",
                    "must hold a certificate, and with it the key that fits, which can be read; '" + cert
                            + (key == null ? "" : "' with '" + key) + "' does not: "
                            + unusable.getClass().getSimpleName());
        }
    }

    static void requireFile(String key, Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new InvalidSettingException(key, "must be a file that can be read, was '" + file + "'");
        }
    }

    private ShownCertificate ofPem() throws GeneralSecurityException {
        List<X509Certificate> chain = PemUtils.loadCertificate(cert);
        requireKnownKind(chain.get(0));
        PrivateKey read = PemUtils.loadPrivateKey(key == null ? cert : key, password(password));
        // as the JDK's own and of the certificate's type: JSSE and OpenSSL go by what its type is called
        KeyFactory type = KeyFactory.getInstance(chain.get(0).getPublicKey().getAlgorithm());
        return ShownCertificate.of(ofType(type, read), chain);
    }

    private PrivateKey ofType(KeyFactory type, PrivateKey read) {
        try {
            return type.generatePrivate(new PKCS8EncodedKeySpec(read.getEncoded()));
        } catch (InvalidKeySpecException otherType) {
            throw otherKey();
        }
    }

    private InvalidSettingException otherKey() {
        return new InvalidSettingException(
                key == null ? "tls.cert" : "tls.key",
                "must be the key of the certificate in '" + cert + "', is another's");
    }

    private ShownCertificate ofStore() throws GeneralSecurityException, IOException {
        KeyStore store = store(cert, password);
        List<String> keys = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                keys.add(alias);
            }
        }
        if (keys.size() != 1) {
            throw new InvalidSettingException(
                    "tls.cert", "must hold one key with its certificate; '" + cert + "' holds " + keys.size());
        }
        List<X509Certificate> chain = Arrays.stream(store.getCertificateChain(keys.get(0)))
                .map(X509Certificate.class::cast)
                .toList();
        requireKnownKind(chain.get(0));
        return ShownCertificate.of((PrivateKey) store.getKey(keys.get(0), password(password)), chain);
    }

    private void requireKnownKind(X509Certificate certificate) {
        String kind = certificate.getPublicKey().getAlgorithm();
        if (!SIGNATURES.containsKey(kind)) {
            throw new InvalidSettingException(
                    "tls.cert", "must be for a key of an elliptic curve or of RSA; that of '" + cert + "' is " + kind);
        }
    }

    /** Opens a PKCS#12 file. */
    static KeyStore store(Path file, @Nullable Secret password) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(file)) {
            store.load(bytes, password(password));
        }
        return store;
    }

    private static char[] password(@Nullable Secret password) {
        return password == null ? new char[0] : password.reveal().toCharArray();
    }

    /** In a handshake nobody could tell why it fails. */
    private static boolean fits(ShownCertificate read) {
        try {
            Signature signature = Signature.getInstance(
                    SIGNATURES.get(read.chain().get(0).getPublicKey().getAlgorithm()));
            signature.initSign(read.key());
            signature.update(ANYTHING);
            byte[] signed = signature.sign();
            signature.initVerify(read.chain().get(0).getPublicKey());
            signature.update(ANYTHING);
            return signature.verify(signed);
        } catch (GeneralSecurityException otherKind) {
            return false;
        }
    }
}

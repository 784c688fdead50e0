// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import io.gantry.api.files.FileWatch;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.Description;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.pem.util.PemUtils;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint proves who it is, and whom it trusts. A target's certificate and its name are always checked: there is
 * no key to switch that off.
 */
@Description(
        "Certificates for TLS. The target's certificate and host name are always checked. Files that change are read"
                + " again, and count from the next connection on; what cannot be used leaves what was before in place, and is warned"
                + " of.")
public record TlsSettings(
        @Description("File of the authorities whose certificates are trusted, in PEM or PKCS#12 (`.p12`, `.pfx`)."
                + " Left out, the JVM's own.")
        @Nullable String ca,

        @Description("File of the certificate that the gateway shows, with its chain, in PEM; or of certificate and key"
                + " together, in PKCS#12 (`.p12`, `.pfx`).")
        @Nullable String cert,

        @Description("File of the certificate's private key, in PEM.") @Nullable String key,

        @Description("Password of the private key or of the PKCS#12 files.") @Nullable Secret keyPassword) {

    /** The JVM's trust, and no certificate of the gateway's own. */
    public static final TlsSettings PLAIN = new TlsSettings(null, null, null, null);

    public TlsSettings {
        if (cert != null && !ServerTlsSettings.isStore(cert) && key == null) {
            throw new InvalidSettingException("key", "must be given together with cert");
        }
        if (key != null && (cert == null || ServerTlsSettings.isStore(cert))) {
            throw new InvalidSettingException("cert", "must be a certificate in PEM when there is a key");
        }
        requireFile("ca", ca);
        requireFile("cert", cert);
        requireFile("key", key);
    }

    /** Whether there is a certificate to show. */
    public boolean hasCertificate() {
        return cert != null;
    }

    /**
     * Reads the files, and follows them until it is closed.
     *
     * @param endpoint its name in the YAML, for the log
     * @throws InvalidSettingException when a file does not hold what it should
     */
    public FollowedTls open(String endpoint) {
        return FollowedTls.open(endpoint, this, FileWatch.INTERVAL);
    }

    /** All that are read. */
    List<Path> files() {
        return Stream.of(ca, cert, key).filter(Objects::nonNull).map(Path::of).toList();
    }

    /**
     * Reads the files.
     *
     * @return TLS 1.2 and 1.3
     * @throws InvalidSettingException when a file does not hold what it should
     */
    SSLContext context() {
        return factory().getSslContext();
    }

    /** As {@link #context()}, the part that checks the target. */
    public X509ExtendedTrustManager trust() {
        return factory().getTrustManager().orElseThrow();
    }

    /**
     * The certificate that the gateway shows, with its key; null when there is none.
     *
     * @throws InvalidSettingException when a file does not hold what it should
     */
    public @Nullable X509ExtendedKeyManager identity() {
        return cert == null ? null : identityOf(cert);
    }

    private SSLFactory factory() {
        SSLFactory.Builder tls = SSLFactory.builder().withProtocols("TLSv1.3", "TLSv1.2");
        if (ca == null) {
            tls.withDefaultTrustMaterial();
        } else {
            tls.withTrustMaterial(trustOf(ca));
        }
        if (cert != null) {
            tls.withIdentityMaterial(identityOf(cert));
        }
        return tls.build();
    }

    private X509ExtendedTrustManager trustOf(String file) {
        try {
            return ServerTlsSettings.isStore(file)
                    ? SSLFactory.builder()
                            .withTrustMaterial(store(file))
                            .build()
                            .getTrustManager()
                            .orElseThrow()
                    : PemUtils.loadTrustMaterial(Path.of(file));
        } catch (RuntimeException unusable) {
            throw unreadable("ca", file, unusable);
        }
    }

    private X509ExtendedKeyManager identityOf(String file) {
        char[] password = password();
        try {
            X509ExtendedKeyManager keys = ServerTlsSettings.isStore(file)
                    ? SSLFactory.builder()
                            .withIdentityMaterial(store(file), password)
                            .withDefaultTrustMaterial()
                            .build()
                            .getKeyManager()
                            .orElseThrow()
                    : PemUtils.loadIdentityMaterial(Path.of(file), Path.of(String.valueOf(key)), password);
            KeyOfCertificate.check(keys);
            return keys;
        } catch (RuntimeException unusable) {
            throw unreadable("cert", key == null ? file : file + "' with '" + key, unusable);
        }
    }

    private KeyStore store(String file) {
        try {
            return KeyStore.getInstance(Path.of(file).toFile(), password());
        } catch (IOException | java.security.GeneralSecurityException unusable) {
            throw new IllegalArgumentException(unusable);
        }
    }

    private char[] password() {
        return keyPassword == null ? new char[0] : keyPassword.reveal().toCharArray();
    }

    private static void requireFile(String key, @Nullable String file) {
        if (file != null && (!Files.isReadable(Path.of(file)) || Files.isDirectory(Path.of(file)))) {
            throw new InvalidSettingException(key, "must be a file that can be read, was '" + file + "'");
        }
    }

    /** The cause may quote the file. */
    private static InvalidSettingException unreadable(String key, String files, RuntimeException cause) {
        return new InvalidSettingException(
                key,
                "must hold certificates, and with them the key that fits, which can be read; '" + files + "' does not: "
                        + cause.getClass().getSimpleName());
    }
}

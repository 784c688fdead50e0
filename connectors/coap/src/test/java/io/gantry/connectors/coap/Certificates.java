// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.jspecify.annotations.Nullable;

/** An authority and what it has signed, made by the JDK's keytool. */
final class Certificates {
    private static final String PASSWORD = "only-for-this-test";

    private final Path directory;
    private final KeyStore keys;

    private Certificates(Path directory, KeyStore keys) {
        this.directory = directory;
        this.keys = keys;
    }

    /** With the names {@code server}, {@code other} (of another host), {@code expired}, {@code client}, {@code stranger}. */
    static Certificates make(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        Path store = directory.resolve("keys.p12");
        keytool(store, "authority", "-ext", "BC=ca:true");
        keytool(store, "server", "-signer", "authority", "-ext", "SAN=ip:127.0.0.1");
        keytool(store, "other", "-signer", "authority", "-ext", "SAN=dns:other.example");
        keytool(
                store,
                "expired",
                "-signer",
                "authority",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-startdate",
                "-9d",
                "-validity",
                "5");
        keytool(store, "client", "-signer", "authority");
        keytool(store, "stranger");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return new Certificates(directory, keys);
    }

    private static void keytool(Path store, String alias, String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        command.addAll(List.of(more));
        Path log = store.resolveSibling(alias + ".log");
        Process tool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(tool.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(tool.exitValue()).as(Files.readString(log)).isZero();
    }

    /** Settings of a gateway that trusts one, and may show another. */
    TlsSettings settings(String trusted, @Nullable String shown) throws IOException, GeneralSecurityException {
        KeyStore ca = empty();
        ca.setCertificateEntry(trusted, keys.getCertificate(trusted));
        String cert = null;
        if (shown != null) {
            KeyStore own = empty();
            own.setKeyEntry(shown, key(shown), PASSWORD.toCharArray(), keys.getCertificateChain(shown));
            cert = file(shown + "-own.p12", own);
        }
        return new TlsSettings(file(trusted + "-ca.p12", ca), cert, null, new Secret(PASSWORD));
    }

    /** A server that shows one, and may want clients of the authority. */
    DtlsConnectorConfig.Builder serve(DtlsConnectorConfig.Builder builder, String shown, boolean wantsClients) {
        try {
            builder.setCertificateIdentityProvider(
                    new SingleCertificateProvider(key(shown), keys.getCertificateChain(shown)));
            if (wantsClients) {
                builder.setAdvancedCertificateVerifier(StaticNewAdvancedCertificateVerifier.builder()
                        .setTrustedCertificates(new Certificate[] {keys.getCertificate("authority")})
                        .setSupportedCertificateTypes(List.of(CertificateType.X_509))
                        .build());
            }
            return builder.set(
                    DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE,
                    wantsClients ? CertificateAuthenticationMode.NEEDED : CertificateAuthenticationMode.NONE);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private PrivateKey key(String alias) throws GeneralSecurityException {
        return (PrivateKey) keys.getKey(alias, PASSWORD.toCharArray());
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private String file(String name, KeyStore store) throws IOException, GeneralSecurityException {
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/** New keys for certificates. */
final class TestKeys {
    private TestKeys() {}

    static KeyPair ofP256() {
        return of("secp256r1");
    }

    /** Of a curve or an algorithm, as the JDK calls them. */
    static KeyPair of(String kind) {
        try {
            boolean curve = kind.startsWith("secp");
            KeyPairGenerator generator = KeyPairGenerator.getInstance(curve ? "EC" : kind);
            if (curve) {
                generator.initialize(new ECGenParameterSpec(kind));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException bug) {
            throw new IllegalStateException(bug);
        }
    }

    /**
     * For a file in PEM.
     *
     * @param password null for a key that is not encrypted
     */
    static PKCS8Generator pkcs8(KeyPair keys, @Nullable String password) throws OperatorCreationException {
        return new PKCS8Generator(
                PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded()),
                password == null
                        ? null
                        : new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setPassword(password.toCharArray())
                                .build());
    }
}

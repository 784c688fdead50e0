// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.KeyType;
import java.security.Key;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A key for payloads. Prints nothing of the key.
 *
 * @param id its `kid`; null for one out of a PEM file
 * @param algorithm the only one it may be used with; null for any that fits
 * @param forEncrypting public or secret; null when only the private half is known
 * @param forDecrypting private or secret; null when only the public half is known
 */
record JweKey(
        @Nullable String id,
        KeyType type,
        @Nullable String algorithm,
        @Nullable Key forEncrypting,
        @Nullable Key forDecrypting) {
    private static final int WRAPPING_BITS = 256;

    boolean fits(JweAlgorithm wanted) {
        boolean isLongEnough = wanted != JweAlgorithm.A256GCMKW || secretBits() == WRAPPING_BITS;
        return type.equals(wanted.keyType())
                && isLongEnough
                && (algorithm == null || algorithm.equals(wanted.toString()));
    }

    /** Length of a secret key; 0 of any other. */
    int secretBits() {
        return forDecrypting instanceof SecretKey secret ? secret.getEncoded().length * Byte.SIZE : 0;
    }

    /** Safe for use by several threads, as all of the library's are. */
    JWEDecrypter decrypter(JweAlgorithm wanted) throws JOSEException {
        if (forDecrypting instanceof RSAPrivateKey rsa) {
            return new RSADecrypter(rsa);
        }
        if (forDecrypting instanceof ECPrivateKey ec) {
            return new ECDHDecrypter(ec);
        }
        SecretKey secret = (SecretKey) forDecrypting;
        return wanted == JweAlgorithm.DIR ? new DirectDecrypter(secret) : new AESDecrypter(secret);
    }

    /** Safe for use by several threads, as all of the library's are. */
    JWEEncrypter encrypter(JweAlgorithm wanted) throws JOSEException {
        if (forEncrypting instanceof RSAPublicKey rsa) {
            return new RSAEncrypter(rsa);
        }
        if (forEncrypting instanceof ECPublicKey ec) {
            return new ECDHEncrypter(ec);
        }
        SecretKey secret = (SecretKey) forEncrypting;
        return wanted == JweAlgorithm.DIR ? new DirectEncrypter(secret) : new AESEncrypter(secret);
    }

    @Override
    public String toString() {
        return type + " key" + (id == null ? "" : " " + id);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.lang.JoseException;

/** A device or a recipient that encrypts with another library than the gateway, and writes keys as OpenSSL does. */
final class OtherSide {

    private OtherSide() {}

    static KeyPair rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    static KeyPair ec(String curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return generator.generateKeyPair();
    }

    static String pem(Key key) {
        return pem(key.getFormat().equals("PKCS#8") ? "PRIVATE KEY" : "PUBLIC KEY", key.getEncoded());
    }

    static String pem(String name, byte[] der) {
        return "-----BEGIN " + name + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + name + "-----\n";
    }

    static String oct(byte[] secret, String more) {
        return "{\"kty\":\"oct\",\"k\":\""
                + Base64.getUrlEncoder().withoutPadding().encodeToString(secret) + "\"" + more + "}";
    }

    static String file(Path directory, String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    static String encrypt(String text, Key key, String algorithm, String encryption, Map<String, Object> headers)
            throws JoseException {
        JsonWebEncryption jwe = new JsonWebEncryption();
        jwe.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        jwe.setAlgorithmHeaderValue(algorithm);
        jwe.setEncryptionMethodHeaderParameter(encryption);
        headers.forEach(jwe.getHeaders()::setObjectHeaderValue);
        jwe.setPlaintext(text.getBytes(StandardCharsets.UTF_8));
        jwe.setKey(key);
        return jwe.getCompactSerialization();
    }

    static JsonWebEncryption opened(String compact, Key key) throws JoseException {
        JsonWebEncryption jwe = new JsonWebEncryption();
        jwe.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        jwe.setCompactSerialization(compact);
        jwe.setKey(key);
        jwe.getPlaintextBytes();
        return jwe;
    }
}

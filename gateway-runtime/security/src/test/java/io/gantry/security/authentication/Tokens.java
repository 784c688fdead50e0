// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an identity provider issues. */
final class Tokens {
    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final String ISSUER = "https://idp.example/";

    private Tokens() {}

    /** Claims that are accepted, to be changed. */
    static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(List.of("other", "gantry"))
                .subject("pump-7")
                .expirationTime(at(600));
    }

    /** So many seconds from now. */
    static Date at(long seconds) {
        return Date.from(NOW.plusSeconds(seconds));
    }

    static String signed(JWSAlgorithm algorithm, @Nullable String kid, JWSSigner signer, JWTClaimsSet claims) {
        return signed(new JWSHeader.Builder(algorithm).keyID(kid).build(), signer, claims);
    }

    static String signed(JWSHeader header, JWSSigner signer, JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(signer);
            return jwt.serialize();
        } catch (JOSEException failure) {
            throw new AssertionError(failure);
        }
    }

    static String signedByEd25519(KeyPair keys, JWTClaimsSet claims) {
        try {
            String signed = Base64URL.encode("{\"alg\":\"EdDSA\"}") + "." + Base64URL.encode(claims.toString());
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(keys.getPrivate());
            ed25519.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64URL.encode(ed25519.sign());
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }

    static KeyPair keys(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (size > 0) {
                generator.initialize(size);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }

    static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + kind
                + "-----\n";
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key by which tokens are checked. Which algorithms it may be used with follows from its kind, never from the token: a
 * public key is no secret of HS256, however the token calls its algorithm.
 *
 * @param id its {@code kid}; null when it has none
 */
record VerificationKey(@Nullable String id, Set<JWSAlgorithm> algorithms, Check check) {
    private static final int RSA_BITS = 2_048;

    /** Whether a signature is right. */
    @FunctionalInterface
    interface Check {
        boolean passes(JWSHeader header, byte[] signed, Base64URL signature)
                throws JOSEException, GeneralSecurityException;
    }

    VerificationKey {
        algorithms = Set.copyOf(algorithms);
    }

    /** Whether a token with this header may have been signed with it. */
    boolean fits(JWSHeader header) {
        return algorithms.contains(header.getAlgorithm())
                && (id == null || header.getKeyID() == null || id.equals(header.getKeyID()));
    }

    /** The same for one algorithm alone. */
    VerificationKey onlyFor(JWSAlgorithm algorithm) {
        return new VerificationKey(id, algorithms.contains(algorithm) ? Set.of(algorithm) : Set.of(), check);
    }

    /** @throws IllegalArgumentException when it is too short */
    static VerificationKey ofSecret(byte[] secret) {
        try {
            return by(null, new MACVerifier(secret));
        } catch (JOSEException unusable) {
            throw new IllegalArgumentException("the secret must have at least 32 bytes", unusable);
        }
    }

    /** @throws IllegalArgumentException when it is of a kind that no algorithm uses, or too short */
    static VerificationKey of(@Nullable String id, PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            if (rsa.getModulus().bitLength() < RSA_BITS) {
                throw new IllegalArgumentException("an RSA key must have at least 2048 bits");
            }
            return by(id, new RSASSAVerifier(rsa));
        }
        if (key instanceof ECPublicKey ec) {
            try {
                return by(id, new ECDSAVerifier(ec));
            } catch (JOSEException unusable) {
                throw new IllegalArgumentException("an EC key must be of P-256, P-384 or P-521", unusable);
            }
        }
        if (key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519")) {
            return new VerificationKey(
                    id,
                    Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519),
                    (header, signed, signature) -> passesEd25519(key, signed, signature));
        }
        throw new IllegalArgumentException("the key must be RSA, EC or Ed25519, was " + ((Key) key).getAlgorithm());
    }

    private static VerificationKey by(@Nullable String id, JWSVerifier verifier) {
        return new VerificationKey(id, verifier.supportedJWSAlgorithms(), verifier::verify);
    }

    private static boolean passesEd25519(PublicKey key, byte[] signed, Base64URL signature)
            throws GeneralSecurityException {
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initVerify(key);
        ed25519.update(signed);
        return ed25519.verify(signature.decode());
    }

    @Override
    public String toString() {
        return "a key for " + algorithms;
    }
}

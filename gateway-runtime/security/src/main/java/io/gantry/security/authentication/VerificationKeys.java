// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys by which one authenticator checks tokens. */
record VerificationKeys(List<VerificationKey> keys) {
    private static final int MOST_KEYS = 100;

    /** How many keys are tried for a token that names none. */
    private static final int MOST_TRIES = 8;

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]++)-----END \\1-----");

    /** What stands before the 32 bytes of an Ed25519 key in its X.509 form [RFC 8410]. */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    VerificationKeys {
        keys = List.copyOf(keys);
    }

    /** Those by which a token with this header may have been signed. */
    List<VerificationKey> fitting(JWSHeader header) {
        return keys.stream().filter(key -> key.fits(header)).limit(MOST_TRIES).toList();
    }

    /** The public key, or that of the first certificate, in a PEM file. */
    static VerificationKeys ofPem(String file, byte[] bytes) throws InvalidFileException {
        Matcher pem = PEM.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw InvalidFileException.of(file, "must be a public key or a certificate in PEM");
        }
        String kind = pem.group(1);
        if (kind.contains("PRIVATE")) {
            throw InvalidFileException.of(file, "must be a public key, was a private one, which must not be here");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(2));
            return new VerificationKeys(List.of(VerificationKey.of(null, publicKey(kind, der))));
        } catch (GeneralSecurityException malformed) {
            throw InvalidFileException.of(file, "must be a public key or a certificate in PEM");
        } catch (IllegalArgumentException unusable) {
            throw InvalidFileException.of(file, String.valueOf(unusable.getMessage()));
        }
    }

    private static PublicKey publicKey(String kind, byte[] der) throws GeneralSecurityException {
        if (kind.equals("CERTIFICATE")) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey();
        }
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
            } catch (InvalidKeySpecException other) {
                continue;
            }
        }
        throw new IllegalArgumentException("the key must be RSA, EC or Ed25519");
    }

    /**
     * The public keys for signatures in a JSON Web Key Set. Secrets in one are left out: what everybody can read signs
     * nothing.
     *
     * @param name of the file or URL, for messages
     */
    static VerificationKeys ofJwks(String name, byte[] bytes) throws InvalidFileException {
        List<JWK> found;
        try {
            found = JWKSet.parse(UserLines.text(name, bytes)).getKeys();
        } catch (ParseException | RuntimeException malformed) {
            throw InvalidFileException.of(name, "must be a JSON Web Key Set");
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (JWK each : found) {
            VerificationKey key = key(each);
            if (key != null) {
                keys.add(key);
            }
        }
        if (keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw InvalidFileException.of(name, "must have 1 to 100 public keys for signatures, has " + keys.size());
        }
        return new VerificationKeys(keys);
    }

    /** Null for one that is not for signatures, or that is too weak. */
    private static @Nullable VerificationKey key(JWK jwk) {
        if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return null;
        }
        try {
            PublicKey key = publicKey(jwk);
            if (key == null) {
                return null;
            }
            VerificationKey usable = VerificationKey.of(jwk.getKeyID(), key);
            return jwk.getAlgorithm() == null
                    ? usable
                    : usable.onlyFor(JWSAlgorithm.parse(jwk.getAlgorithm().getName()));
        } catch (JOSEException | GeneralSecurityException | IllegalArgumentException unusable) {
            return null;
        }
    }

    private static @Nullable PublicKey publicKey(JWK jwk) throws JOSEException, GeneralSecurityException {
        if (jwk instanceof RSAKey rsa) {
            return rsa.toRSAPublicKey();
        }
        if (jwk instanceof ECKey ec) {
            return ec.toECPublicKey();
        }
        if (jwk instanceof OctetKeyPair pair && Curve.Ed25519.equals(pair.getCurve())) {
            byte[] point = pair.getDecodedX();
            byte[] der = new byte[ED25519_PREFIX.length + point.length];
            System.arraycopy(ED25519_PREFIX, 0, der, 0, ED25519_PREFIX.length);
            System.arraycopy(point, 0, der, ED25519_PREFIX.length, point.length);
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        }
        return null;
    }
}

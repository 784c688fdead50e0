// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads keys as they stand in files: PEM, a JWK or a JWK set. What it throws never quotes the text. */
final class JweKeyText {
    /** More would each be tried on a message that does not say which it wants. */
    static final int MOST_KEYS = 16;

    private static final int LEAST_RSA_BITS = 2_048;
    private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private JweKeyText() {}

    /**
     * The keys in a text, at least one.
     *
     * @throws IllegalArgumentException whose message is a clause such as "has no key"
     */
    static List<JweKey> read(String text) {
        try {
            List<JweKey> keys = text.strip().startsWith("{") ? jwks(text) : pem(text);
            if (keys.isEmpty() || keys.size() > MOST_KEYS) {
                throw new IllegalArgumentException("must hold 1 to " + MOST_KEYS + " keys, holds " + keys.size());
            }
            return keys;
        } catch (GeneralSecurityException | JOSEException | ParseException unreadable) {
            // without the cause, which may quote the key
            throw new IllegalArgumentException(
                    "holds a key that cannot be read: " + unreadable.getClass().getSimpleName());
        }
    }

    private static List<JweKey> jwks(String text) throws ParseException, JOSEException {
        boolean isSet = text.contains("\"keys\"");
        List<JWK> all = isSet ? JWKSet.parse(text).getKeys() : List.of(JWK.parse(text));
        List<JweKey> keys = new ArrayList<>();
        for (JWK jwk : all) {
            if (!KeyUse.SIGNATURE.equals(jwk.getKeyUse())) {
                keys.add(key(jwk));
            }
        }
        return List.copyOf(keys);
    }

    private static JweKey key(JWK jwk) throws JOSEException {
        Key encrypting;
        Key decrypting;
        if (jwk instanceof RSAKey rsa) {
            requireBits(rsa.size());
            encrypting = rsa.toRSAPublicKey();
            decrypting = rsa.isPrivate() ? rsa.toRSAPrivateKey() : null;
        } else if (jwk instanceof ECKey ec) {
            requireCurve(ec.getCurve());
            encrypting = ec.toECPublicKey();
            decrypting = ec.isPrivate() ? ec.toECPrivateKey() : null;
        } else if (jwk instanceof OctetSequenceKey secret) {
            encrypting = secret.toSecretKey("AES");
            decrypting = encrypting;
        } else {
            throw new IllegalArgumentException("holds a key of type " + jwk.getKeyType() + ", expected RSA, EC or oct");
        }
        String algorithm =
                jwk.getAlgorithm() == null ? null : jwk.getAlgorithm().getName();
        return new JweKey(jwk.getKeyID(), jwk.getKeyType(), algorithm, encrypting, decrypting);
    }

    private static List<JweKey> pem(String text) throws GeneralSecurityException {
        List<JweKey> keys = new ArrayList<>();
        Matcher block = PEM.matcher(text);
        while (block.find()) {
            byte[] der = Base64.getMimeDecoder().decode(block.group(2));
            switch (block.group(1)) {
                case "PRIVATE KEY" -> keys.add(ofPrivate(der));
                case "PUBLIC KEY" -> keys.add(ofPublic(publicKey(der)));
                case "CERTIFICATE" ->
                    keys.add(ofPublic(CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der))
                            .getPublicKey()));
                case "EC PARAMETERS" -> {}
                default ->
                    throw new IllegalArgumentException("holds a PEM block '" + block.group(1)
                            + "', expected PRIVATE KEY (PKCS#8, as `openssl pkcs8 -topk8 -nocrypt` writes it),"
                            + " PUBLIC KEY or CERTIFICATE");
            }
        }
        return List.copyOf(keys);
    }

    private static JweKey ofPrivate(byte[] der) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        PrivateKey key = either(factory -> factory.generatePrivate(spec));
        if (key instanceof RSAPrivateCrtKey rsa) {
            requireBits(rsa.getModulus().bitLength());
            PublicKey half = KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            return new JweKey(null, KeyType.RSA, null, half, key);
        }
        requireCurve(curveOf(key));
        return new JweKey(null, KeyType.EC, null, null, key);
    }

    private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        X509EncodedKeySpec spec = new X509EncodedKeySpec(der);
        return either(factory -> factory.generatePublic(spec));
    }

    private static JweKey ofPublic(PublicKey key) {
        if (key instanceof java.security.interfaces.RSAKey rsa) {
            requireBits(rsa.getModulus().bitLength());
            return new JweKey(null, KeyType.RSA, null, key, null);
        }
        requireCurve(curveOf(key));
        return new JweKey(null, KeyType.EC, null, key, null);
    }

    private interface Making<K> {
        K by(KeyFactory factory) throws GeneralSecurityException;
    }

    private static <K> K either(Making<K> making) throws GeneralSecurityException {
        try {
            return making.by(KeyFactory.getInstance("RSA"));
        } catch (GeneralSecurityException noRsa) {
            return making.by(KeyFactory.getInstance("EC"));
        }
    }

    private static @Nullable Curve curveOf(Key key) {
        return key instanceof java.security.interfaces.ECKey ec ? Curve.forECParameterSpec(ec.getParams()) : null;
    }

    private static void requireBits(int bits) {
        if (bits < LEAST_RSA_BITS) {
            throw new IllegalArgumentException(
                    "holds an RSA key of " + bits + " bits, expected at least " + LEAST_RSA_BITS);
        }
    }

    private static void requireCurve(@Nullable Curve curve) {
        if (curve == null || !CURVES.contains(curve)) {
            throw new IllegalArgumentException(
                    "holds a key that is neither RSA nor on one of the curves P-256, P-384 and P-521");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.Payload;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** What is kept of a password for SCRAM-SHA-256 [RFC 5802 §3, RFC 7677], written as PostgreSQL writes it. */
record ScramKeys(int iterations, Payload salt, Payload storedKey, Payload serverKey) {
    /** What a line of a file has in front of it. */
    static final String NAME = "SCRAM-SHA-256";

    static final int KEY_BYTES = 32;

    /** More than RFC 7677 asks for; the device does them, each time it connects. */
    static final int ITERATIONS = 10_000;

    private static final int LEAST_ITERATIONS = 4_096;
    private static final int MOST_ITERATIONS = 1_000_000;
    private static final Pattern FORM = Pattern.compile(
            "SCRAM-SHA-256\\$(\\d{1,7}):([A-Za-z0-9+/=]{1,90})\\$([A-Za-z0-9+/=]{44}):([A-Za-z0-9+/=]{44})");

    /** Of a new password. */
    static ScramKeys of(String password) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        return of(password, salt, ITERATIONS);
    }

    /** @param password in ASCII, since what else there is would have to be prepared as RFC 4013 says */
    static ScramKeys of(String password, byte[] salt, int iterations) {
        byte[] salted = salted(password, salt, iterations);
        byte[] clientKey = hmac(salted, "Client Key".getBytes(StandardCharsets.US_ASCII));
        return new ScramKeys(
                iterations,
                Payload.owning(salt.clone()),
                Payload.owning(sha256(clientKey)),
                Payload.owning(hmac(salted, "Server Key".getBytes(StandardCharsets.US_ASCII))));
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException when the text is something else; the message does not quote it
     */
    static ScramKeys parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("must have the form SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey");
        }
        int iterations = Integer.parseInt(form.group(1));
        if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
            throw new IllegalArgumentException(
                    "the iterations must be " + LEAST_ITERATIONS + " to " + MOST_ITERATIONS + ", was " + iterations);
        }
        ScramKeys keys = new ScramKeys(iterations, bytes(form.group(2)), bytes(form.group(3)), bytes(form.group(4)));
        if (keys.salt.size() < 8 || keys.storedKey.size() != KEY_BYTES || keys.serverKey.size() != KEY_BYTES) {
            throw new IllegalArgumentException("the salt must have at least 8 bytes, and each key 32");
        }
        return keys;
    }

    private static Payload bytes(String base64) {
        try {
            return Payload.owning(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("the salt and the keys must be Base64", malformed);
        }
    }

    /** As it stands in a file. */
    String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return NAME + "$" + iterations + ":" + base64.encodeToString(salt.sharedBytes()) + "$"
                + base64.encodeToString(storedKey.sharedBytes()) + ":" + base64.encodeToString(serverKey.sharedBytes());
    }

    /** Whether they are of this password. */
    boolean matches(String password) {
        ScramKeys others = of(password, salt.sharedBytes(), iterations);
        return MessageDigest.isEqual(others.storedKey.sharedBytes(), storedKey.sharedBytes());
    }

    private static byte[] salted(String password, byte[] salt, int iterations) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_BYTES * 8))
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static byte[] sha256(byte[] text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return "keys of SCRAM-SHA-256";
    }
}

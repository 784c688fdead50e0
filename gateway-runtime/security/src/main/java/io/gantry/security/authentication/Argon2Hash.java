// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/** A hash by Argon2id, version 1.3 [RFC 9106], written in the PHC form. */
final class Argon2Hash implements PasswordHash {
    private static final Pattern FORM = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,4}),p=(\\d{1,3})\\$([A-Za-z0-9+/]{1,90})\\$([A-Za-z0-9+/]{1,90})");
    private static final int MOST_KIBIBYTES = 131_072;
    private static final int MOST_PASSES = 10;
    private static final int MOST_LANES = 16;

    private final int kibibytes;
    private final int passes;
    private final int lanes;
    private final byte[] salt;
    private final byte[] hash;

    private Argon2Hash(int kibibytes, int passes, int lanes, byte[] salt, byte[] hash) {
        this.kibibytes = kibibytes;
        this.passes = passes;
        this.lanes = lanes;
        this.salt = salt;
        this.hash = hash;
    }

    /** Of a new password: 19 MiB, 2 passes, 1 lane; the least that OWASP advises, about 50 ms. */
    static Argon2Hash of(byte[] password) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        Argon2Hash blank = new Argon2Hash(19_456, 2, 1, salt, new byte[32]);
        return new Argon2Hash(blank.kibibytes, blank.passes, blank.lanes, salt, blank.hashOf(password));
    }

    static Argon2Hash parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "the hash must have the form $argon2id$v=19$m=…,t=…,p=…$salt$hash, in Base64 without padding");
        }
        int kibibytes = Integer.parseInt(form.group(1));
        int passes = within("t", form.group(2), 1, MOST_PASSES);
        int lanes = within("p", form.group(3), 1, MOST_LANES);
        within("m", form.group(1), 8 * lanes, MOST_KIBIBYTES);
        return new Argon2Hash(
                kibibytes, passes, lanes, bytes("salt", form.group(4), 8), bytes("hash", form.group(5), 16));
    }

    private static int within(String parameter, String text, int least, int most) {
        int value = Integer.parseInt(text);
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "the hash's " + parameter + " must be " + least + " to " + most + ", was " + value);
        }
        return value;
    }

    private static byte[] bytes(String part, String base64, int least) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("the hash's " + part + " must be Base64 without padding", malformed);
        }
        if (bytes.length < least || bytes.length > 64) {
            throw new IllegalArgumentException(
                    "the hash's " + part + " must have " + least + " to 64 bytes, has " + bytes.length);
        }
        return bytes;
    }

    @Override
    public boolean matches(byte[] password) {
        return MessageDigest.isEqual(hashOf(password), hash);
    }

    private byte[] hashOf(byte[] password) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(kibibytes)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] result = new byte[hash.length];
        generator.generateBytes(password, result);
        return result;
    }

    @Override
    public String text() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + kibibytes + ",t=" + passes + ",p=" + lanes + "$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(hash);
    }

    /** Whether it is written the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Argon2Hash hash && text().equals(hash.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return "a hash by Argon2id";
    }
}

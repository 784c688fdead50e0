// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/** A hash by bcrypt, as OpenBSD and {@code htpasswd -B} write it. Of a password it sees the first 72 bytes. */
final class BcryptHash implements PasswordHash {
    /** What bcrypt sees of a password. */
    static final int PASSWORD_BYTES = 72;

    private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
    private static final int LEAST_COST = 4;
    private static final int MOST_COST = 14;
    private static final int COST = 12;

    private final String text;

    private BcryptHash(String text) {
        this.text = text;
    }

    /** Of a new password of at most 72 bytes, at cost 12. */
    static BcryptHash of(byte[] password) {
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        return new BcryptHash(OpenBSDBCrypt.generate("2b", password, salt, COST));
    }

    static BcryptHash parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("the hash must have the form $2b$cost$ and 53 characters");
        }
        int cost = Integer.parseInt(form.group(1));
        if (cost < LEAST_COST || cost > MOST_COST) {
            throw new IllegalArgumentException(
                    "the hash's cost must be " + LEAST_COST + " to " + MOST_COST + ", was " + cost);
        }
        return new BcryptHash(text);
    }

    @Override
    public boolean matches(byte[] password) {
        return OpenBSDBCrypt.checkPassword(text, password);
    }

    @Override
    public String text() {
        return text;
    }

    /** Whether it is written the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BcryptHash hash && text().equals(hash.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return "a hash by bcrypt";
    }
}

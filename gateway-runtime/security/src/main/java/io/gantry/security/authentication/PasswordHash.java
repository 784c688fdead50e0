// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

/** What is kept of a password. Never prints itself. */
sealed interface PasswordHash permits Argon2Hash, BcryptHash {

    /** Whether it is of this password. Takes tens of milliseconds, and the memory that the hash names. */
    boolean matches(byte[] password);

    /** As it stands in a file. */
    String text();

    /**
     * Reads a hash.
     *
     * @throws IllegalArgumentException when it is none, or costs too much; the message does not quote it
     */
    static PasswordHash parse(String text) {
        if (text.startsWith("$argon2id$")) {
            return Argon2Hash.parse(text);
        }
        if (text.startsWith("$2")) {
            return BcryptHash.parse(text);
        }
        throw new IllegalArgumentException(
                "the password must be a hash that begins with $argon2id$, $2a$, $2b$ or $2y$,"
                        + " as gantry passwd writes it");
    }
}

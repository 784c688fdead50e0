// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

/** A file does not hold what it should. The message says where, and never quotes a hash, a key or a password. */
public final class InvalidFileException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidFileException(String message) {
        super(message);
    }

    /** A line is wrong. */
    static InvalidFileException at(String file, int line, String clause) {
        return new InvalidFileException(file + ":" + line + ": " + clause);
    }

    /** The whole file is. */
    static InvalidFileException of(String file, String clause) {
        return new InvalidFileException(file + ": " + clause);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

/** A password file cannot be read or changed as asked. The message says why, and never quotes a password or a hash. */
public final class PasswordFileException extends Exception {
    private static final long serialVersionUID = 1L;

    PasswordFileException(String message) {
        super(message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

/** A gateway could not be asked, or refused; the message is one clause for whoever asked. */
public final class AdminException extends Exception {
    private static final long serialVersionUID = 1L;

    AdminException(String message) {
        super(message);
    }

    /** What to say. */
    public String text() {
        return String.valueOf(getMessage());
    }
}

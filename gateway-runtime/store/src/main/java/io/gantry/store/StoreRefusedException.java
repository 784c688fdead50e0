// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

/** The store cannot be opened. The message says what was found and what to do. */
public final class StoreRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    StoreRefusedException(String message) {
        super(message);
    }

    StoreRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

/** The disk does not answer. What is readable but damaged is reported and passed over instead. */
final class StoreReadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreReadException(Throwable cause) {
        super("the store cannot be read: " + cause.getMessage(), cause);
    }
}

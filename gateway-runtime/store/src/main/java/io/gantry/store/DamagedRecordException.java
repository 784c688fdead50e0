// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

/** Stored bytes that are not what was stored. Caught where the record's place is known. */
final class DamagedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedRecordException(String what) {
        super(what, null, false, false);
    }
}

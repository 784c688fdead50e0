// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

/**
 * The bounds of a store.
 *
 * @param mostWaitingBytes of writes that wait for the disk; more are refused
 * @param reserveBytes kept free on the disk for writes that finish messages, and for RocksDB's own work
 */
record StoreLimits(long mostWaitingBytes, long reserveBytes) {
    private static final long MOST_RESERVE = 256L << 20;

    /** What suits a disk of that size. */
    static StoreLimits forDisk(long capacity) {
        return new StoreLimits(64L << 20, Math.min(MOST_RESERVE, capacity / 10));
    }
}

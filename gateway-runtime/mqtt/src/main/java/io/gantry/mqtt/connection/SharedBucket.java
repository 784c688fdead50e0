// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import java.util.concurrent.atomic.AtomicLong;

/** How many of something may come now, from whichever thread: so many each second, and one second's worth at once. */
final class SharedBucket {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final int perSecond;
    /** What was taken so far is what comes until then; a bucket is full when that is a second ago. */
    private final AtomicLong takenUntilNanos;

    /**
     * A full bucket.
     *
     * @param perSecond at least 1
     */
    SharedBucket(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.takenUntilNanos = new AtomicLong(nowNanos - SECOND_NANOS);
    }

    /** Takes one if it is there. */
    boolean takes(long nowNanos) {
        long before = takenUntilNanos.get();
        long after = after(before, 1, nowNanos);
        while (after - nowNanos <= 0) {
            if (takenUntilNanos.compareAndSet(before, after)) {
                return true;
            }
            before = takenUntilNanos.get();
            after = after(before, 1, nowNanos);
        }
        return false;
    }

    /** Takes some in any case; how long to wait until they have come, 0 for not at all. */
    long waitNanosFor(int some, long nowNanos) {
        long after = takenUntilNanos.updateAndGet(before -> after(before, some, nowNanos));
        return Math.max(0, after - nowNanos);
    }

    private long after(long before, int some, long nowNanos) {
        long full = nowNanos - SECOND_NANOS;
        return (before - full < 0 ? full : before) + some * SECOND_NANOS / perSecond;
    }
}

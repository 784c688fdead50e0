// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/** A histogram of times, exact to a sixteenth: from each power of two of microseconds to the next there are 16 steps. */
final class AckTimes {
    private static final int STEPS = 16;
    private static final int STEP_BITS = 4;

    private static final int POWERS = 40;

    private final AtomicLongArray counts = new AtomicLongArray(STEPS * POWERS);

    void add(long nanos) {
        counts.incrementAndGet(Math.min(bucket(Math.max(0, nanos / 1_000)), counts.length() - 1));
    }

    /** What has been counted until now. */
    Counted counted() {
        long[] copy = new long[counts.length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = counts.get(i);
        }
        return new Counted(copy);
    }

    /** The histogram at one moment, or what came between two. */
    static final class Counted {
        static final Counted NOTHING = new Counted(new long[STEPS * POWERS]);

        private final long[] counts;

        private Counted(long[] counts) {
            this.counts = counts;
        }

        /** What has come since an earlier moment. */
        Counted since(Counted earlier) {
            long[] difference = new long[counts.length];
            for (int i = 0; i < counts.length; i++) {
                difference[i] = counts[i] - earlier.counts[i];
            }
            return new Counted(difference);
        }

        /** The time in milliseconds that the given share of all stayed within; 0 when there is none. */
        double millis(double share) {
            long wanted = (long) Math.ceil(LongStream.of(counts).sum() * share);
            long passed = 0;
            for (int i = 0; i < counts.length; i++) {
                passed += counts[i];
                if (passed >= wanted && passed > 0) {
                    return upperMicros(i) / 1_000.0;
                }
            }
            return 0;
        }
    }

    /** Values below 16 have a bucket each; above, the four bits after the leading one count. */
    private static int bucket(long micros) {
        if (micros < STEPS) {
            return (int) micros;
        }
        int shift = 63 - Long.numberOfLeadingZeros(micros) - STEP_BITS;
        return (int) ((shift + 1L) * STEPS + (micros >>> shift) - STEPS);
    }

    private static long upperMicros(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int shift = bucket / STEPS - 1;
        return ((bucket % STEPS + STEPS + 1L) << shift) - 1;
    }
}

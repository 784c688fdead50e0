// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import java.util.Arrays;
import java.util.List;

/** Counts durations in fixed ranges. Guarded by its ledger. */
public final class Histogram {
    private static final long MICROS_PER_SECOND = 1_000_000;

    /** Upper ends of the ranges in microseconds; above the last is one more range without end. */
    private static final long[] BOUNDS = {
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        30_000_000,
        60_000_000,
        300_000_000,
        3_600_000_000L,
        86_400_000_000L
    };

    private final long[] counts = new long[BOUNDS.length + 1];
    private long sumMicros;

    /**
     * What was counted.
     *
     * @param bounds upper ends of the ranges in seconds, ascending; the last range, without end, has none here
     * @param counts how many fell into each range, one more than there are bounds
     * @param sumSeconds of all durations
     */
    public record Snapshot(List<Double> bounds, List<Long> counts, double sumSeconds) {}

    void add(long micros) {
        long counted = Math.max(0, micros);
        int range = Arrays.binarySearch(BOUNDS, counted);
        counts[range < 0 ? -range - 1 : range]++;
        sumMicros += counted;
    }

    Snapshot snapshot() {
        return new Snapshot(
                Arrays.stream(BOUNDS)
                        .mapToObj(bound -> (double) bound / MICROS_PER_SECOND)
                        .toList(),
                Arrays.stream(counts).boxed().toList(),
                (double) sumMicros / MICROS_PER_SECOND);
    }
}

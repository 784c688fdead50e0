// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import java.util.ArrayDeque;
import java.util.Objects;

/** The messages of one order key, of which one is tried at a time. Used on the worker. */
final class Lane {
    private final Object key;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>(2);
    private int failures;
    private long dueNanos;

    Lane(Object key) {
        this.key = key;
    }

    Object key() {
        return key;
    }

    /** Adds one at the end; true when it is the only one. */
    boolean add(Entry entry) {
        entries.add(entry);
        return entries.size() == 1;
    }

    /** The one whose turn it is. */
    Entry first() {
        return Objects.requireNonNull(entries.peek());
    }

    /** The first one is over; true when there is another. */
    boolean finishFirst() {
        entries.poll();
        failures = 0;
        return !entries.isEmpty();
    }

    /** The first one failed; how often by now. */
    int fail() {
        return ++failures;
    }

    /** By the time until which they rest, which counts nanoseconds that may overflow. */
    static int compareDue(Lane one, Lane other) {
        return Long.signum(one.dueNanos - other.dueNanos);
    }

    long dueNanos() {
        return dueNanos;
    }

    void restUntil(long nanos) {
        dueNanos = nanos;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.testbed.TestClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when a test says so: the wall clock, the nanoseconds that waits are counted in, and the timers. */
final class HandTime implements Timers {
    final TestClock clock = new TestClock();
    private final PriorityQueue<Step> steps =
            new PriorityQueue<>(Comparator.comparingLong(Step::due).thenComparingLong(Step::number));
    private long nanos;
    private long numbers;

    private record Step(long due, long number, Runnable run) {}

    @Override
    public void after(long wait, Runnable step) {
        steps.add(new Step(nanos + wait, numbers++, step));
    }

    /** Lets time pass; runs what is due meanwhile, each at its time. */
    void pass(Duration time, Runnable afterEach) {
        long end = nanos + time.toNanos();
        Step next = steps.peek();
        while (next != null && next.due() <= end) {
            steps.poll();
            advanceTo(Math.max(nanos, next.due()));
            next.run().run();
            afterEach.run();
            next = steps.peek();
        }
        advanceTo(end);
    }

    private void advanceTo(long then) {
        clock.move(Duration.ofNanos(then - nanos));
        nanos = then;
    }

    /** Timers that are set. */
    int waiting() {
        return steps.size();
    }

    long nanos() {
        return nanos;
    }

    @Override
    public long gatherNanos() {
        return 0;
    }

    @Override
    public void close() {
        steps.clear();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Timers on one thread, which only hands over. */
final class TimerThread implements Timers {
    /** Each write that takes messages out of an outbox is a sync; a crash repeats what was delivered meanwhile. */
    private static final long GATHER_NANOS = 20_000_000;

    private final ScheduledThreadPoolExecutor thread;

    TimerThread() {
        // what comes after the end is forgotten
        thread = new ScheduledThreadPoolExecutor(1, TimerThread::made, new ThreadPoolExecutor.DiscardPolicy());
    }

    private static Thread made(Runnable task) {
        Thread made = new Thread(task, "gantry-retry");
        made.setDaemon(true);
        return made;
    }

    @Override
    public void after(long nanos, Runnable step) {
        var unused = thread.schedule(step, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public long gatherNanos() {
        return GATHER_NANOS;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

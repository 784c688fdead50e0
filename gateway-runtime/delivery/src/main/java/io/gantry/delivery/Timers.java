// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Wakes outboxes later. One thread, which only hands over. */
final class Timers implements AutoCloseable {
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "gantry-retry");
        made.setDaemon(true);
        return made;
    });

    Timers() {
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs a step, which must return at once, after a time. Forgotten when closed before. */
    void after(long nanos, Runnable step) {
        if (!thread.isShutdown()) {
            thread.schedule(step, nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** A worker's thread that runs what it was given when a test says so, on the test's own. */
final class HandRunThread implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs one task; false when there was none. */
    boolean runOne() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    /** Runs everything, also what comes meanwhile; false when there was nothing. */
    boolean runAll() {
        boolean any = false;
        while (runOne()) {
            any = true;
        }
        return any;
    }
}

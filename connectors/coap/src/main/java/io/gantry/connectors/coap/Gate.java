// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Lets so many through at once; some more wait, in their order. Nobody's thread does. Safe for any thread. */
final class Gate {
    private final Executor executor;
    private final int most;
    private final int mostWaiting;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int inside;

    /**
     * With nobody inside.
     *
     * @param executor lets those in that had to wait
     */
    Gate(int most, int mostWaiting, Executor executor) {
        this.executor = executor;
        this.most = most;
        this.mostWaiting = mostWaiting;
    }

    /**
     * Runs at once, or on the executor as soon as enough have left.
     *
     * @throws RejectedExecutionException when too many wait
     */
    void pass(Runnable entering) {
        synchronized (this) {
            if (inside >= most) {
                if (waiting.size() >= mostWaiting) {
                    throw new RejectedExecutionException("as many wait as may");
                }
                waiting.add(entering);
                return;
            }
            inside++;
        }
        entering.run();
    }

    /** Once for each that has passed. */
    void leave() {
        Runnable next = next();
        if (next != null) {
            try {
                executor.execute(next);
            } catch (RejectedExecutionException closing) {
                next.run();
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = waiting.poll();
        if (next == null) {
            inside--;
        }
        return next;
    }
}

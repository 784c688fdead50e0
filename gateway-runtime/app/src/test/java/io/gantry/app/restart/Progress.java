// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What the threads of the test know of each other: whether the gateway is up, and how much it has acknowledged. */
public final class Progress {
    private static final long PATIENCE_SECONDS = 300;

    private boolean up;
    private boolean finishing;
    private long acknowledged;
    private long connectionsLost;
    private Throwable failure;

    public synchronized void up(boolean isUp) {
        up = isUp;
        notifyAll();
    }

    /** Publishers begin nothing new, and nobody is away any longer. */
    public synchronized void finish() {
        finishing = true;
        notifyAll();
    }

    public synchronized boolean isFinishing() {
        return finishing;
    }

    synchronized void countAcknowledged() {
        acknowledged++;
        notifyAll();
    }

    public synchronized long acknowledged() {
        return acknowledged;
    }

    synchronized void countConnectionLost() {
        connectionsLost++;
    }

    public synchronized long connectionsLost() {
        return connectionsLost;
    }

    /** One thread has failed: the others need not go on. */
    public synchronized void fail(Throwable cause) {
        failure = cause;
        notifyAll();
    }

    public void awaitUp() throws InterruptedException {
        await(() -> up);
    }

    /** Waits until the publishers have had this many messages acknowledged, or are finishing. */
    public void awaitAcknowledged(long count) throws InterruptedException {
        await(() -> acknowledged >= count || finishing);
    }

    private synchronized void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (failure == null && !condition.getAsBoolean()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("no progress beyond " + acknowledged + " acknowledged, up: " + up);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        if (failure != null) {
            throw new AssertionError("a device failed: " + failure.getMessage(), failure);
        }
    }
}

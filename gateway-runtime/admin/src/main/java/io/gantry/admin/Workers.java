// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads on which requests are answered that may wait for the disk: two that read, and one that changes. */
final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private static final int READERS = 2;
    private static final int QUEUE = 100;
    private static final long IDLE_SECONDS = 60;

    private final ThreadPoolExecutor readers = pool("gantry-admin-reader-", READERS);
    private final ThreadPoolExecutor changer = pool("gantry-admin-changer-", 1);

    private static ThreadPoolExecutor pool(String name, int threads) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                task -> new Thread(task, name + number.incrementAndGet()));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Has something done by one of those that read, or by the one that changes; false when there is no room, or no longer. */
    boolean run(boolean change, Runnable work) {
        try {
            (change ? changer : readers).execute(work);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    /** Takes nothing new, and waits for what is under way. */
    void close(long atMostSeconds) throws InterruptedException {
        readers.shutdown();
        changer.shutdown();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(atMostSeconds);
        boolean isDone = readers.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
                && changer.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (!isDone) {
            LOG.atWarn().log("an admin request is not finished in time and is broken off");
            close();
        }
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        readers.shutdownNow();
        changer.shutdownNow();
    }
}

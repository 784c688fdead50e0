// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one endpoint that wait for its target: as many as messages may be under way. Some more may wait for a
 * thread, since several routes may share the endpoint; who offers them never waits.
 */
public final class SendingThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;

    private final Semaphore free;
    private final ThreadPoolExecutor threads;

    /**
     * No thread runs yet.
     *
     * @param name of the threads, before a number
     * @param most sendings under way
     * @param mostWaiting sendings that wait for those
     */
    public SendingThreads(String name, int most, int mostWaiting) {
        this.free = new Semaphore(most + mostWaiting);
        AtomicInteger number = new AtomicInteger();
        // The semaphore bounds the queue, which may hold more than wait while threads tell what has ended.
        this.threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a sending on a thread of its own, as soon as one is free. Whoever it is for calls {@link #ended} when it has
     * its outcome.
     *
     * @throws RejectedExecutionException when as many as may be are under way and wait
     */
    public void run(Runnable sending) {
        if (!free.tryAcquire()) {
            throw new RejectedExecutionException("all in use");
        }
        try {
            threads.execute(sending);
        } catch (RejectedExecutionException closed) {
            free.release();
            throw closed;
        }
    }

    /** There is room for another. */
    public void ended() {
        free.release();
    }

    /** Waits a bounded time for those under way, and then interrupts them. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one endpoint on which Camel components wait, since most of them do; nobody else's. */
final class SendingThreads implements AutoCloseable {
    private static final int MOST_WAITING = 1_000;
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;

    private final Semaphore free;
    private final ThreadPoolExecutor threads;

    /**
     * No thread runs yet.
     *
     * @param most messages that components may wait for
     */
    SendingThreads(String endpoint, int most) {
        this.free = new Semaphore(most + MOST_WAITING);
        AtomicInteger number = new AtomicInteger();
        // The semaphore bounds the queue.
        this.threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "camel-" + endpoint + "-" + number.incrementAndGet());
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
    void run(Runnable sending) {
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

    void ended() {
        free.release();
    }

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

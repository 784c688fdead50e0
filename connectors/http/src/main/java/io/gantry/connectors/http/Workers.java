// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one endpoint that wait for answers: as many as requests may be under way. Some more may wait for a
 * thread, since several routes may share the endpoint and each offers only so many at a time; who offers them never waits.
 */
final class Workers implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;

    private final Semaphore free;
    private final ThreadPoolExecutor threads;

    /**
     * No thread runs yet.
     *
     * @param most requests under way
     * @param mostWaiting requests that wait for those
     */
    Workers(String endpoint, int most, int mostWaiting) {
        this.free = new Semaphore(most + mostWaiting);
        // The semaphore bounds the queue, which may hold more than wait while threads tell what has ended.
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "http-" + endpoint + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs a request on a thread of its own, as soon as one is free.
     *
     * @param after runs behind it on the same thread, when the next request may already have taken its place
     * @throws RejectedExecutionException when as many as may be are under way and wait
     */
    void run(Runnable request, Runnable after) {
        if (!free.tryAcquire()) {
            throw new RejectedExecutionException("all in use");
        }
        try {
            threads.execute(() -> {
                try {
                    request.run();
                } finally {
                    free.release();
                    after.run();
                }
            });
        } catch (RejectedExecutionException closed) {
            free.release();
            throw closed;
        }
    }

    /** Those under way are ended by closing their client first. */
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

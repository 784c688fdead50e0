// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.connectors.spi.SendingThreads;

/** The threads of one endpoint that wait for answers, for whom a request has ended when the wait has. */
final class Workers implements AutoCloseable {
    private final SendingThreads threads;

    /**
     * No thread runs yet.
     *
     * @param most requests under way
     * @param mostWaiting requests that wait for those
     */
    Workers(String endpoint, int most, int mostWaiting) {
        this.threads = new SendingThreads("http-" + endpoint, most, mostWaiting);
    }

    /**
     * Runs a request on a thread of its own, as soon as one is free.
     *
     * @param after runs behind it on the same thread, when the next request may already have taken its place
     * @throws java.util.concurrent.RejectedExecutionException when as many as may be are under way and wait
     */
    void run(Runnable request, Runnable after) {
        threads.run(() -> {
            try {
                request.run();
            } finally {
                threads.ended();
                after.run();
            }
        });
    }

    /** Those under way are ended by closing their client first. */
    @Override
    public void close() {
        threads.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Runs each task on the thread that brings it. Camel hands confirmations from Kafka's thread to a pool, in which they
 * would lose their order and cost a thread switch each; what follows here is short and never blocks.
 */
final class CallingThread extends AbstractExecutorService {
    private static final Future<?> DONE = CompletableFuture.completedFuture(null);

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Future<?> submit(Runnable task) {
        task.run();
        return DONE;
    }

    @Override
    public void shutdown() {
        // It has no threads.
    }

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}

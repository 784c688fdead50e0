// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.connectors.spi.EndpointWatcher;
import io.gantry.connectors.spi.EndpointWatcher.State;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Knows whether Kafka answers: asks it, on a thread of its own, often while it does not and now and then while it does. */
final class KafkaReach implements AutoCloseable {
    private static final int ANSWER_MILLIS = 3_000;
    private static final int RETRY_MILLIS = 2_000;
    private static final int LEAST_MILLIS = 1_000;
    private static final int RECHECK_MILLIS = 15_000;
    private static final int CLOSE_MILLIS = 5_000;

    private final ClientSettings clients;
    private final EndpointWatcher watcher;
    private final String brokers;
    private final Semaphore doubts = new Semaphore(0);
    private final Thread thread = new Thread(this::watch);
    private Runnable whenReached = () -> {};
    private @Nullable Admin admin;
    private String detail = "";
    private volatile boolean connected;
    private volatile boolean closed;

    KafkaReach(ClientSettings clients, EndpointWatcher watcher) {
        this.clients = clients;
        this.watcher = watcher;
        this.brokers = String.join(",", clients.settings().brokers());
        thread.setName("kafka-reach-" + clients.endpoint());
        thread.setDaemon(true);
    }

    /**
     * Starts asking.
     *
     * @param whenReached called on this object's thread each time Kafka has answered; may wait a bounded time
     */
    void start(Runnable whenReached) {
        this.whenReached = whenReached;
        report(false, "not reached yet");
        thread.start();
    }

    boolean isConnected() {
        return connected;
    }

    /** A send or a read has failed: ask now instead of later. */
    void doubt() {
        if (doubts.availablePermits() == 0) {
            doubts.release();
        }
    }

    private void watch() {
        try {
            while (!closed) {
                String failure = ask();
                if (failure == null) {
                    report(true, "answers");
                    whenReached.run();
                } else {
                    report(false, failure);
                }
                pause();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    /** Between two questions pass at least one or two seconds, however many doubts there are. */
    private void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(connected ? LEAST_MILLIS : RETRY_MILLIS);
        if (connected && doubts.tryAcquire(RECHECK_MILLIS, TimeUnit.MILLISECONDS)) {
            doubts.drainPermits();
        }
    }

    /** Null when Kafka answers, otherwise why not. */
    private @Nullable String ask() throws InterruptedException {
        try {
            if (admin == null) {
                admin = Admin.create(clients.admin());
            }
            admin.describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MILLIS))
                    .nodes()
                    .get(ANSWER_MILLIS + 1_000, TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException failure) {
            String distrust = Distrust.in(failure);
            return distrust == null ? "no answer from Kafka at " + brokers : "Kafka at " + brokers + " " + distrust;
        } catch (TimeoutException noAnswer) {
            return "no answer from Kafka at " + brokers;
        } catch (KafkaException unusable) {
            String distrust = Distrust.in(unusable);
            return distrust == null ? "none of the names in " + brokers + " can be resolved" : distrust;
        }
    }

    private void report(boolean reached, String why) {
        connected = reached;
        if (!why.equals(detail)) {
            detail = why;
            watcher.changed(clients.endpoint(), reached ? State.CONNECTED : State.WAITING, why);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

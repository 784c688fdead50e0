// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one route. One request is under way at a time, so that the order is kept: when one fails for now, what
 * waits behind it fails too, and so does what comes until all of them have been told and a little longer. A batch that is refused for good is
 * halved until it is known which message is at fault. Safe for any thread; nobody who offers a message waits.
 */
final class BatchLane {
    private static final int MOST_WAITING = 20_000;
    private static final long MOST_BYTES = 64L << 20;

    /** So long a sender has to learn of a failure: it may have been about to offer the next message. */
    private static final Duration LEARNS = Duration.ofMillis(250);

    private static final OutcomeException NO_ROOM = new OutcomeException(
            new Delivery.Unavailable(
                    ReasonCode.QUOTA_EXCEEDED, "as many messages wait for their batch to the HTTP service as may"),
            "no room");
    private static final OutcomeException STOPPED = new OutcomeException(
            new Delivery.Unavailable(ReasonCode.SERVER_SHUTTING_DOWN, "the route is stopped"), "stopped");

    private final BatchSettings settings;
    private final BatchSender sender;
    private final Workers workers;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean isUnderWay;
    private boolean isTimed;
    private @Nullable OutcomeException failing;

    /** What carries a batch, and runs things later, if there is a later. */
    interface BatchSender {
        /** Sends one request for all; null when the service took it. */
        @Nullable OutcomeException send(List<PreparedRequest> batch);

        void later(Runnable task, Duration delay);
    }

    BatchLane(BatchSettings settings, BatchSender sender, Workers workers) {
        this.settings = settings;
        this.sender = sender;
        this.workers = workers;
    }

    /** As {@link org.apache.camel.AsyncProcessor#process(Exchange, AsyncCallback)}. */
    boolean offer(Exchange exchange, AsyncCallback callback) {
        Waiting message = Waiting.of(exchange, callback);
        OutcomeException refusal = refusalOrAdded(message);
        if (refusal != null) {
            exchange.setException(refusal);
            callback.done(true);
            return true;
        }
        next();
        return false;
    }

    private synchronized @Nullable OutcomeException refusalOrAdded(Waiting message) {
        if (failing != null) {
            return failing;
        }
        if (waiting.size() >= MOST_WAITING || bytes >= MOST_BYTES) {
            return NO_ROOM;
        }
        waiting.add(message);
        bytes += message.size();
        return null;
    }

    /** Sends the next batch if one is due, or sees to it that this is looked at again when it will be. */
    private void next() {
        List<Waiting> batch = taken();
        if (batch.isEmpty()) {
            return;
        }
        try {
            workers.run(() -> send(batch), this::sent);
        } catch (RejectedExecutionException full) {
            fail(batch, NO_ROOM);
            sent();
        }
    }

    private void sent() {
        synchronized (this) {
            isUnderWay = false;
        }
        next();
    }

    private synchronized List<Waiting> taken() {
        Waiting first = waiting.peek();
        if (isUnderWay || first == null || failing != null) {
            return List.of();
        }
        long left = settings.wait_().toNanos() - (System.nanoTime() - first.sinceNanos());
        boolean isDue = left <= 0
                || waiting.size() >= settings.max()
                || bytes >= settings.maxBytes().bytes();
        if (!isDue) {
            if (!isTimed) {
                isTimed = true;
                sender.later(this::onTime, Duration.ofNanos(left + 999_999));
            }
            return List.of();
        }
        isUnderWay = true;
        List<Waiting> batch = fitting();
        batch.forEach(message -> {
            waiting.remove();
            bytes -= message.size();
        });
        return batch;
    }

    private void onTime() {
        synchronized (this) {
            isTimed = false;
        }
        next();
    }

    /** The first of those that wait, as many as one request may carry. */
    private List<Waiting> fitting() {
        List<Waiting> batch = new ArrayList<>(Math.min(settings.max(), waiting.size()));
        long size = 0;
        for (Waiting message : waiting) {
            size += message.size();
            boolean fits = batch.isEmpty()
                    || (batch.size() < settings.max()
                            && size <= settings.maxBytes().bytes()
                            && message.request().goesWith(batch.get(0).request()));
            if (!fits) {
                break;
            }
            batch.add(message);
        }
        return batch;
    }

    /** On a worker's thread: until all of the batch is told. */
    private void send(List<Waiting> batch) {
        Deque<List<Waiting>> parts = new ArrayDeque<>();
        parts.push(batch);
        while (!parts.isEmpty()) {
            List<Waiting> part = parts.pop();
            OutcomeException failure =
                    sender.send(part.stream().map(Waiting::request).toList());
            if (failure == null) {
                part.forEach(message -> message.tell(null));
            } else if (!(failure.outcome() instanceof Delivery.Rejected)) {
                List<Waiting> rest = new ArrayList<>(part);
                parts.forEach(rest::addAll);
                fail(rest, failure);
                return;
            } else if (part.size() == 1) {
                part.get(0).tell(failure);
            } else {
                int half = part.size() / 2;
                parts.push(part.subList(half, part.size()));
                parts.push(part.subList(0, half));
            }
        }
    }

    /** Fails these, all that wait behind them, and what comes before their sender can know. */
    private void fail(List<Waiting> first, OutcomeException failure) {
        List<Waiting> all = new ArrayList<>(first);
        synchronized (this) {
            failing = failure;
            all.addAll(waiting);
            waiting.clear();
            bytes = 0;
        }
        all.forEach(message -> message.tell(failure));
        sender.later(this::recover, LEARNS);
    }

    private synchronized void recover() {
        failing = failing == STOPPED ? STOPPED : null;
    }

    /** Refuses what waits and what comes. */
    void stop() {
        fail(List.of(), STOPPED);
    }

    /** Takes messages again. */
    synchronized void start() {
        failing = null;
    }
}

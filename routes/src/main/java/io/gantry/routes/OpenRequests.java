// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.connectors.spi.EventCounts;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Requests to devices that have no answer yet, by the Topic Name at which the answer is awaited. Any thread. */
final class OpenRequests implements AutoCloseable {
    /** Below it the gateway awaits answers of devices that can be told a Response Topic. */
    static final String ANSWERS = "gantry/answers/";

    private static final int MOST = 10_000;
    private static final int TOKEN_BYTES = 16;

    private static final Delivery TOO_MANY =
            new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "too many requests wait for their answers");
    private static final Delivery TAKEN = new Delivery.Unavailable(
            ReasonCode.QUOTA_EXCEEDED, "another request waits for its answer at the same topic");
    private static final Delivery STOPPED =
            new Delivery.Unavailable(ReasonCode.SERVER_SHUTTING_DOWN, "the gateway stops");

    private final DeviceSide devices;
    private final LongAdder late = new LongAdder();
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentHashMap<TopicName, Request> waiting = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer;
    private DeviceSide.@Nullable Subscription answers;

    OpenRequests(DeviceSide devices) {
        this.devices = devices;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "gantry-requests");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** One that waits. */
    private final class Request {
        private final TopicName at;
        private final EventCounts<RouteEvent> counts;
        private final Acknowledgement caller;
        private DeviceSide.@Nullable Subscription subscription;
        private @Nullable ScheduledFuture<?> end;

        Request(TopicName at, EventCounts<RouteEvent> counts, Acknowledgement caller) {
            this.at = at;
            this.counts = counts;
            this.caller = caller;
        }

        void finish(Delivery outcome, @Nullable RouteEvent event) {
            if (!waiting.remove(at, this)) {
                return;
            }
            synchronized (this) {
                if (end != null) {
                    end.cancel(false);
                }
                if (subscription != null) {
                    subscription.close();
                }
            }
            if (event != null) {
                counts.count(event);
            }
            caller.complete(outcome);
        }
    }

    /** A Topic Name for an answer that nobody can guess. */
    TopicName freshTopic() {
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        return new TopicName(ANSWERS + HexFormat.of().formatHex(token));
    }

    /**
     * Awaits an answer, and answers the caller when it comes, or when the time is over.
     *
     * @return tells what became of sending the request; an outcome other than accepted ends it
     */
    Acknowledgement await(TopicName at, Duration atMost, EventCounts<RouteEvent> counts, Acknowledgement caller) {
        Request request = new Request(at, counts, caller);
        if (waiting.size() >= MOST) {
            caller.complete(TOO_MANY);
            return Acknowledgement.NOBODY;
        }
        if (waiting.putIfAbsent(at, request) != null) {
            caller.complete(TAKEN);
            return Acknowledgement.NOBODY;
        }
        listen(request);
        synchronized (request) {
            request.end = timer.schedule(
                    () -> request.finish(Answer.NOT_IN_TIME, RouteEvent.UNANSWERED),
                    atMost.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
        return sent -> {
            if (!(sent instanceof Delivery.Accepted)) {
                request.finish(sent, null);
            }
        };
    }

    private void listen(Request request) {
        if (request.at.value().startsWith(ANSWERS)) {
            listenToAll();
            return;
        }
        synchronized (request) {
            request.subscription =
                    devices.watch(new TopicFilter(request.at.value()), (message, acknowledgement) -> answered(message));
        }
    }

    private synchronized void listenToAll() {
        if (answers == null) {
            answers = devices.watch(new TopicFilter(ANSWERS + "+"), (message, acknowledgement) -> answered(message));
        }
    }

    private void answered(Message message) {
        Request request = waiting.get(message.topic());
        if (request == null) {
            late.increment();
        } else {
            request.finish(Delivery.answered(new Answer(message.payload(), message.properties())), RouteEvent.ANSWERED);
        }
    }

    /** Answers that nobody waited for: too late, a second time, or made up. */
    long late() {
        return late.sum();
    }

    /** Ends all that wait. */
    @Override
    public synchronized void close() {
        if (answers != null) {
            answers.close();
        }
        timer.shutdownNow();
        waiting.values().forEach(request -> request.finish(STOPPED, null));
    }
}

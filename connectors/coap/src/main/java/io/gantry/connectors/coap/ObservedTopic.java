// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.eclipse.californium.core.observe.ObserveRelation;
import org.jspecify.annotations.Nullable;

/** A topic that is observed. Only its newest message is kept, and is sent on another thread than it came on. */
final class ObservedTopic implements Sink {
    private final TopicName topic;
    private final Observations observations;
    private final Executor executor;
    private final Map<ObserveRelation, IncomingRequest> relations = new ConcurrentHashMap<>();
    private final AtomicInteger version = new AtomicInteger(1);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile @Nullable Message newest;
    private DeviceSide.@Nullable Subscription subscription;
    private int inside;

    ObservedTopic(TopicName topic, Observations observations, Executor executor) {
        this.topic = topic;
        this.observations = observations;
        this.executor = executor;
    }

    TopicName topic() {
        return topic;
    }

    /** Counts the messages. */
    int version() {
        return version.get();
    }

    void enter() {
        inside++;
    }

    int leave() {
        return --inside;
    }

    boolean isWatched() {
        return subscription != null;
    }

    void watch(DeviceSide.Subscription begun) {
        subscription = begun;
    }

    void unwatch() {
        if (subscription != null) {
            subscription.close();
        }
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        newest = message;
        version.incrementAndGet();
        notifyAllLater();
        acknowledgement.complete(Delivery.accepted());
    }

    void notifyAllLater() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                executor.execute(this::notifyAllNow);
            } catch (RejectedExecutionException closing) {
                scheduled.set(false);
            }
        }
    }

    private void notifyAllNow() {
        scheduled.set(false);
        Message message = newest;
        if (message != null) {
            relations.forEach((relation, request) -> {
                if (request.guest().mayReceive(topic)) {
                    relation.getExchange().sendResponse(Observations.contentOf(message));
                }
            });
        }
    }

    void add(ObserveRelation relation, IncomingRequest request) {
        if (relations.put(relation, request) == null) {
            observations.stays(this);
        }
    }

    void remove(ObserveRelation relation) {
        if (relations.remove(relation) != null) {
            observations.leave(this);
        }
    }

    /** Ends observations: each observer is told why, and gets nothing more. */
    void end(Predicate<IncomingRequest> whose) {
        relations.forEach((relation, request) -> {
            if (whose.test(request)) {
                remove(relation);
                relation.getExchange().sendResponse(Answers.banned());
            }
        });
    }

    int observers() {
        return relations.size();
    }
}

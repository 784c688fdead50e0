// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.JointAcknowledgement;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.Router;
import io.gantry.api.Sink;
import io.gantry.api.TopicFilter;
import io.gantry.mqtt.LimitSettings;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Hands each message to everybody who wants it: routes, and sessions on their own threads. Any thread.
 *
 * <p>Routes carry what devices publish. What a route brought to the devices does not enter the routes again, so that two
 * routes over the same topics cannot make a loop.
 */
public final class Distributor {
    private static final Delivery RETAINED_FULL =
            new Delivery.Rejected(ReasonCode.QUOTA_EXCEEDED, "too many retained messages");

    private final Router<Subscriber, Audience> router = new Router<>(Audience::of);
    private final ConcurrentHashMap<TopicFilter, SharedGroup> groups = new ConcurrentHashMap<>();
    private final RetainedMessages retained;
    private final RetainedMessages ofGateway;
    private final AtomicInteger subscriptions = new AtomicInteger();
    private final Counters counters;

    /**
     * Nobody wants anything yet.
     *
     * @param limits of what is retained
     */
    public Distributor(Counters counters, Clock clock, LimitSettings limits) {
        this.counters = counters;
        this.retained = new RetainedMessages(limits, clock);
        this.ofGateway = new RetainedMessages(limits, clock);
    }

    /** Registers a route for good. */
    public void addUplink(TopicFilter filter, Sink uplink) {
        router.add(filter, new Subscriber.Uplink(uplink));
    }

    /**
     * A device's message: goes to the sessions, and is acknowledged when all routes have it.
     *
     * @param publisher for No Local; null when the device has gone, as for a will
     */
    public void fromDevice(Message message, @Nullable Session publisher, Acknowledgement acknowledgement) {
        if (message.retain() && !retained.retain(message)) {
            counters.count(Counter.RETAINED_REFUSED);
            acknowledgement.complete(RETAINED_FULL);
            return;
        }
        Audience audience = router.audienceOf(message.topic());
        List<Audience.Recipient> recipients = audience.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            deliver(recipients.get(i), message, publisher, Acknowledgement.NOBODY);
        }
        List<SharedGroup> shared = audience.groups();
        for (int i = 0; i < shared.size(); i++) {
            shared.get(i).deliver(message, Acknowledgement.NOBODY);
        }
        audience.uplinks().offer(message, acknowledgement);
    }

    /** A route's message to the devices: is acknowledged when every session that wants it has it. */
    public void fromRoute(Message message, Acknowledgement acknowledgement) {
        if (message.retain() && !retained.retain(message)) {
            counters.count(Counter.RETAINED_REFUSED);
        }
        Audience audience = router.audienceOf(message.topic());
        int parts = audience.recipients().size() + audience.groups().size();
        if (parts == 0) {
            acknowledgement.complete(Delivery.accepted());
            return;
        }
        Acknowledgement each = parts == 1 ? acknowledgement : new JointAcknowledgement(parts, acknowledgement);
        audience.recipients().forEach(recipient -> deliver(recipient, message, null, each));
        audience.groups().forEach(group -> group.deliver(message, each));
    }

    /**
     * A message of the gateway's own, below {@code $SYS/}: goes to the sessions that want it and to no route, and is kept in
     * memory for those to come.
     */
    public void fromGateway(Message message) {
        ofGateway.keep(message);
        toSessions(message);
    }

    /** What a device published to a topic that is the server's; false when it may not, so always but for {@link BridgeState}. */
    public boolean fromBridge(Message message) {
        if (!BridgeState.isIn(message)) {
            return false;
        }
        if (message.retain() && !ofGateway.retain(message)) {
            counters.count(Counter.RETAINED_REFUSED);
        }
        toSessions(message);
        return true;
    }

    private void toSessions(Message message) {
        Audience audience = router.audienceOf(message.topic());
        audience.recipients().forEach(recipient -> deliver(recipient, message, null, Acknowledgement.NOBODY));
        audience.groups().forEach(group -> group.deliver(message, Acknowledgement.NOBODY));
    }

    private static void deliver(
            Audience.Recipient recipient,
            Message message,
            @Nullable Session publisher,
            Acknowledgement acknowledgement) {
        recipient.session().deliver(message, recipient.subscriptions(), publisher, acknowledgement);
    }

    void subscribe(Subscriber.Subscription subscription) {
        subscriptions.incrementAndGet();
        TopicFilter shared = subscription.filter().ofSharedSubscription().orElse(null);
        if (shared == null) {
            router.add(subscription.filter(), subscription);
            return;
        }
        groups.compute(subscription.filter(), (filter, known) -> {
            SharedGroup group = known == null ? new SharedGroup() : known;
            group.join(subscription);
            if (known == null) {
                router.add(shared, group);
            }
            return group;
        });
    }

    void unsubscribe(Subscriber.Subscription subscription) {
        subscriptions.decrementAndGet();
        TopicFilter shared = subscription.filter().ofSharedSubscription().orElse(null);
        if (shared == null) {
            router.remove(subscription.filter(), subscription);
            return;
        }
        groups.computeIfPresent(subscription.filter(), (filter, group) -> {
            if (!group.leave(subscription)) {
                return group;
            }
            router.remove(shared, group);
            return null;
        });
    }

    /** The Retained Messages among which those are that a filter matches. */
    RetainedMessages retained(TopicFilter filter) {
        return filter.value().startsWith("$") ? ofGateway : retained;
    }

    /** Subscriptions of all sessions now. */
    public int subscriptions() {
        return subscriptions.get();
    }

    /** Retained Messages of devices and routes now. */
    public int retainedMessages() {
        return retained.count();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.DeviceSide;
import io.gantry.api.JointAcknowledgement;
import io.gantry.api.Message;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Router;
import io.gantry.api.Sink;
import io.gantry.api.TopicFilter;
import io.gantry.api.Uplink;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.StoreWrite;
import io.gantry.mqtt.LimitSettings;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
    private final ServerTopics serverTopics;
    private final Counters counters;
    private final SessionStore store;
    private final AtomicInteger subscriptions = new AtomicInteger();
    private final int maxSubscriptions;
    private volatile Predicate<Message> comesRound = message -> false;

    /**
     * Nobody wants anything yet.
     *
     * @param limits of what is retained, and of subscriptions
     */
    public Distributor(Counters counters, Clock clock, LimitSettings limits, SessionStore store) {
        this.counters = counters;
        this.store = store;
        this.maxSubscriptions = limits.maxAllSubscriptions();
        this.retained = new RetainedMessages(limits, clock, store);
        this.serverTopics = new ServerTopics(router, new RetainedMessages(limits, clock, store), counters);
    }

    /** Says, before there are devices, which of their messages have been here before and go to nobody any more. */
    public void leaveOut(Predicate<Message> messages) {
        comesRound = messages;
    }

    /** Registers a route for good. */
    public void addUplink(TopicFilter filter, Uplink uplink) {
        router.add(filter, new Subscriber.Route(uplink));
    }

    /**
     * A device's message: goes to the sessions, and is acknowledged when all routes have it and what must outlive a restart
     * is stored.
     *
     * @param publisher for No Local; null when the device has gone, as for a will
     * @param also is stored in the same write as what the message leaves behind; null when there is nothing
     */
    public void fromDevice(
            Message message,
            @Nullable Session publisher,
            @Nullable Consumer<StoreWrite> also,
            Acknowledgement acknowledgement) {
        if (comesRound.test(message)) {
            counters.count(Counter.MESSAGES_LOOPED);
            storeAlone(also, stored -> acknowledgement.complete(stored.and(Delivery.cameRound())));
            return;
        }
        if (message.retain() && !retained.hasRoom(message)) {
            counters.count(Counter.RETAINED_REFUSED);
            DeviceLog.notRetained(message);
            acknowledgement.complete(RETAINED_FULL);
            return;
        }
        Audience audience = router.audienceOf(message.topic());
        Audience.Routes routes = audience.routes(message.qos());
        if (routes.hasOffered() && message.qos() == Qos.EXACTLY_ONCE) {
            // first those that answer by delivery: what the device has to send again must not have been distributed
            // before
            routes.offered().offer(message, outcome -> onceOffered(message, publisher, also, outcome, acknowledgement));
            return;
        }
        Distribution distribution =
                distribute(message, publisher, audience, routes.stored(), also, Acknowledgement.NOBODY);
        if (distribution == null) {
            routes.offered().offer(message, acknowledgement);
        } else if (!routes.hasOffered()) {
            distribution.store(store, acknowledgement);
        } else {
            Acknowledgement each = new JointAcknowledgement(2, acknowledgement);
            distribution.store(store, each);
            routes.offered().offer(message, each);
        }
    }

    private void storeAlone(@Nullable Consumer<StoreWrite> change, Acknowledgement acknowledgement) {
        Distribution distribution = null;
        if (change != null) {
            distribution = newDistribution(Acknowledgement.NOBODY);
            distribution.also(change);
        }
        store(distribution, acknowledgement);
    }

    private void onceOffered(
            Message message,
            @Nullable Session publisher,
            @Nullable Consumer<StoreWrite> also,
            Delivery outcome,
            Acknowledgement acknowledgement) {
        if (outcome instanceof Delivery.Accepted) {
            Audience audience = router.audienceOf(message.topic());
            List<Uplink> stored = audience.routes(message.qos()).stored();
            store(distribute(message, publisher, audience, stored, also, Acknowledgement.NOBODY), acknowledgement);
        } else {
            acknowledgement.complete(outcome);
        }
    }

    private void store(@Nullable Distribution distribution, Acknowledgement acknowledgement) {
        if (distribution == null) {
            acknowledgement.complete(Delivery.accepted());
        } else {
            distribution.store(store, acknowledgement);
        }
    }

    /** A route's message to the devices: is acknowledged when every session that wants it has it, or it is stored for it. */
    public void fromRoute(Message message, Acknowledgement acknowledgement) {
        if (message.retain() && !retained.hasRoom(message)) {
            counters.count(Counter.RETAINED_REFUSED);
            DeviceLog.notRetained(message);
        }
        Audience audience = router.audienceOf(message.topic());
        int parts = audience.recipients().size() + audience.groups().size() + 1;
        Acknowledgement each = parts == 1 ? acknowledgement : new JointAcknowledgement(parts, acknowledgement);
        store(distribute(message, null, audience, List.of(), null, each), each);
    }

    /**
     * Gives the message to the sessions that are not durable; the others get it by what is returned.
     *
     * @param stored the routes that get the message through their outboxes
     * @param each is answered for each session and each group
     * @return what is to be stored; null when nothing is
     */
    private @Nullable Distribution distribute(
            Message message,
            @Nullable Session publisher,
            Audience audience,
            List<Uplink> stored,
            @Nullable Consumer<StoreWrite> also,
            Acknowledgement each) {
        Distribution distribution =
                also == null && !message.retain() && stored.isEmpty() ? null : begin(message, stored, also, each);
        List<Audience.Recipient> recipients = audience.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            Audience.Recipient recipient = recipients.get(i);
            Outgoing outgoing = Outgoing.by(recipient.subscriptions(), message, publisher, each);
            distribution = give(recipient.session(), outgoing, publisher, distribution, each);
        }
        List<SharedGroup> shared = audience.groups();
        for (int i = 0; i < shared.size(); i++) {
            Subscriber.Subscription chosen = shared.get(i).choose(message.topic());
            if (chosen == null) {
                each.complete(Delivery.accepted());
            } else {
                Outgoing outgoing = Outgoing.byGroup(shared.get(i), chosen, message, each);
                distribution = give(chosen.session(), outgoing, publisher, distribution, each);
            }
        }
        show(message, audience.watchers(), distribution);
        return distribution;
    }

    private static void show(Message message, List<Sink> watchers, @Nullable Distribution soFar) {
        for (Sink watcher : watchers) {
            if (soFar == null || !soFar.comesFirst()) {
                watcher.offer(message, Acknowledgement.NOBODY);
            } else {
                soFar.then(() -> watcher.offer(message, Acknowledgement.NOBODY));
            }
        }
    }

    private Distribution begin(
            Message message, List<Uplink> stored, @Nullable Consumer<StoreWrite> also, Acknowledgement each) {
        Distribution distribution = newDistribution(each);
        distribution.to(stored, message);
        if (!stored.isEmpty() || message.qos() == Qos.EXACTLY_ONCE) {
            distribution.comeFirst();
        }
        if (message.retain()) {
            distribution.also(write -> retained.retain(message, write));
        }
        if (also != null) {
            distribution.also(also);
        }
        return distribution;
    }

    private Distribution newDistribution(Acknowledgement each) {
        return new Distribution(counters, each != Acknowledgement.NOBODY);
    }

    /** At once when the session is not durable and the message cannot be refused any more, otherwise by a distribution. */
    private @Nullable Distribution give(
            Session session,
            @Nullable Outgoing outgoing,
            @Nullable Session publisher,
            @Nullable Distribution soFar,
            Acknowledgement each) {
        if (outgoing == null || session.authorization().denies(outgoing.message())) {
            each.complete(Delivery.accepted());
            return soFar;
        }
        DurableSession durable = session.storing(outgoing.qos());
        if (durable == null) {
            if (soFar == null || !soFar.comesFirst()) {
                session.deliver(outgoing, publisher);
            } else {
                soFar.then(() -> session.deliver(outgoing, publisher));
            }
            return soFar;
        }
        each.complete(Delivery.accepted());
        Distribution distribution = soFar == null ? newDistribution(each) : soFar;
        distribution.to(session, durable, outgoing);
        return distribution;
    }

    /** Gives a message to one member of a group; when there is none any longer, nobody wants it. */
    void toMember(SharedGroup group, Message message, Acknowledgement acknowledgement) {
        Subscriber.Subscription chosen = group.choose(message.topic());
        if (chosen == null) {
            acknowledgement.complete(Delivery.accepted());
            return;
        }
        Outgoing outgoing = Outgoing.byGroup(group, chosen, message, acknowledgement);
        DurableSession durable = chosen.session().storing(outgoing.qos());
        if (durable == null) {
            chosen.session().deliver(outgoing, null);
        } else {
            Distribution distribution = newDistribution(acknowledgement);
            distribution.to(chosen.session(), durable, outgoing);
            distribution.store(store, acknowledgement);
        }
    }

    /** Gives a message that is in a session's stored queue to another member of its group; it leaves the queue with that. */
    void passOn(Outgoing kept, SharedGroup group, DurableSession from) {
        Subscriber.Subscription chosen = group.choose(kept.message().topic());
        if (chosen == null) {
            return;
        }
        Outgoing outgoing = Outgoing.byGroup(group, chosen, kept.message(), outcome -> from.lentTo(kept, outcome));
        DurableSession durable = chosen.session().storing(outgoing.qos());
        if (durable != null) {
            Distribution distribution = newDistribution(Acknowledgement.NOBODY);
            distribution.also(write -> from.leave(kept, write));
            distribution.to(chosen.session(), durable, outgoing);
            distribution.store(store, Acknowledgement.NOBODY);
        } else {
            from.lend(kept);
            chosen.session().deliver(outgoing, null);
        }
    }

    /** A message as it was found in a session's stored queue. */
    Outgoing found(QueuedMessage queued) {
        TopicFilter shared = queued.sharedFilter();
        return Outgoing.of(queued, shared == null ? null : groups.get(shared));
    }

    /** What was retained before the start. */
    public void restoreRetained() {
        store.store().retained("", retained::restore);
    }

    /** Puts messages that only one session gets into its stored queue, all in one write. */
    void store(Session session, DurableSession durable, List<Outgoing> messages, Acknowledgement acknowledgement) {
        Distribution distribution = newDistribution(Acknowledgement.NOBODY);
        messages.forEach(message -> distribution.to(session, durable, message));
        distribution.store(store, acknowledgement);
    }

    /** Whether there are as many subscriptions as there may be; loops that ask at once may go over it by one each. */
    boolean isFull() {
        return subscriptions.get() >= maxSubscriptions;
    }

    /** What is below {@code $SYS/}. */
    public ServerTopics serverTopics() {
        return serverTopics;
    }

    void subscribe(Subscriber.Subscription subscription) {
        subscriptions.incrementAndGet();
        TopicFilter shared = subscription.filter().ofSharedSubscription().orElse(null);
        if (shared == null) {
            router.add(subscription.filter(), subscription);
            return;
        }
        groups.compute(subscription.filter(), (filter, known) -> {
            SharedGroup group = known == null ? new SharedGroup(this, filter) : known;
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

    DeviceSide.Subscription watch(TopicFilter filter, Sink sink) {
        Subscriber.Watcher watcher = new Subscriber.Watcher(sink);
        router.add(filter, watcher);
        return () -> router.remove(filter, watcher);
    }

    /** The Retained Messages among which those are that a filter matches. */
    RetainedMessages retained(TopicFilter filter) {
        return filter.value().startsWith("$") ? serverTopics.retained() : retained;
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

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicFilter;
import io.gantry.api.store.SessionState;
import io.gantry.api.store.StoreWrite;
import io.gantry.api.store.StoredSubscription;
import io.gantry.mqtt.QueuePolicy;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import io.gantry.mqtt.packet.Subscribe;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the server knows of one device beyond a connection [5.0 §4.1]: its subscriptions and the messages under way in
 * both directions. Touched by its home's thread only, except {@link #deliver}.
 */
public final class Session {
    // for the session
    private final ClientId clientId;
    private final Home home;
    private final Authorization authorization;
    private final InboundFlow inbound;
    private final OutboundFlow outbound;
    private final Map<TopicFilter, Subscriber.Subscription> subscriptions = new HashMap<>(0);
    private final RetainedReplays replays;
    private final FanOut fanOut;
    private final LastReadiness readiness;
    private final @Nullable DurableSession durable;
    private final @Nullable QueueTrimmer trimmer;
    private final List<Consumer<StoreWrite>> unsaved = new ArrayList<>(0);
    private boolean over;
    private @Nullable Absence absence;

    // for the connection
    private @Nullable Device device;

    /**
     * A session nobody is connected to.
     *
     * @param start what it is in the store; null when it ends with its connection
     */
    Session(ClientId clientId, Home home, DurableSession.@Nullable Start start) {
        this.clientId = clientId;
        this.home = home;
        this.durable = start == null ? null : home.newDurable(start, this::onRefusal);
        this.authorization = new Authorization(home.counters());
        this.inbound = home.newInbound(durable);
        this.outbound = home.newOutbound(durable, authorization);
        this.replays = new RetainedReplays(home.distributor());
        this.readiness = new LastReadiness(clientId);
        this.fanOut = new FanOut(home.mailbox());
        boolean trims = home.limits().whenQueueFull() == QueuePolicy.DROP_OLDEST;
        this.trimmer = durable == null || !trims ? null : new QueueTrimmer(durable, outbound, home.counters());
    }

    /** What was found in the store at the start. */
    void restore(SessionState state) {
        inbound.restore(state.received());
        outbound.restore(state.inFlight());
        for (StoredSubscription stored : state.subscriptions()) {
            Subscriber.Subscription subscription = new Subscriber.Subscription(
                    this,
                    stored.filter(),
                    stored.maximumQos(),
                    stored.noLocal(),
                    stored.retainAsPublished(),
                    stored.id());
            subscriptions.put(stored.filter(), subscription);
            home.distributor().subscribe(subscription);
        }
    }

    /** The side of the session that stores messages of that QoS; null when they are kept in memory. Any thread. */
    @Nullable DurableSession storing(Qos qos) {
        return qos == Qos.AT_MOST_ONCE ? null : durable;
    }

    /** Its side in the store; null when it ends with its connection. Any thread. */
    @Nullable DurableSession durable() {
        return durable;
    }

    /** What the device waits for cannot be stored: it keeps it, and comes back. */
    private void onRefusal(Delivery outcome) {
        ReasonCode reason = outcome instanceof Delivery.Unavailable unavailable
                ? unavailable.code()
                : ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
        if (device != null) {
            device.disconnect(reason, null);
        }
    }

    public ClientId clientId() {
        return clientId;
    }

    /** Whose it is, and what he may do. */
    public Authorization authorization() {
        return authorization;
    }

    /** The connection the session has now. */
    public Optional<Device> device() {
        return Optional.ofNullable(device);
    }

    /** The CONNACK is on its way: what waits may follow it. */
    public void connected(Device newDevice) {
        device = newDevice;
        outbound.connected(newDevice);
        outbound.sendWhatMayBeSent();
        replay();
        tellReadiness();
    }

    void disconnected() {
        device = null;
        inbound.onRoom(() -> {});
        fanOut.onCaughtUp(() -> {});
        // before what waits is passed on, which must not come back
        readiness.gone();
        outbound.disconnected();
        tellReadiness();
    }

    /** What is due while the device is away. */
    void away(@Nullable Absence newAbsence) {
        absence = newAbsence;
    }

    Optional<Absence> absence() {
        return Optional.ofNullable(absence);
    }

    /** The session is over: its subscriptions and messages go with it. */
    void discard() {
        over = true;
        device = null;
        replays.clear();
        boolean shared = subscriptions.keySet().stream().anyMatch(TopicFilter::isShared);
        subscriptions.values().forEach(home.distributor()::unsubscribe);
        subscriptions.clear();
        Set<Long> begun = Set.copyOf(outbound.inFlight().bySequence().keySet());
        outbound.discard();
        if (durable != null && shared && !durable.isEmpty()) {
            new SharedInheritance(durable, home.distributor(), begun).begin();
        } else if (durable != null) {
            durable.end();
        }
    }

    /** Decides about a QoS 1 or 2 PUBLISH from the device. */
    public PublishOutcome onPublish(Publish publish, Device from) {
        return inbound.onPublish(publish, from);
    }

    /** True when a 3.1.1 device has as many messages under way as it may and must not be read for a while. */
    public boolean isInboundFull() {
        return inbound.isFull();
    }

    /** Is run once messages of a full session have been answered. */
    public void onInboundRoom(Runnable step) {
        inbound.onRoom(step);
    }

    /** What its messages cost others. */
    public FanOut fanOut() {
        return fanOut;
    }

    /** Handles PUBACK, PUBREC, PUBREL and PUBCOMP; false when it is for a message that is not under way. */
    public boolean onAck(PublishAck ack, Device from) {
        boolean known =
                switch (ack.type()) {
                    case PUBACK -> outbound.answers().onPubAck(ack.packetId(), ack.reasonCode());
                    case PUBREC -> outbound.answers().onPubRec(ack.packetId(), ack.reasonCode(), from);
                    case PUBREL -> inbound.onPubRel(ack.packetId(), from);
                    case PUBCOMP -> outbound.answers().onPubComp(ack.packetId());
                    default -> throw new IllegalArgumentException("not an acknowledgement: " + ack.type());
                };
        if (!known) {
            home.counters().count(Counter.ACKS_UNKNOWN);
        }
        replay();
        tellReadiness();
        return known;
    }

    /** The device takes more again, or no more for now. */
    public void onWritabilityChanged() {
        outbound.sendWhatMayBeSent();
        replay();
        tellReadiness();
    }

    /** Subscribes to one Topic Filter; what is retained for it is sent by {@link #sendRetained}, after the SUBACK. */
    public ReasonCode subscribe(Subscribe.Request request, int subscriptionId) {
        Optional<TopicFilter> parsed = TopicFilter.parse(request.filter());
        if (parsed.isEmpty() || !home.limits().allowsTopic(request.filter())) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        TopicFilter filter = parsed.get();
        if (filter.isShared() && filter.ofSharedSubscription().isEmpty()) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        if (!authorization.maySubscribe(filter)) {
            return ReasonCode.NOT_AUTHORIZED;
        }
        Subscriber.Subscription before = subscriptions.get(filter);
        boolean full = subscriptions.size() >= home.limits().maxSubscriptions()
                || home.distributor().isFull();
        if (before == null && full) {
            return ReasonCode.QUOTA_EXCEEDED;
        }
        Qos granted = request.maximumQos().atMost(home.limits().maxQos());
        Subscriber.Subscription subscription = new Subscriber.Subscription(
                this, filter, granted, request.noLocal(), request.retainAsPublished(), subscriptionId);
        if (!subscription.equals(before)) {
            subscriptions.put(filter, subscription);
            home.distributor().subscribe(subscription);
            if (before != null) {
                home.distributor().unsubscribe(before);
            }
        }
        if (durable != null) {
            StoredSubscription stored = new StoredSubscription(
                    filter, granted, request.noLocal(), request.retainAsPublished(), subscriptionId);
            unsaved.add(write -> write.putSubscription(durable.number(), stored));
        }
        return switch (granted) {
            case AT_MOST_ONCE -> ReasonCode.SUCCESS;
            case AT_LEAST_ONCE -> ReasonCode.GRANTED_QOS_1;
            case EXACTLY_ONCE -> ReasonCode.GRANTED_QOS_2;
        };
    }

    /** Whether the session has a subscription with exactly this filter. */
    public boolean isSubscribed(String filter) {
        return TopicFilter.parse(filter).filter(subscriptions::containsKey).isPresent();
    }

    /** Goes on once what was subscribed and unsubscribed is stored. */
    public void saved(Runnable then) {
        if (durable == null || unsaved.isEmpty()) {
            then.run();
            return;
        }
        List<Consumer<StoreWrite>> changes = List.copyOf(unsaved);
        unsaved.clear();
        durable.keep(write -> changes.forEach(change -> change.accept(write)), then);
    }

    /** What is to be stored with a message of the device's: the packet identifier of QoS 2; null when nothing is. */
    public @Nullable Consumer<StoreWrite> receiving(Publish publish) {
        if (durable == null || publish.qos() != Qos.EXACTLY_ONCE) {
            return null;
        }
        return write -> write.putReceived(durable.number(), publish.packetId());
    }

    /** Sends the Retained Messages a subscription asked for [5.0/MQTT-3.3.1-9] [5.0/MQTT-3.3.1-10]. */
    public void sendRetained(Subscribe.Request request, boolean existedBefore, int subscriptionId) {
        Qos granted = request.maximumQos().atMost(home.limits().maxQos());
        replays.subscribed(request, granted, existedBefore, subscriptionId);
        replay();
    }

    /** Sends retained messages as long as the device takes them at once; one page at a time, so that others get theirs. */
    void replay() {
        if (replays.send(outbound, this)) {
            replayLater();
        }
        tellReadiness();
    }

    private void replayLater() {
        later(this::replay);
    }

    /** Ends one subscription. */
    public ReasonCode unsubscribe(String filter) {
        Subscriber.Subscription subscription =
                TopicFilter.parse(filter).map(subscriptions::remove).orElse(null);
        if (subscription == null) {
            return ReasonCode.NO_SUBSCRIPTION_EXISTED;
        }
        replays.unsubscribed(subscription.filter());
        home.distributor().unsubscribe(subscription);
        if (durable != null) {
            unsaved.add(write -> write.usingReserve().deleteSubscription(durable.number(), subscription.filter()));
        }
        return ReasonCode.SUCCESS;
    }

    /**
     * A message the session wants and that is not stored. Any thread; it is taken on the session's.
     *
     * @param publisher is read no faster than its messages are taken; null for a message of nobody who could wait
     */
    void deliver(Outgoing outgoing, @Nullable Session publisher) {
        if (!home.isCurrentThread()) {
            home.mailbox().post(new Handover(this, outgoing, publisher == null ? null : publisher.fanOut));
            return;
        }
        if (publisher != null && publisher.home == home) {
            publisher.fanOut.delivered();
        }
        take(outgoing);
    }

    void take(Outgoing outgoing) {
        if (isForAnother(outgoing)) {
            // the session left the group, or lost its connection, after it was chosen
            outgoing.passOn();
        } else if (over) {
            outgoing.acknowledgement().complete(Delivery.accepted());
        } else {
            outbound.offer(outgoing);
            tellReadiness();
        }
    }

    private boolean isForAnother(Outgoing outgoing) {
        SharedGroup group = outgoing.group();
        return group != null && (over || !group.has(this) || (device == null && group.isAnyConnected()));
    }

    /** A message that is in the session's stored queue now. Any thread. */
    void stored(Outgoing kept) {
        home.mailbox().post(new Mailbox.Mail() {
            @Override
            protected void open() {
                takeStored(kept);
            }
        });
    }

    private void later(Runnable step) {
        home.mailbox().post(new Mailbox.Mail() {
            @Override
            protected void open() {
                step.run();
            }
        });
    }

    /** The session's stored queue was too full for a message. Any thread. */
    void hadNoRoom() {
        if (home.limits().whenQueueFull() == QueuePolicy.DISCONNECT) {
            later(outbound::disconnectWhenFull);
        }
    }

    private void takeStored(Outgoing kept) {
        SharedGroup group = kept.group();
        if (group != null && durable != null && isForAnother(kept)) {
            home.distributor().passOn(kept, group, durable);
        } else if (!over) {
            home.counters().count(Counter.MESSAGES_QUEUED);
            outbound.stored(kept);
            if (trimmer != null) {
                trimmer.trim();
            }
            tellReadiness();
        }
    }

    /** How well the session can take a message, as it last said. Any thread. */
    Readiness readiness() {
        return readiness.said();
    }

    private void tellReadiness() {
        readiness.say(outbound.readiness());
    }

    /** Messages under way in either direction. */
    int unfinished() {
        return inbound.unfinished() + outbound.unfinished();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import io.gantry.api.Message;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicFilter;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import io.gantry.mqtt.packet.Subscribe;
import io.gantry.mqtt.packet.Subscribe.RetainHandling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the server knows of one device beyond a connection [5.0 §4.1]: its subscriptions and the messages under way in
 * both directions. Touched by its home's thread only, except {@link #deliver}.
 */
public final class Session {
    // for the session
    private final ClientId clientId;
    private final Home home;
    private final InboundFlow inbound;
    private final OutboundFlow outbound;
    private final Map<TopicFilter, Subscriber.Subscription> subscriptions = new HashMap<>(0);
    private final Deque<RetainedReplay> replays = new ArrayDeque<>(0);
    private volatile Readiness readiness = Readiness.AWAY;
    private boolean over;
    private @Nullable Absence absence;

    // for the connection
    private @Nullable Device device;

    Session(ClientId clientId, Home home) {
        this.clientId = clientId;
        this.home = home;
        this.inbound = home.newInbound();
        this.outbound = home.newOutbound();
    }

    public ClientId clientId() {
        return clientId;
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
        readiness = Readiness.AWAY;
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
        subscriptions.values().forEach(home.distributor()::unsubscribe);
        subscriptions.clear();
        outbound.discard();
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

    /** Handles PUBACK, PUBREC, PUBREL and PUBCOMP; false when it is for a message that is not under way. */
    public boolean onAck(PublishAck ack, Device from) {
        boolean known =
                switch (ack.type()) {
                    case PUBACK -> outbound.onPubAck(ack.packetId(), ack.reasonCode());
                    case PUBREC -> outbound.onPubRec(ack.packetId(), ack.reasonCode(), from);
                    case PUBREL -> inbound.onPubRel(ack.packetId(), from);
                    case PUBCOMP -> outbound.onPubComp(ack.packetId());
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
        Subscriber.Subscription before = subscriptions.get(filter);
        if (before == null && subscriptions.size() >= home.limits().maxSubscriptions()) {
            return ReasonCode.QUOTA_EXCEEDED;
        }
        Subscriber.Subscription subscription = new Subscriber.Subscription(
                this, filter, request.maximumQos(), request.noLocal(), request.retainAsPublished(), subscriptionId);
        if (!subscription.equals(before)) {
            subscriptions.put(filter, subscription);
            home.distributor().subscribe(subscription);
            if (before != null) {
                home.distributor().unsubscribe(before);
            }
        }
        return switch (request.maximumQos()) {
            case AT_MOST_ONCE -> ReasonCode.SUCCESS;
            case AT_LEAST_ONCE -> ReasonCode.GRANTED_QOS_1;
            case EXACTLY_ONCE -> ReasonCode.GRANTED_QOS_2;
        };
    }

    /** Whether the session has a subscription with exactly this filter. */
    public boolean isSubscribed(String filter) {
        return TopicFilter.parse(filter).filter(subscriptions::containsKey).isPresent();
    }

    /** Sends the Retained Messages a subscription asked for [5.0/MQTT-3.3.1-9] [5.0/MQTT-3.3.1-10]. */
    public void sendRetained(Subscribe.Request request, boolean existedBefore, int subscriptionId) {
        TopicFilter filter = new TopicFilter(request.filter());
        boolean wanted = request.retainHandling() == RetainHandling.SEND
                || (request.retainHandling() == RetainHandling.SEND_IF_NEW && !existedBefore);
        if (!wanted || filter.isShared()) {
            // a Shared Subscription gets no Retained Messages when it is made [5.0 §4.8.2]
            return;
        }
        List<Integer> ids = subscriptionId == 0 ? List.of() : List.of(subscriptionId);
        replays.add(new RetainedReplay(home.distributor().retained(filter), filter, request.maximumQos(), ids));
        replay();
    }

    /** Sends retained messages as long as the device takes them at once; one page at a time, so that others get theirs. */
    private void replay() {
        RetainedReplay replay = replays.peek();
        if (replay == null || outbound.readiness() != Readiness.READY) {
            return;
        }
        if (replay.isPageSent()) {
            replay.turnPage();
        }
        while (!replay.isPageSent() && outbound.readiness() == Readiness.READY) {
            Outgoing next = replay.next();
            if (next != null) {
                outbound.offer(next);
            }
        }
        if (replay.isOver()) {
            replays.remove();
        }
        if (!replays.isEmpty() && replay.isPageSent()) {
            replayLater();
        }
        tellReadiness();
    }

    private void replayLater() {
        home.mailbox().post(new Mailbox.Mail() {
            @Override
            protected void open() {
                replay();
            }
        });
    }

    /** Ends one subscription. */
    public ReasonCode unsubscribe(String filter) {
        Subscriber.Subscription subscription =
                TopicFilter.parse(filter).map(subscriptions::remove).orElse(null);
        if (subscription == null) {
            return ReasonCode.NO_SUBSCRIPTION_EXISTED;
        }
        replays.removeIf(replay -> replay.isOf(subscription.filter()));
        home.distributor().unsubscribe(subscription);
        return ReasonCode.SUCCESS;
    }

    /** A message the session wants. Any thread; it is taken on the session's. */
    void deliver(
            Message message,
            List<Subscriber.Subscription> matching,
            @Nullable Session publisher,
            Acknowledgement acknowledgement) {
        if (home.isCurrentThread()) {
            take(message, matching, publisher, acknowledgement);
        } else {
            home.mailbox().post(new Mailbox.Mail() {
                @Override
                protected void open() {
                    take(message, matching, publisher, acknowledgement);
                }
            });
        }
    }

    private void take(
            Message message,
            List<Subscriber.Subscription> matching,
            @Nullable Session publisher,
            Acknowledgement acknowledgement) {
        Qos most = Qos.AT_MOST_ONCE;
        boolean wanted = false;
        boolean retainAsPublished = false;
        List<Integer> ids = List.of();
        for (Subscriber.Subscription subscription : matching) {
            boolean echo = subscription.noLocal() && publisher == this;
            if (!echo) {
                wanted = true;
                retainAsPublished |= subscription.retainAsPublished();
                most = subscription.maximumQos().level() > most.level() ? subscription.maximumQos() : most;
                ids = subscription.id() == 0 ? ids : with(ids, subscription.id());
            }
        }
        if (!wanted || over) {
            acknowledgement.complete(Delivery.accepted());
            return;
        }
        boolean retain = retainAsPublished && message.retain();
        outbound.offer(new Outgoing(message, message.qos().atMost(most), retain, ids, acknowledgement, null));
        tellReadiness();
    }

    /** A message for one member of a group, which chose this session. Any thread; it is taken on the session's. */
    void deliverShared(
            Message message, Subscriber.Subscription by, SharedGroup group, Acknowledgement acknowledgement) {
        if (home.isCurrentThread()) {
            takeShared(message, by, group, acknowledgement);
        } else {
            home.mailbox().post(new Mailbox.Mail() {
                @Override
                protected void open() {
                    takeShared(message, by, group, acknowledgement);
                }
            });
        }
    }

    private void takeShared(
            Message message, Subscriber.Subscription by, SharedGroup group, Acknowledgement acknowledgement) {
        boolean member = !over && by.equals(subscriptions.get(by.filter()));
        if (!member || (device == null && group.isAnyConnected())) {
            // it left, or lost its connection, after it was chosen
            group.deliver(message, acknowledgement);
            return;
        }
        Qos qos = message.qos().atMost(by.maximumQos());
        boolean retain = by.retainAsPublished() && message.retain();
        List<Integer> ids = by.id() == 0 ? List.of() : List.of(by.id());
        outbound.offer(new Outgoing(message, qos, retain, ids, acknowledgement, group));
        tellReadiness();
    }

    /** How well the session can take a message, as it last said. Any thread. */
    Readiness readiness() {
        return readiness;
    }

    private void tellReadiness() {
        Readiness now = outbound.readiness();
        if (now != readiness) {
            readiness = now;
        }
    }

    private static List<Integer> with(List<Integer> ids, int id) {
        List<Integer> more = new ArrayList<>(ids);
        more.add(id);
        return List.copyOf(more);
    }

    /** Messages under way in either direction. */
    int unfinished() {
        return inbound.unfinished() + outbound.unfinished();
    }
}

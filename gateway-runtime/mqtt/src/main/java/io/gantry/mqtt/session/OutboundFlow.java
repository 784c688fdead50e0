// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.StoredInFlight;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.QueuePolicy;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages for one device: waiting, then in flight until the device has acknowledged them. Outlives connections: what
 * was in flight when one ended is sent again on the next, in its order [5.0/MQTT-4.4.0-1].
 */
final class OutboundFlow {
    private static final Delivery TOO_LARGE =
            new Delivery.Rejected(ReasonCode.PACKET_TOO_LARGE, "larger than the device takes");

    private final Counters counters;
    private final Clock clock;
    private final LimitSettings limits;
    private final Distributor distributor;
    private final @Nullable DurableSession durable;
    private final @Nullable QueueReader reader;
    private final Authorization authorization;

    private final Backlog waiting = new Backlog();
    private final InFlightMessages inFlight = new InFlightMessages();
    private final DeviceAnswers answers;
    private final AckDeadline deadline;

    private @Nullable Device device;

    /**
     * Nothing waits yet.
     *
     * @param durable where the session is stored; null when it ends with its connection
     */
    OutboundFlow(
            Home.Shared shared,
            ScheduledExecutorService loop,
            @Nullable DurableSession durable,
            Authorization authorization) {
        this.counters = shared.counters();
        this.clock = shared.clock();
        this.limits = shared.limits();
        this.distributor = shared.distributor();
        this.durable = durable;
        this.authorization = authorization;
        this.reader = durable == null ? null : new QueueReader(durable, this::opened);
        this.deadline = new AckDeadline(
                loop, limits.maxAcknowledgeTime().toMillis(), () -> inFlight.size() > 0, this::onNothingAcknowledged);
        this.answers = new DeviceAnswers(inFlight, durable, deadline, this::sendWhatMayBeSent);
    }

    /** What was in flight before the gateway started. */
    void restore(List<StoredInFlight> found) {
        inFlight.restore(found);
    }

    /** A connection has come: what was in flight goes first. */
    void connected(Device newDevice) {
        device = newDevice;
        inFlight.connected();
        if (durable != null) {
            durable.connected(true);
        }
        if (reader != null && !reader.connected()) {
            releaseWhatIsGone();
        }
    }

    /** A page of the stored queue: what is in flight finds its message again, the rest waits. */
    private void opened(SessionStore.Page page) {
        Map<Long, Map.Entry<Integer, InFlight>> begun = inFlight.bySequence();
        for (QueuedMessage queued : page.messages()) {
            Map.Entry<Integer, InFlight> known = begun.get(queued.sequence());
            if (known != null) {
                found(known.getKey(), known.getValue(), distributor.found(queued));
            } else if (durable != null && !durable.isLent(queued.sequence())) {
                waiting.add(distributor.found(queued));
            }
        }
        if (page.isLast()) {
            releaseWhatIsGone();
        }
        sendWhatMayBeSent();
    }

    /**
     * A device may come back with a smaller Maximum Packet Size, or fewer rights; what it cannot take is over
     * [5.0/MQTT-3.1.2-25].
     */
    private void found(int packetId, InFlight message, Outgoing outgoing) {
        Device to = device;
        if (message.received || to == null) {
            return;
        }
        if (authorization.denies(outgoing.message())) {
            inFlight.remove(packetId);
            answers.settle(packetId, outgoing, Delivery.accepted());
        } else if (to.sizeOf(outgoing.packet(packetId, true, clock.millis())) <= to.maximumPacketSize()) {
            message.outgoing = outgoing;
        } else {
            counters.count(Counter.MESSAGES_DROPPED_TOO_LARGE);
            inFlight.remove(packetId);
            answers.settle(packetId, outgoing, TOO_LARGE);
        }
    }

    /** A message whose record was damaged is not there any more, and its identifier must not be waited for. */
    private void releaseWhatIsGone() {
        inFlight.removeAll(message -> message.outgoing == null && !message.received)
                .forEach(answers::release);
    }

    void disconnected() {
        device = null;
        deadline.stop();
        if (durable != null) {
            durable.connected(false);
        }
        passOn(outgoing -> outgoing.group() != null && outgoing.group().isAnyConnected());
        waiting.removeAll(outgoing -> outgoing.qos() == Qos.AT_MOST_ONCE)
                .forEach(outgoing -> drop(outgoing, Counter.MESSAGES_DROPPED_AWAY, Delivery.accepted()));
        if (reader != null) {
            reader.disconnected();
            // the rest is in the store, and costs no memory while the device is away
            waiting.clear();
            inFlight.disconnected();
        }
    }

    /** Passes on what may go to others: what was not sent yet, and QoS 1; QoS 2 once sent stays [5.0/MQTT-4.8.2-4]. */
    private void passOn(Predicate<Outgoing> which) {
        List<Outgoing> leaving = new ArrayList<>();
        inFlight.removeAll(message -> {
                    Outgoing outgoing = message.outgoing;
                    boolean leaves = outgoing != null && outgoing.qos() == Qos.AT_LEAST_ONCE && which.test(outgoing);
                    if (leaves) {
                        leaving.add(outgoing);
                    }
                    return leaves;
                })
                .forEach(answers::release);
        leaving.addAll(waiting.removeAll(which));
        // only now: one of them may come back
        leaving.forEach(this::passOn);
    }

    private void passOn(Outgoing outgoing) {
        SharedGroup group = outgoing.group();
        if (durable == null || !outgoing.isKept()) {
            outgoing.passOn();
        } else if (group != null) {
            distributor.passOn(outgoing, group, durable);
        }
    }

    /** A message has been stored for the device: it is taken now, or read when its turn has come. */
    void stored(Outgoing kept) {
        boolean next = reader != null && reader.takes(kept, waiting.size() < SessionStore.PAGE_MESSAGES);
        if (next && (!waiting.isEmpty() || !trySend(kept))) {
            waiting.add(kept);
        }
    }

    /** Takes a message for the device and sends it as soon as it may. */
    void offer(Outgoing outgoing) {
        if (device == null && outgoing.qos() == Qos.AT_MOST_ONCE) {
            drop(outgoing, Counter.MESSAGES_DROPPED_AWAY, Delivery.accepted());
        } else if (waiting.isEmpty() && trySend(outgoing)) {
            return;
        } else if (device != null
                && outgoing.holdsItsSourceUp()
                && limits.whenQueueFull().holdsSourcesUp()) {
            counters.count(Counter.MESSAGES_QUEUED);
            waiting.add(outgoing);
        } else {
            List<Outgoing> dropped = waiting.addWithin(limits, outgoing);
            dropped.forEach(each -> drop(each, Counter.MESSAGES_DROPPED_QUEUE_FULL, Backlog.FULL));
            if (!dropped.contains(outgoing)) {
                counters.count(Counter.MESSAGES_QUEUED);
            } else if (limits.whenQueueFull() == QueuePolicy.DISCONNECT) {
                disconnectWhenFull();
            }
        }
    }

    private void onNothingAcknowledged() {
        Device silent = device;
        if (silent != null) {
            counters.count(Counter.ACKNOWLEDGEMENTS_OVERDUE);
            silent.disconnect(ReasonCode.QUOTA_EXCEEDED, "nothing acknowledged for max-acknowledge-time");
        }
    }

    /** The settings say that a device whose queue is full is to go. */
    void disconnectWhenFull() {
        if (device != null) {
            device.disconnect(Backlog.FULL.code(), Backlog.FULL.reason());
        }
    }

    /** Sends what the device's Receive Maximum and its speed allow. */
    void sendWhatMayBeSent() {
        if (inFlight.isAnyToSendAgain()) {
            sendAgain();
        }
        Outgoing next = waiting.peek();
        while (next != null && trySend(next)) {
            waiting.remove();
            next = waiting.peek();
        }
        if (reader != null) {
            reader.fill(waiting.size());
        }
    }

    private void sendAgain() {
        for (Map.Entry<Integer, InFlight> entry : inFlight.entries()) {
            InFlight message = entry.getValue();
            if (!message.onTheWire) {
                Outgoing outgoing = message.outgoing;
                boolean isRead = message.received || outgoing != null;
                if (device == null || inFlight.onTheWire() >= window(device) || !isRead) {
                    return;
                }
                inFlight.onTheWire(message);
                deadline.sent();
                if (message.received || outgoing == null) {
                    device.send(PublishAck.of(PacketType.PUBREL, entry.getKey()));
                } else {
                    device.send(outgoing.packet(entry.getKey(), message.sentBefore, clock.millis()));
                    message.sentBefore = true;
                }
            }
        }
    }

    private int window(Device to) {
        return Math.min(limits.maxInflight(), to.receiveMaximum());
    }

    /** True when the message is dealt with: sent, or found to be not worth sending. */
    private boolean trySend(Outgoing outgoing) {
        Device to = device;
        if (to == null || !to.takesMore()) {
            return false;
        }
        boolean needsId = outgoing.qos() != Qos.AT_MOST_ONCE;
        if (needsId && (inFlight.size() >= window(to) || inFlight.isAnyToSendAgain())) {
            return false;
        }
        if (outgoing.message().isExpiredAt(clock.millis())) {
            drop(outgoing, Counter.MESSAGES_DROPPED_EXPIRED, Delivery.accepted());
            return true;
        }
        if (authorization.denies(outgoing.message())) {
            finish(outgoing, Delivery.accepted());
            return true;
        }
        int packetId = needsId ? inFlight.nextPacketId() : 0;
        Publish publish = outgoing.packet(packetId, false, clock.millis());
        if (to.sizeOf(publish) > to.maximumPacketSize()) {
            drop(outgoing, Counter.MESSAGES_DROPPED_TOO_LARGE, TOO_LARGE);
            return true;
        }
        counters.count(Counter.MESSAGES_SENT);
        if (needsId) {
            begin(packetId, outgoing, to, publish);
        } else {
            to.send(publish);
            outgoing.acknowledgement().complete(Delivery.accepted());
        }
        return true;
    }

    private void begin(int packetId, Outgoing outgoing, Device to, Publish publish) {
        InFlight message = new InFlight(outgoing);
        inFlight.onTheWire(message);
        inFlight.put(packetId, message);
        deadline.sent();
        if (durable != null && outgoing.qos() == Qos.EXACTLY_ONCE) {
            durable.beforeSending(packetId, outgoing, () -> {
                if (device == to && inFlight.get(packetId) == message) {
                    message.sentBefore = true;
                    to.send(publish);
                }
            });
            return;
        }
        if (durable != null) {
            durable.sending(packetId, outgoing);
        }
        message.sentBefore = true;
        to.send(publish);
    }

    /** The session is over: here nobody waits for these messages any longer. */
    void discard() {
        device = null;
        deadline.stop();
        if (durable != null) {
            durable.connected(false);
        }
        List<Outgoing> begun = inFlight.begun(Qos.EXACTLY_ONCE);
        passOn(outgoing -> true);
        inFlight.clear();
        // what was sent at QoS 2 goes to nobody else [5.0/MQTT-4.8.2-5]
        begun.forEach(outgoing -> outgoing.acknowledgement().complete(Delivery.accepted()));
    }

    /** Takes what the device answers. */
    DeviceAnswers answers() {
        return answers;
    }

    InFlightMessages inFlight() {
        return inFlight;
    }

    /** A message leaves the stored queue unsent. */
    void forget(long sequence) {
        waiting.removeAll(outgoing -> outgoing.sequence() == sequence);
    }

    Readiness readiness() {
        boolean room = durable == null ? waiting.hasRoom(limits) : durable.hasRoom();
        Device to = device;
        if (to == null) {
            return room ? Readiness.AWAY : Readiness.AWAY_AND_FULL;
        }
        boolean sendsAtOnce = waiting.isEmpty()
                && to.takesMore()
                && inFlight.size() < window(to)
                && !inFlight.isAnyToSendAgain()
                && (reader == null || !reader.isBehind());
        return sendsAtOnce ? Readiness.READY : room ? Readiness.BUSY : Readiness.FULL;
    }

    /** How many more messages may be in flight now. */
    int room() {
        return device == null ? 0 : Math.max(0, window(device) - inFlight.size() - waiting.size());
    }

    private void drop(Outgoing outgoing, Counter why, Delivery outcome) {
        counters.count(why);
        finish(outgoing, outcome);
    }

    private void finish(Outgoing outgoing, Delivery outcome) {
        if (durable != null && outgoing.isKept()) {
            durable.drop(outgoing);
        }
        outgoing.acknowledgement().complete(outcome);
    }

    int unfinished() {
        return inFlight.size() + waiting.size();
    }
}

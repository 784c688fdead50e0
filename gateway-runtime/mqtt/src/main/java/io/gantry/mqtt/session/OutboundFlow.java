// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.QueuePolicy;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages for one device: waiting, then in flight until the device has acknowledged them. Outlives connections: what
 * was in flight when one ended is sent again on the next, in its order [5.0/MQTT-4.4.0-1].
 */
final class OutboundFlow {
    private static final Delivery QUEUE_FULL =
            new Delivery.Rejected(ReasonCode.QUOTA_EXCEEDED, "too many messages wait for the device");
    private static final Delivery TOO_LARGE =
            new Delivery.Rejected(ReasonCode.PACKET_TOO_LARGE, "larger than the device takes");

    private final Counters counters;
    private final Clock clock;
    private final LimitSettings limits;

    private final Deque<Outgoing> waiting = new ArrayDeque<>(0);
    private long waitingBytes;
    private final Map<Integer, InFlight> inFlight = new LinkedHashMap<>(0);
    private int lastPacketId;

    private @Nullable Device device;
    private int onTheWire;

    /** One message that has a packet identifier. */
    private static final class InFlight {
        final Outgoing outgoing;
        boolean received;
        boolean sentBefore;
        boolean onTheWire;

        InFlight(Outgoing outgoing) {
            this.outgoing = outgoing;
        }
    }

    OutboundFlow(Counters counters, Clock clock, LimitSettings limits) {
        this.counters = counters;
        this.clock = clock;
        this.limits = limits;
    }

    /** A connection has come: what was in flight goes first. */
    void connected(Device newDevice) {
        device = newDevice;
        onTheWire = 0;
        inFlight.values().forEach(message -> message.onTheWire = false);
        dropWhatIsTooLarge(newDevice);
    }

    /** A device may come back with a smaller Maximum Packet Size; what it cannot take is over [5.0/MQTT-3.1.2-25]. */
    private void dropWhatIsTooLarge(Device to) {
        List<Outgoing> tooLarge = new ArrayList<>();
        inFlight.entrySet().removeIf(entry -> {
            InFlight message = entry.getValue();
            boolean fits = message.received
                    || to.sizeOf(packet(message.outgoing, entry.getKey(), true)) <= to.maximumPacketSize();
            if (!fits) {
                tooLarge.add(message.outgoing);
            }
            return !fits;
        });
        tooLarge.forEach(outgoing -> drop(outgoing, Counter.MESSAGES_DROPPED_TOO_LARGE, TOO_LARGE));
    }

    void disconnected() {
        device = null;
        passOn(outgoing -> outgoing.group() != null && outgoing.group().isAnyConnected());
        waiting.removeIf(this::isOnlyForConnected);
    }

    /** Passes on what may go to others: what was not sent yet, and QoS 1; QoS 2 once sent stays [5.0/MQTT-4.8.2-4]. */
    private void passOn(Predicate<Outgoing> which) {
        List<Outgoing> leaving = new ArrayList<>();
        inFlight.values().removeIf(message -> {
            boolean leaves = message.outgoing.qos() == Qos.AT_LEAST_ONCE && which.test(message.outgoing);
            if (leaves) {
                leaving.add(message.outgoing);
            }
            return leaves;
        });
        waiting.removeIf(outgoing -> {
            boolean leaves = which.test(outgoing);
            if (leaves) {
                waitingBytes -= outgoing.message().payload().size();
                leaving.add(outgoing);
            }
            return leaves;
        });
        // only now: one of them may come back
        leaving.forEach(Outgoing::passOn);
    }

    private boolean isOnlyForConnected(Outgoing outgoing) {
        if (outgoing.qos() != Qos.AT_MOST_ONCE) {
            return false;
        }
        waitingBytes -= outgoing.message().payload().size();
        drop(outgoing, Counter.MESSAGES_DROPPED_AWAY, Delivery.accepted());
        return true;
    }

    /** Takes a message for the device and sends it as soon as it may. */
    void offer(Outgoing outgoing) {
        int size = outgoing.message().payload().size();
        if (device == null && outgoing.qos() == Qos.AT_MOST_ONCE) {
            drop(outgoing, Counter.MESSAGES_DROPPED_AWAY, Delivery.accepted());
        } else if (waiting.isEmpty() && trySend(outgoing)) {
            return;
        } else if (isFullFor(size) && !makeRoom(size)) {
            drop(outgoing, Counter.MESSAGES_DROPPED_QUEUE_FULL, QUEUE_FULL);
        } else {
            waiting.add(outgoing);
            waitingBytes += size;
            counters.count(Counter.MESSAGES_QUEUED);
        }
    }

    private boolean isFullFor(int size) {
        return waiting.size() >= limits.maxQueuedMessages()
                || waitingBytes + size > limits.maxQueuedBytes().bytes();
    }

    /** Does with a full queue what the settings say; false when there is no room after it. */
    private boolean makeRoom(int size) {
        Device to = device;
        if (limits.whenQueueFull() == QueuePolicy.DISCONNECT && to != null) {
            to.disconnect(ReasonCode.QUOTA_EXCEEDED, "too many messages wait for the device");
            return false;
        }
        boolean fitsAlone = limits.maxQueuedMessages() > 0
                && size <= limits.maxQueuedBytes().bytes();
        if (limits.whenQueueFull() != QueuePolicy.DROP_OLDEST || !fitsAlone) {
            return false;
        }
        while (isFullFor(size)) {
            Outgoing oldest = waiting.remove();
            waitingBytes -= oldest.message().payload().size();
            drop(oldest, Counter.MESSAGES_DROPPED_QUEUE_FULL, QUEUE_FULL);
        }
        return true;
    }

    /** Sends what the device's Receive Maximum and its speed allow. */
    void sendWhatMayBeSent() {
        if (onTheWire < inFlight.size()) {
            sendAgain();
        }
        Outgoing next = waiting.peek();
        while (next != null && trySend(next)) {
            waiting.remove();
            waitingBytes -= next.message().payload().size();
            next = waiting.peek();
        }
    }

    private void sendAgain() {
        for (Map.Entry<Integer, InFlight> entry : inFlight.entrySet()) {
            InFlight message = entry.getValue();
            if (!message.onTheWire) {
                if (device == null || onTheWire >= window(device)) {
                    return;
                }
                message.onTheWire = true;
                onTheWire++;
                if (message.received) {
                    device.send(PublishAck.of(PacketType.PUBREL, entry.getKey()));
                } else {
                    device.send(packet(message.outgoing, entry.getKey(), message.sentBefore));
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
        if (needsId && (inFlight.size() >= window(to) || onTheWire < inFlight.size())) {
            return false;
        }
        if (outgoing.message().isExpiredAt(clock.millis())) {
            drop(outgoing, Counter.MESSAGES_DROPPED_EXPIRED, Delivery.accepted());
            return true;
        }
        int packetId = needsId ? nextPacketId() : 0;
        Publish publish = packet(outgoing, packetId, false);
        if (to.sizeOf(publish) > to.maximumPacketSize()) {
            drop(outgoing, Counter.MESSAGES_DROPPED_TOO_LARGE, TOO_LARGE);
            return true;
        }
        to.send(publish);
        counters.count(Counter.MESSAGES_SENT);
        if (needsId) {
            InFlight message = new InFlight(outgoing);
            message.onTheWire = true;
            message.sentBefore = true;
            onTheWire++;
            inFlight.put(packetId, message);
        } else {
            outgoing.acknowledgement().complete(Delivery.accepted());
        }
        return true;
    }

    private Publish packet(Outgoing outgoing, int packetId, boolean dup) {
        return new Publish(
                packetId,
                dup,
                outgoing.qos(),
                outgoing.retain(),
                outgoing.message().topic(),
                0,
                outgoing.message().payload(),
                remaining(outgoing),
                outgoing.subscriptionIds());
    }

    /** The properties with what is left of the Message Expiry Interval [5.0/MQTT-3.3.2-6]. */
    private MessageProperties remaining(Outgoing outgoing) {
        MessageProperties properties = outgoing.message().properties();
        Long expiry = properties.expirySeconds();
        if (expiry == null) {
            return properties;
        }
        long waited = (clock.millis() - outgoing.message().receivedMillis()) / 1_000;
        return properties.withExpirySeconds(Math.max(0, expiry - Math.max(0, waited)));
    }

    private int nextPacketId() {
        do {
            lastPacketId = lastPacketId == 65_535 ? 1 : lastPacketId + 1;
        } while (inFlight.containsKey(lastPacketId));
        return lastPacketId;
    }

    /** False when no such message is under way; the same goes for the others. */
    boolean onPubAck(int packetId, ReasonCode code) {
        InFlight message = inFlight.get(packetId);
        if (message == null || message.outgoing.qos() != Qos.AT_LEAST_ONCE) {
            return false;
        }
        finish(packetId, message, code);
        return true;
    }

    boolean onPubRec(int packetId, ReasonCode code, Device from) {
        InFlight message = inFlight.get(packetId);
        if (message == null || message.outgoing.qos() != Qos.EXACTLY_ONCE) {
            if (!code.isFailure()) {
                from.send(new PublishAck(PacketType.PUBREL, packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, null));
            }
            return false;
        }
        if (code.isFailure() && !message.received) {
            finish(packetId, message, code);
            return true;
        }
        if (!message.received) {
            message.received = true;
            message.outgoing.acknowledgement().complete(Delivery.accepted());
        }
        from.send(PublishAck.of(PacketType.PUBREL, packetId));
        return true;
    }

    boolean onPubComp(int packetId) {
        InFlight message = inFlight.get(packetId);
        if (message == null || !message.received) {
            return false;
        }
        remove(packetId, message);
        return true;
    }

    private void finish(int packetId, InFlight message, ReasonCode code) {
        message.outgoing
                .acknowledgement()
                .complete(
                        code.isFailure() ? new Delivery.Rejected(code, "refused by the device") : Delivery.accepted());
        remove(packetId, message);
    }

    private void remove(int packetId, InFlight message) {
        inFlight.remove(packetId);
        if (message.onTheWire) {
            onTheWire--;
        }
        sendWhatMayBeSent();
    }

    /** The session is over: here nobody waits for these messages any longer. */
    void discard() {
        device = null;
        List<InFlight> begun = inFlight.values().stream()
                .filter(message -> message.outgoing.qos() == Qos.EXACTLY_ONCE)
                .toList();
        passOn(outgoing -> true);
        inFlight.clear();
        // what was sent at QoS 2 goes to nobody else [5.0/MQTT-4.8.2-5]
        begun.stream()
                .filter(message -> !message.received)
                .forEach(message -> message.outgoing.acknowledgement().complete(Delivery.accepted()));
    }

    Readiness readiness() {
        boolean room = waiting.size() < limits.maxQueuedMessages()
                && waitingBytes < limits.maxQueuedBytes().bytes();
        Device to = device;
        if (to == null) {
            return room ? Readiness.AWAY : Readiness.AWAY_AND_FULL;
        }
        boolean sendsAtOnce =
                waiting.isEmpty() && to.takesMore() && inFlight.size() < window(to) && onTheWire >= inFlight.size();
        return sendsAtOnce ? Readiness.READY : room ? Readiness.BUSY : Readiness.FULL;
    }

    private void drop(Outgoing outgoing, Counter why, Delivery outcome) {
        counters.count(why);
        outgoing.acknowledgement().complete(outcome);
    }

    int unfinished() {
        return inFlight.size() + waiting.size();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The QoS 1 and 2 messages a device has sent and that are not finished: first open (not acknowledged), then at QoS 2
 * awaiting release. They are acknowledged as they are taken, in any order, so that a route whose target is away holds up
 * only its own messages.
 */
final class InboundFlow {
    private static final PublishOutcome REPEAT = new PublishOutcome.Repeat();

    private final Mailbox mailbox;
    private final Counters counters;
    private final int receiveMaximum;
    private final @Nullable DurableSession durable;
    private final Map<Integer, Receipt> open = new HashMap<>(0);
    private final Set<Integer> awaitingRelease = new HashSet<>(0);
    private Runnable onRoom = () -> {};

    /**
     * Nothing is under way yet.
     *
     * @param durable where the session is stored; null when it ends with its connection
     */
    InboundFlow(Mailbox mailbox, Counters counters, int receiveMaximum, @Nullable DurableSession durable) {
        this.mailbox = mailbox;
        this.counters = counters;
        this.receiveMaximum = receiveMaximum;
        this.durable = durable;
    }

    /** Packet identifiers that were not released before the gateway started. */
    void restore(List<Integer> received) {
        awaitingRelease.addAll(received);
    }

    PublishOutcome onPublish(Publish publish, Device device) {
        Qos qos = publish.qos();
        if (publish.dup() || qos == Qos.EXACTLY_ONCE) {
            boolean known = isKnown(publish.packetId(), qos, device);
            if (known) {
                counters.count(Counter.MESSAGES_REPEATED);
                return REPEAT;
            }
        }
        if (device.version() == ProtocolVersion.V5 && open.size() + awaitingRelease.size() >= receiveMaximum) {
            return new PublishOutcome.Violation(
                    ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, "more than the Receive Maximum [5.0/MQTT-3.3.4-7]");
        }
        Receipt receipt = new Receipt(mailbox, this, device, publish.packetId(), qos);
        open.put(publish.packetId(), receipt);
        return new PublishOutcome.Forward(receipt);
    }

    private boolean isKnown(int packetId, Qos qos, Device device) {
        if (qos == Qos.EXACTLY_ONCE && awaitingRelease.contains(packetId)) {
            device.send(PublishAck.of(PacketType.PUBREC, packetId));
            return true;
        }
        Receipt receipt = open.get(packetId);
        if (receipt == null || receipt.qos() != qos) {
            return false;
        }
        receipt.broughtAgainBy(device);
        return true;
    }

    /** True when a device that knows no Receive Maximum should not be read for a while. */
    boolean isFull() {
        return open.size() >= receiveMaximum;
    }

    /** Is run when messages have been answered after {@link #isFull()} was true. */
    void onRoom(Runnable step) {
        this.onRoom = step;
    }

    /** The message has been taken, or not: the device is told. */
    void settle(Receipt receipt, Delivery outcome) {
        boolean wasFull = isFull();
        open.remove(receipt.packetId(), receipt);
        answer(receipt, outcome);
        if (wasFull && !isFull()) {
            onRoom.run();
        }
    }

    private void answer(Receipt receipt, Delivery outcome) {
        Device device = receipt.device();
        if (outcome instanceof Delivery.Unavailable unavailable) {
            counters.count(Counter.MESSAGES_UNAVAILABLE);
            refuse(receipt, unavailable.code(), unavailable.reason());
            if (device.version() == ProtocolVersion.V3_1_1) {
                device.turnAway();
            }
        } else if (outcome instanceof Delivery.Rejected rejected) {
            counters.count(Counter.MESSAGES_REJECTED);
            refuse(receipt, rejected.code(), rejected.reason());
            if (device.version() == ProtocolVersion.V3_1_1) {
                // 3.1.1 cannot say no, and a device must not repeat for ever what can never be taken
                acknowledge(receipt);
            }
        } else {
            acknowledge(receipt);
        }
    }

    private void acknowledge(Receipt receipt) {
        if (receipt.qos() == Qos.EXACTLY_ONCE) {
            awaitingRelease.add(receipt.packetId());
            receipt.device().send(PublishAck.of(PacketType.PUBREC, receipt.packetId()));
        } else {
            receipt.device().send(PublishAck.of(PacketType.PUBACK, receipt.packetId()));
        }
    }

    private static void refuse(Receipt receipt, ReasonCode code, String reason) {
        Device device = receipt.device();
        if (device.version() == ProtocolVersion.V5) {
            PacketType type = receipt.qos() == Qos.EXACTLY_ONCE ? PacketType.PUBREC : PacketType.PUBACK;
            PublishAck full = new PublishAck(type, receipt.packetId(), code, device.wantsReasons() ? reason : null);
            boolean fits = device.sizeOf(full) <= device.maximumPacketSize();
            device.send(fits ? full : new PublishAck(type, receipt.packetId(), code, null));
        }
    }

    /** False when no such message awaits its release. */
    boolean onPubRel(int packetId, Device device) {
        boolean known = awaitingRelease.remove(packetId);
        ReasonCode code = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
        PublishAck answer = new PublishAck(PacketType.PUBCOMP, packetId, code, null);
        if (known && durable != null) {
            // after it the device may use the identifier for another message, which must not be taken for this one
            durable.deleteReceived(packetId, () -> device.send(answer));
        } else {
            device.send(answer);
        }
        return known;
    }

    int unfinished() {
        return open.size() + awaitingRelease.size();
    }
}

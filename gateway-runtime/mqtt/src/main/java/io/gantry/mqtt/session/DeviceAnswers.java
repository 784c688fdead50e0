// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.PublishAck;
import org.jspecify.annotations.Nullable;

/** What a device answers to the messages in flight to it [5.0 §4.3]. On the session's thread. */
final class DeviceAnswers {
    private final InFlightMessages inFlight;
    private final @Nullable DurableSession durable;
    private final AckDeadline deadline;
    private final Runnable whenRoom;

    /**
     * Answers to those messages.
     *
     * @param durable where the session is stored; null when it ends with its connection
     * @param whenRoom is run when fewer are in flight
     */
    DeviceAnswers(
            InFlightMessages inFlight, @Nullable DurableSession durable, AckDeadline deadline, Runnable whenRoom) {
        this.inFlight = inFlight;
        this.durable = durable;
        this.deadline = deadline;
        this.whenRoom = whenRoom;
    }

    /** False when no such message is under way; the same goes for the others. */
    boolean onPubAck(int packetId, ReasonCode code) {
        InFlight message = inFlight.get(packetId);
        if (message == null || !message.isOf(Qos.AT_LEAST_ONCE)) {
            return false;
        }
        finish(packetId, message, code);
        return true;
    }

    boolean onPubRec(int packetId, ReasonCode code, Device from) {
        InFlight message = inFlight.get(packetId);
        if (message == null || !(message.received || message.isOf(Qos.EXACTLY_ONCE))) {
            if (!code.isFailure()) {
                from.send(new PublishAck(PacketType.PUBREL, packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, null));
            }
            return false;
        }
        if (code.isFailure() && !message.received) {
            finish(packetId, message, code);
            return true;
        }
        Outgoing outgoing = message.outgoing;
        deadline.acknowledged();
        message.received = true;
        message.outgoing = null;
        if (durable != null) {
            // a PUBREL before that is stored, and a restart would send the message once more
            durable.received(
                    packetId, message.sequence, outgoing, () -> from.send(PublishAck.of(PacketType.PUBREL, packetId)));
            return true;
        }
        if (outgoing != null) {
            outgoing.acknowledgement().complete(Delivery.accepted());
        }
        from.send(PublishAck.of(PacketType.PUBREL, packetId));
        return true;
    }

    boolean onPubComp(int packetId) {
        InFlight message = inFlight.get(packetId);
        if (message == null || !message.received) {
            return false;
        }
        release(packetId);
        remove(packetId);
        return true;
    }

    private void finish(int packetId, InFlight message, ReasonCode code) {
        Outgoing outgoing = message.outgoing;
        if (outgoing != null) {
            Delivery outcome =
                    code.isFailure() ? new Delivery.Rejected(code, "refused by the device") : Delivery.accepted();
            settle(packetId, outgoing, outcome);
        }
        remove(packetId);
    }

    private void remove(int packetId) {
        deadline.acknowledged();
        inFlight.remove(packetId);
        whenRoom.run();
    }

    /** The message is over, whatever became of it. */
    void settle(int packetId, Outgoing outgoing, Delivery outcome) {
        if (durable != null && outgoing.isKept()) {
            durable.finished(packetId, outgoing);
        }
        outgoing.acknowledgement().complete(outcome);
    }

    /** The packet identifier is free again. */
    void release(int packetId) {
        if (durable != null) {
            durable.released(packetId);
        }
    }
}

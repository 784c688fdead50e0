// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import static io.gantry.mqtt.session.SessionsUnderTest.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.PublishAck;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Messages from a device")
class InboundFlowTest {
    private static final Delivery FULL = new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "full");
    private static final Delivery NEVER = new Delivery.Rejected(ReasonCode.PACKET_TOO_LARGE, "too large");

    private final SessionsUnderTest sessions = new SessionsUnderTest(TestLimits.withWindows(3, 100));
    private final RecordingDevice device = RecordingDevice.v5();
    private final Session session = sessions.connect("d1", device);

    @Test
    @DisplayName("a QoS 1 message is acknowledged when it has been taken, not before")
    void acknowledgedWhenTaken() {
        Receipt receipt = forwarded(publish(7, Qos.AT_LEAST_ONCE, false));
        sessions.run();
        assertThat(device.sent).isEmpty();

        settle(receipt, Delivery.accepted());

        assertThat(device.acks()).containsExactly("PUBACK 7");
    }

    @Test
    @DisplayName("a message that waits for its target does not hold up the acknowledgement of another")
    void acknowledgedAsTaken() {
        Receipt first = forwarded(publish(1, Qos.AT_LEAST_ONCE, false));
        Receipt second = forwarded(publish(2, Qos.AT_LEAST_ONCE, false));

        settle(second, Delivery.accepted());
        settle(first, Delivery.accepted());

        assertThat(device.acks()).containsExactly("PUBACK 2", "PUBACK 1");
    }

    @Test
    @DisplayName("what cannot be taken now is refused to a 5.0 device with the reason")
    void unavailableV5() {
        Receipt one = forwarded(publish(1, Qos.AT_LEAST_ONCE, false));
        Receipt two = forwarded(publish(2, Qos.EXACTLY_ONCE, false));

        settle(one, FULL);
        settle(two, NEVER);

        assertThat(device.acks()).containsExactly("PUBACK 1 0x97 Quota exceeded", "PUBREC 2 0x95 Packet too large");
    }

    @Test
    @DisplayName("what cannot be taken now is not acknowledged to a 3.1.1 device, which is turned away and keeps it")
    void unavailable311() {
        RecordingDevice old = RecordingDevice.v311();
        Session of311 = sessions.connect("d2", old);
        Receipt receipt = forwarded(of311.onPublish(publish(1, Qos.AT_LEAST_ONCE, false), old));

        settle(receipt, FULL);

        assertThat(old.sent).isEmpty();
        assertThat(old.turnedAway).isTrue();
    }

    @Test
    @DisplayName("what can never be taken is acknowledged to a 3.1.1 device, which would repeat it for ever")
    void rejected311() {
        RecordingDevice old = RecordingDevice.v311();
        Session of311 = sessions.connect("d2", old);
        Receipt receipt = forwarded(of311.onPublish(publish(1, Qos.AT_LEAST_ONCE, false), old));

        settle(receipt, NEVER);

        assertThat(old.acks()).containsExactly("PUBACK 1");
        assertThat(sessions.counters.of(Counter.MESSAGES_REJECTED)).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-4.3.3-10] [3.1.1/MQTT-4.3.3-2] a repeated QoS 2 message is not handed on again until it is released")
    void exactlyOnce() {
        Receipt receipt = forwarded(publish(9, Qos.EXACTLY_ONCE, false));
        assertThat(session.onPublish(publish(9, Qos.EXACTLY_ONCE, true), device))
                .isInstanceOf(PublishOutcome.Repeat.class);
        settle(receipt, Delivery.accepted());
        assertThat(session.onPublish(publish(9, Qos.EXACTLY_ONCE, true), device))
                .isInstanceOf(PublishOutcome.Repeat.class);

        session.onAck(PublishAck.of(PacketType.PUBREL, 9), device);
        sessions.run();

        assertThat(device.acks()).containsExactly("PUBREC 9", "PUBREC 9", "PUBCOMP 9");
        assertThat(session.onPublish(publish(9, Qos.EXACTLY_ONCE, false), device))
                .isInstanceOf(PublishOutcome.Forward.class);
    }

    @Test
    @DisplayName("a QoS 1 message repeated on a new connection while it is under way is handed on once")
    void repeatedWhileUnderWay() {
        Receipt receipt = forwarded(publish(4, Qos.AT_LEAST_ONCE, false));
        sessions.leave(session, 100);
        RecordingDevice again = RecordingDevice.v5();
        Session resumed = sessions.connect("d1", again);

        PublishOutcome outcome = resumed.onPublish(publish(4, Qos.AT_LEAST_ONCE, true), again);
        settle(receipt, Delivery.accepted());

        assertThat(outcome).isInstanceOf(PublishOutcome.Repeat.class);
        assertThat(again.acks()).containsExactly("PUBACK 4");
        assertThat(device.acks()).isEmpty();
    }

    @Test
    @DisplayName("PUBREL for an unknown identifier is answered with 0x92")
    void unknownRelease() {
        session.onAck(PublishAck.of(PacketType.PUBREL, 5), device);

        assertThat(device.acks()).containsExactly("PUBCOMP 5 0x92 Packet Identifier not found");
    }

    @Test
    @DisplayName("[5.0/MQTT-3.3.4-7] a 5.0 device that goes over the Receive Maximum is a violation")
    void receiveMaximum() {
        forwarded(publish(1, Qos.AT_LEAST_ONCE, false));
        forwarded(publish(2, Qos.EXACTLY_ONCE, false));
        forwarded(publish(3, Qos.AT_LEAST_ONCE, false));

        PublishOutcome outcome = session.onPublish(publish(4, Qos.AT_LEAST_ONCE, false), device);

        assertThat(outcome)
                .isInstanceOfSatisfying(PublishOutcome.Violation.class, violation -> assertThat(violation.reasonCode())
                        .isEqualTo(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED));
    }

    @Test
    @DisplayName(
            "a 3.1.1 device is not read while it has too many messages under way, and read again when there is room")
    void full311() {
        RecordingDevice old = RecordingDevice.v311();
        Session of311 = sessions.connect("d2", old);
        boolean[] room = {false};
        of311.onInboundRoom(() -> room[0] = true);
        Receipt first = forwarded(of311.onPublish(publish(1, Qos.AT_LEAST_ONCE, false), old));
        forwarded(of311.onPublish(publish(2, Qos.AT_LEAST_ONCE, false), old));
        forwarded(of311.onPublish(publish(3, Qos.AT_LEAST_ONCE, false), old));
        assertThat(of311.isInboundFull()).isTrue();

        settle(first, Delivery.accepted());

        assertThat(of311.isInboundFull()).isFalse();
        assertThat(room[0]).isTrue();
    }

    private Receipt forwarded(io.gantry.mqtt.packet.Publish publish) {
        return forwarded(session.onPublish(publish, device));
    }

    private static Receipt forwarded(PublishOutcome outcome) {
        return ((PublishOutcome.Forward) outcome).receipt();
    }

    private void settle(Receipt receipt, Delivery delivery) {
        receipt.complete(delivery);
        sessions.run();
    }
}

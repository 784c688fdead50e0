// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import static io.gantry.mqtt.session.SessionsUnderTest.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import io.gantry.mqtt.packet.Subscribe;
import io.gantry.mqtt.packet.Subscribe.RetainHandling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Messages to a device")
class OutboundFlowTest {
    private final SessionsUnderTest sessions = new SessionsUnderTest(TestLimits.withWindows(1000, 2));
    private final RecordingDevice device = RecordingDevice.v5();
    private final Session session = sessions.connectForNow("d1", device);
    private final List<Delivery> outcomes = new ArrayList<>();

    @Test
    @DisplayName("a route's message is answered when the device has acknowledged it, not before")
    void answeredByTheDevice() {
        session.subscribe(request("a/#", Qos.AT_LEAST_ONCE), 0);
        fromRoute("a/b", Qos.AT_LEAST_ONCE);
        assertThat(outcomes).isEmpty();

        session.onAck(PublishAck.of(PacketType.PUBACK, 1), device);

        assertThat(outcomes).containsExactly(Delivery.accepted());
    }

    @Test
    @DisplayName("a route's message that nobody wants is answered at once")
    void nobodyWantsIt() {
        fromRoute("a/b", Qos.AT_LEAST_ONCE);

        assertThat(outcomes).containsExactly(Delivery.accepted());
    }

    @Test
    @DisplayName("a route's message for two devices is answered when both have acknowledged it")
    void bothDevices() {
        RecordingDevice second = RecordingDevice.v5();
        Session other = sessions.connectForNow("d2", second);
        session.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);
        other.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);
        fromRoute("a", Qos.AT_LEAST_ONCE);

        session.onAck(PublishAck.of(PacketType.PUBACK, 1), device);
        assertThat(outcomes).isEmpty();
        other.onAck(PublishAck.of(PacketType.PUBACK, 1), second);

        assertThat(outcomes).containsExactly(Delivery.accepted());
    }

    @Test
    @DisplayName("[5.0/MQTT-3.3.4-9] no more than the device's Receive Maximum is sent before it acknowledges")
    void receiveMaximumOfTheDevice() {
        RecordingDevice slow = RecordingDevice.v5(1);
        Session other = sessions.connectForNow("d2", slow);
        other.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);
        fromRoute("a", Qos.AT_LEAST_ONCE);
        fromRoute("a", Qos.AT_LEAST_ONCE);
        assertThat(slow.publishes()).hasSize(1);

        other.onAck(PublishAck.of(PacketType.PUBACK, 1), slow);

        assertThat(slow.publishes()).extracting(Publish::packetId).containsExactly(1, 2);
    }

    @Test
    @DisplayName("QoS 2 is PUBLISH, PUBREC, PUBREL, PUBCOMP, and the device has the message from PUBREC on")
    void exactlyOnce() {
        session.subscribe(request("a", Qos.EXACTLY_ONCE), 0);
        fromRoute("a", Qos.EXACTLY_ONCE);

        session.onAck(PublishAck.of(PacketType.PUBREC, 1), device);
        assertThat(outcomes).containsExactly(Delivery.accepted());
        session.onAck(PublishAck.of(PacketType.PUBCOMP, 1), device);

        assertThat(device.acks()).containsExactly("PUBREL 1");
        assertThat(session.unfinished()).isZero();
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-4.4.0-1] a resumed session sends again what was not acknowledged: DUP set, same ids, in order")
    void sendsAgain() {
        RecordingDevice before = RecordingDevice.v5();
        Session kept = sessions.connect("d2", before);
        kept.subscribe(request("a", Qos.EXACTLY_ONCE), 0);
        fromRoute("a", Qos.AT_LEAST_ONCE);
        fromRoute("a", Qos.EXACTLY_ONCE);
        kept.onAck(PublishAck.of(PacketType.PUBREC, 2), before);
        sessions.leave(kept, 100);
        fromRoute("a", Qos.AT_LEAST_ONCE);

        RecordingDevice again = RecordingDevice.v5();
        Session resumed = sessions.connect("d2", again);
        resumed.onAck(PublishAck.of(PacketType.PUBACK, 1), again);

        assertThat(resumed).isSameAs(kept);
        assertThat(again.publishes())
                .extracting(Publish::packetId, Publish::dup)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, true), org.assertj.core.groups.Tuple.tuple(3, false));
        assertThat(again.acks()).containsExactly("PUBREL 2");
    }

    @Test
    @DisplayName(
            "[3.1.1/MQTT-2.3.1-4] [5.0/MQTT-2.2.1-4] an id is not 0 and not in use, also after all have been given once")
    void identifiersInTurn() {
        session.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);
        fromRoute("a", Qos.AT_LEAST_ONCE);
        for (int id = 2; id <= 65_535; id++) {
            fromRoute("a", Qos.AT_LEAST_ONCE);
            session.onAck(PublishAck.of(PacketType.PUBACK, id), device);
        }
        device.sent.clear();

        fromRoute("a", Qos.AT_LEAST_ONCE);

        assertThat(device.publishes()).extracting(Publish::packetId).containsExactly(2);
    }

    @Test
    @DisplayName("a route's message for a session that outlives its connection is answered when it is stored")
    void answeredByTheStore() {
        Session kept = sessions.connect("d2", RecordingDevice.v5());
        kept.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);
        sessions.leave(kept, 60);

        fromRoute("a", Qos.AT_LEAST_ONCE);

        assertThat(outcomes).containsExactly(Delivery.accepted());
        assertThat(sessions.store.queued()).isEqualTo(1);
    }

    @Test
    @DisplayName("what waits for a session goes with it when it ends")
    void endOfSession() {
        Session kept = sessions.connect("d2", RecordingDevice.v5());
        kept.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);
        sessions.leave(kept, 60);
        fromRoute("a", Qos.AT_LEAST_ONCE);

        sessions.pass(60);

        fromRoute("a", Qos.AT_LEAST_ONCE);
        assertThat(sessions.store.queued()).isZero();
        assertThat(sessions.store.stored()).isEmpty();
        assertThat(outcomes).containsExactly(Delivery.accepted(), Delivery.accepted());
    }

    @Test
    @DisplayName("a stored queue that is full takes no more, counts it and says so")
    void fullStoredQueue() {
        SessionsUnderTest small = new SessionsUnderTest(TestLimits.withQueue(2));
        Session of = small.connect("d1", device);
        of.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);
        small.leave(of, 60);

        fromRoute(small, 3);

        assertThat(outcomes).hasSize(3).last().isInstanceOf(Delivery.Rejected.class);
        assertThat(small.counters.of(Counter.MESSAGES_DROPPED_QUEUE_FULL)).isEqualTo(1);
        assertThat(small.store.queued()).isEqualTo(2);
    }

    @Test
    @DisplayName("a full queue drops the newest message of another device, and counts it")
    void fullQueue() {
        SessionsUnderTest small = new SessionsUnderTest(TestLimits.withQueue(1));
        Session of = small.connectForNow("d1", device);
        of.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);

        for (int i = 0; i < 3; i++) {
            small.distributor.fromDevice(small.message("a", Qos.AT_LEAST_ONCE), null, null, outcomes::add);
        }

        assertThat(small.counters.of(Counter.MESSAGES_DROPPED_QUEUE_FULL)).isEqualTo(1);
    }

    private void fromRoute(SessionsUnderTest into, int messages) {
        for (int i = 0; i < messages; i++) {
            into.distributor.fromRoute(into.message("a", Qos.AT_LEAST_ONCE), outcomes::add);
            into.run();
        }
    }

    private static void acknowledgeAll(Session to, RecordingDevice by, SessionsUnderTest of) {
        for (int i = 0; i < by.publishes().size(); i++) {
            to.onAck(PublishAck.of(PacketType.PUBACK, by.publishes().get(i).packetId()), by);
            of.run();
        }
    }

    @Test
    @DisplayName("a full queue of a connected device drops nothing of a route: its source waits for the device")
    void sourceWaits() {
        SessionsUnderTest small = new SessionsUnderTest(TestLimits.withQueue(1));
        Session of = small.connectForNow("d1", device);
        of.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);

        fromRoute(small, 5);
        assertThat(outcomes).isEmpty();
        acknowledgeAll(of, device, small);

        assertThat(device.publishes()).hasSize(5);
        assertThat(outcomes).hasSize(5).containsOnly(Delivery.accepted());
        assertThat(small.counters.of(Counter.MESSAGES_DROPPED_QUEUE_FULL)).isZero();
    }

    @Test
    @DisplayName("a full stored queue of a connected device drops nothing of a route: its source waits for room")
    void sourceWaitsForStoredQueue() {
        SessionsUnderTest small = new SessionsUnderTest(TestLimits.withQueue(2));
        Session of = small.connect("d1", device);
        of.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);

        fromRoute(small, 5);
        assertThat(outcomes).hasSize(2);
        assertThat(small.store.queued()).isEqualTo(5);
        acknowledgeAll(of, device, small);

        assertThat(device.publishes()).hasSize(5);
        assertThat(outcomes).hasSize(5).containsOnly(Delivery.accepted());
        assertThat(small.store.queued()).isZero();
    }

    @Test
    @DisplayName(
            "a source that waits for a stored queue waits no longer when the device goes: what it brought is stored")
    void sourceWaitsForNobodyAway() {
        SessionsUnderTest small = new SessionsUnderTest(TestLimits.withQueue(1));
        Session of = small.connect("d1", device);
        of.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);
        fromRoute(small, 3);
        assertThat(outcomes).hasSize(1);

        small.leave(of, 60);

        assertThat(outcomes).hasSize(3).containsOnly(Delivery.accepted());
        assertThat(small.store.queued()).isEqualTo(3);
    }

    @Test
    @DisplayName("a device that acknowledges nothing for max-acknowledge-time is disconnected, one that does is not")
    void nothingAcknowledged() {
        session.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);
        fromRoute("a", Qos.AT_LEAST_ONCE);
        sessions.pass(200);
        fromRoute("a", Qos.AT_LEAST_ONCE);
        session.onAck(PublishAck.of(PacketType.PUBACK, 1), device);
        sessions.pass(200);
        assertThat(sessions.counters.of(Counter.ACKNOWLEDGEMENTS_OVERDUE)).isZero();

        sessions.pass(300);

        assertThat(sessions.counters.of(Counter.ACKNOWLEDGEMENTS_OVERDUE)).isEqualTo(1);
        assertThat(device.closedWith).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    @Test
    @DisplayName("a message larger than the device takes is not sent [5.0/MQTT-3.1.2-24]")
    void tooLarge() {
        session.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);

        Message large = sessions.message("a", Qos.AT_LEAST_ONCE, false, MessageProperties.NONE, "x".repeat(1000));
        sessions.distributor.fromRoute(large, outcomes::add);

        assertThat(device.publishes()).isEmpty();
        assertThat(outcomes).singleElement().isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(
                        rejected.code())
                .isEqualTo(ReasonCode.PACKET_TOO_LARGE));
    }

    @Test
    @DisplayName("[5.0/MQTT-3.3.2-5] [5.0/MQTT-3.3.2-6] expiry: what is left travels on, what is over is not sent")
    void expiry() {
        Session kept = sessions.connect("d2", RecordingDevice.v5());
        kept.subscribe(request("a", Qos.AT_LEAST_ONCE), 0);
        sessions.leave(kept, 100);
        expiring(30);
        expiring(10);

        sessions.pass(20);
        RecordingDevice again = RecordingDevice.v5();
        sessions.connect("d2", again);

        assertThat(again.publishes()).singleElement().satisfies(publish -> assertThat(
                        publish.properties().expirySeconds())
                .isEqualTo(10));
        assertThat(sessions.counters.of(Counter.MESSAGES_DROPPED_EXPIRED)).isEqualTo(1);
    }

    private void expiring(long seconds) {
        MessageProperties properties = MessageProperties.NONE.withExpirySeconds(seconds);
        sessions.distributor.fromRoute(sessions.message("a", Qos.AT_LEAST_ONCE, false, properties, "x"), outcomes::add);
    }

    @Test
    @DisplayName("[5.0/MQTT-3.3.4-2] overlapping subscriptions give one message at the highest QoS, with all their ids")
    void overlapping() {
        session.subscribe(request("a/+", Qos.AT_MOST_ONCE), 11);
        session.subscribe(request("a/#", Qos.AT_LEAST_ONCE), 12);

        fromRoute("a/b", Qos.EXACTLY_ONCE);

        assertThat(device.publishes()).singleElement().satisfies(publish -> {
            assertThat(publish.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
            assertThat(publish.subscriptionIds()).containsExactlyInAnyOrder(11, 12);
        });
    }

    @Test
    @DisplayName("[5.0/MQTT-3.8.3-3] No Local: a device does not get back what it published")
    void noLocal() {
        session.subscribe(new Subscribe.Request("a", Qos.AT_LEAST_ONCE, true, false, RetainHandling.SEND), 0);

        sessions.distributor.fromDevice(sessions.message("a", Qos.AT_LEAST_ONCE), session, null, outcomes::add);

        assertThat(device.publishes()).isEmpty();
        assertThat(outcomes).containsExactly(Delivery.accepted());
    }

    @Test
    @DisplayName("retained messages come with a new subscription as its Retain Handling says")
    void retained() {
        Message kept = sessions.message("a", Qos.AT_LEAST_ONCE, true, MessageProperties.NONE, "kept");
        sessions.distributor.fromDevice(kept, null, null, outcomes::add);
        Subscribe.Request ifNew =
                new Subscribe.Request("#", Qos.AT_MOST_ONCE, false, false, RetainHandling.SEND_IF_NEW);

        session.subscribe(ifNew, 3);
        session.sendRetained(ifNew, false, 3);
        session.sendRetained(ifNew, true, 3);

        assertThat(device.publishes()).singleElement().satisfies(publish -> {
            assertThat(publish.retain()).isTrue();
            assertThat(publish.qos()).isEqualTo(Qos.AT_MOST_ONCE);
            assertThat(publish.subscriptionIds()).containsExactly(3);
        });
    }

    @Test
    @DisplayName("an empty retained message deletes the one before [5.0/MQTT-3.3.1-6]")
    void retainedDeleted() {
        sessions.distributor.fromDevice(
                sessions.message("a", Qos.AT_MOST_ONCE, true, MessageProperties.NONE, "kept"),
                null,
                null,
                outcomes::add);
        sessions.distributor.fromDevice(
                sessions.message("a", Qos.AT_MOST_ONCE, true, MessageProperties.NONE, ""), null, null, outcomes::add);

        session.sendRetained(request("#", Qos.AT_MOST_ONCE), false, 0);

        assertThat(device.publishes()).isEmpty();
    }

    @Test
    @DisplayName("a device that does not read gets no more, and goes on when it reads again")
    void slowDevice() {
        session.subscribe(request("a", Qos.AT_MOST_ONCE), 0);
        device.takesMore = false;
        fromRoute("a", Qos.AT_MOST_ONCE);
        assertThat(device.publishes()).isEmpty();

        device.takesMore = true;
        session.onWritabilityChanged();

        assertThat(device.publishes()).hasSize(1);
        assertThat(outcomes).containsExactly(Delivery.accepted());
    }

    private void fromRoute(String topic, Qos qos) {
        sessions.distributor.fromRoute(sessions.message(topic, qos), outcomes::add);
        sessions.run();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import static io.gantry.mqtt.session.SessionsUnderTest.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A Shared Subscription")
class SharedSubscriptionTest {
    private static final String SHARED = "$share/g/a/#";

    private final SessionsUnderTest sessions = new SessionsUnderTest(TestLimits.withWindows(1000, 2));
    private final RecordingDevice first = RecordingDevice.v5();
    private final RecordingDevice second = RecordingDevice.v5();
    private final Session one = sessions.connect("d1", first);
    private final Session two = sessions.connect("d2", second);
    private final List<Delivery> outcomes = new ArrayList<>();

    private void bothJoin(Qos qos) {
        assertThat(one.subscribe(request(SHARED, qos), 0).isFailure()).isFalse();
        assertThat(two.subscribe(request(SHARED, qos), 0).isFailure()).isFalse();
    }

    private void publish(Qos qos, String... payloads) {
        for (String payload : payloads) {
            sessions.distributor.fromRoute(
                    sessions.message("a/b", qos, false, MessageProperties.NONE, payload), outcomes::add);
            sessions.run();
        }
    }

    private static List<String> got(RecordingDevice device) {
        return device.publishes().stream()
                .map(publish -> publish.payload().asText())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$share", "$share/", "$share/g", "$share//t", "$share/g+/t", "$share/+/t", "$share/g/"})
    @DisplayName("[5.0/MQTT-4.8.2-1] [5.0/MQTT-4.8.2-2] without a name or a filter is refused")
    void refused(String filter) {
        assertThat(one.subscribe(request(filter, Qos.AT_LEAST_ONCE), 0)).isEqualTo(ReasonCode.TOPIC_FILTER_INVALID);
    }

    @Test
    @DisplayName("gives each message to one member, in turn")
    void inTurn() {
        bothJoin(Qos.AT_MOST_ONCE);

        publish(Qos.AT_MOST_ONCE, "1", "2", "3", "4");

        assertThat(got(first)).containsExactly("1", "3");
        assertThat(got(second)).containsExactly("2", "4");
        assertThat(outcomes).hasSize(4);
    }

    @Test
    @DisplayName("passes over members that cannot take a message now")
    void onlyWhoCan() {
        bothJoin(Qos.AT_LEAST_ONCE);
        second.takesMore = false;
        two.onWritabilityChanged();

        publish(Qos.AT_LEAST_ONCE, "1", "2");

        assertThat(got(first)).containsExactly("1", "2");
    }

    @Test
    @DisplayName("keeps a message for a persistent member when none is connected")
    void queued() {
        one.subscribe(request(SHARED, Qos.AT_LEAST_ONCE), 0);
        sessions.leave(one, 100);
        publish(Qos.AT_LEAST_ONCE, "1");

        RecordingDevice again = RecordingDevice.v5();
        sessions.connect("d1", again);

        assertThat(got(again)).containsExactly("1");
    }

    @Test
    @DisplayName("[5.0/MQTT-4.8.2-3] gives each member its own QoS and Subscription Identifier, and Retain as it asked")
    void ownOptions() {
        one.subscribe(request(SHARED, Qos.AT_MOST_ONCE), 7);
        two.subscribe(new Subscribe.Request(SHARED, Qos.AT_LEAST_ONCE, false, true, RetainHandling.SEND), 8);

        for (int i = 0; i < 2; i++) {
            sessions.distributor.fromRoute(
                    sessions.message("a", Qos.EXACTLY_ONCE, true, MessageProperties.NONE, "x"), outcomes::add);
        }

        sessions.run();

        Publish toFirst = first.publishes().get(0);
        Publish toSecond = second.publishes().get(0);
        assertThat(List.of(toFirst.qos(), toFirst.subscriptionIds(), toFirst.retain()))
                .isEqualTo(List.of(Qos.AT_MOST_ONCE, List.of(7), false));
        assertThat(List.of(toSecond.qos(), toSecond.subscriptionIds(), toSecond.retain()))
                .isEqualTo(List.of(Qos.AT_LEAST_ONCE, List.of(8), true));
    }

    @Test
    @DisplayName("gets no Retained Messages when it is made")
    void noRetained() {
        sessions.distributor.fromDevice(
                sessions.message("a", Qos.AT_LEAST_ONCE, true, MessageProperties.NONE, "kept"),
                null,
                null,
                outcomes::add);

        one.subscribe(request(SHARED, Qos.AT_LEAST_ONCE), 0);
        one.sendRetained(request(SHARED, Qos.AT_LEAST_ONCE), false, 0);

        assertThat(first.publishes()).isEmpty();
    }

    @Test
    @DisplayName(
            "passes what a member that goes away has not acknowledged at QoS 1 to another, in order, answered once")
    void passedOn() {
        bothJoin(Qos.AT_LEAST_ONCE);
        second.takesMore = false;
        two.onWritabilityChanged();
        publish(Qos.AT_LEAST_ONCE, "1", "2");
        second.takesMore = true;
        two.onWritabilityChanged();

        sessions.leave(one, 100);
        two.onAck(PublishAck.of(PacketType.PUBACK, 1), second);
        two.onAck(PublishAck.of(PacketType.PUBACK, 2), second);

        assertThat(got(second)).containsExactly("1", "2");
        assertThat(second.publishes()).noneMatch(Publish::dup);
        assertThat(outcomes).containsExactly(Delivery.accepted(), Delivery.accepted());
        assertThat(one.unfinished()).isZero();
    }

    @Test
    @DisplayName("keeps what was not acknowledged with its member while no other is connected")
    void kept() {
        bothJoin(Qos.AT_LEAST_ONCE);
        sessions.leave(two, 100);
        publish(Qos.AT_LEAST_ONCE, "1");
        sessions.leave(one, 100);

        RecordingDevice again = RecordingDevice.v5();
        sessions.connect("d1", again);

        assertThat(again.publishes()).singleElement().satisfies(publish -> assertThat(publish.dup())
                .isTrue());
    }

    @Test
    @DisplayName("passes what waited for a member to another when the member's session ends")
    void sessionEnds() {
        bothJoin(Qos.AT_LEAST_ONCE);
        sessions.leave(two, 100);
        publish(Qos.AT_LEAST_ONCE, "1", "2", "3");

        sessions.leave(one, 0);
        RecordingDevice again = RecordingDevice.v5();
        sessions.connect("d2", again);

        assertThat(got(again)).containsExactly("1", "2");
        assertThat(sessions.store.queued()).isEqualTo(3);
    }

    @Test
    @DisplayName("[5.0/MQTT-4.8.2-4] finishes a QoS 2 message that was sent with the same member when it is back")
    void qos2Stays() {
        bothJoin(Qos.EXACTLY_ONCE);
        publish(Qos.EXACTLY_ONCE, "1");
        sessions.leave(one, 100);
        assertThat(second.publishes()).isEmpty();

        RecordingDevice again = RecordingDevice.v5();
        sessions.connect("d1", again);

        assertThat(got(again)).containsExactly("1");
    }

    @Test
    @DisplayName("[5.0/MQTT-4.8.2-5] gives a QoS 2 message that was sent to nobody else when that session ends")
    void qos2Ends() {
        bothJoin(Qos.EXACTLY_ONCE);
        publish(Qos.EXACTLY_ONCE, "1");

        sessions.leave(one, 0);

        assertThat(second.publishes()).isEmpty();
        assertThat(outcomes).containsExactly(Delivery.accepted());
    }

    @Test
    @DisplayName("[5.0/MQTT-4.8.2-6] gives a message that its member refuses to nobody else")
    void refusedByTheMember() {
        bothJoin(Qos.AT_LEAST_ONCE);
        publish(Qos.AT_LEAST_ONCE, "1");

        one.onAck(new PublishAck(PacketType.PUBACK, 1, ReasonCode.UNSPECIFIED_ERROR, null), first);

        assertThat(second.publishes()).isEmpty();
        assertThat(sessions.store.queued()).isZero();
    }

    @Test
    @DisplayName("does not go to a member that has unsubscribed, and stays with one that subscribes again")
    void membership() {
        bothJoin(Qos.AT_LEAST_ONCE);
        two.subscribe(request(SHARED, Qos.AT_LEAST_ONCE), 0);
        one.unsubscribe(SHARED);

        publish(Qos.AT_LEAST_ONCE, "1", "2");
        two.unsubscribe(SHARED);
        publish(Qos.AT_LEAST_ONCE, "3");

        assertThat(first.publishes()).isEmpty();
        assertThat(got(second)).containsExactly("1", "2");
        assertThat(outcomes).hasSize(3);
    }

    @Test
    @DisplayName("is one of its own for each name, and beside the ordinary subscription of the same session")
    void besideOthers() {
        one.subscribe(request(SHARED, Qos.AT_MOST_ONCE), 0);
        one.subscribe(request("a/b", Qos.AT_MOST_ONCE), 0);
        two.subscribe(request("$share/other/a/b", Qos.AT_MOST_ONCE), 0);

        publish(Qos.AT_MOST_ONCE, "1");

        assertThat(got(first)).containsExactly("1", "1");
        assertThat(got(second)).containsExactly("1");
        assertThat(outcomes).hasSize(1);
    }
}

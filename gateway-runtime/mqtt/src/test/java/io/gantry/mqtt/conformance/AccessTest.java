// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What access rules do not allow")
class AccessTest {
    private final TestGates gates = new TestGates();
    private final TestServer server = new TestServer(TestLimits.defaults(), gates.with(Map.of()));

    @AfterEach
    void close() {
        assertThat(server.faults).isEmpty();
        server.close();
    }

    private TestDevice device(ProtocolVersion version, String clientId) {
        return server.connected(Connecting.of(version, clientId).user("ann", "ann"));
    }

    private TestDevice resuming(ProtocolVersion version) {
        return server.accepts(version)
                .sends(Connecting.resuming(version, "d1").user("ann", "ann").bytes());
    }

    @Test
    @DisplayName(
            "to be published is refused with 0x87 and goes to nobody, by its Topic Alias too; the connection stays")
    void publish() {
        server.route("#");
        gates.forbid("publish", "d1", "a");
        TestDevice device = device(V5, "d1");

        device.publishes(0x30, 0, "a", "x", "23 0001")
                .publishes(0x32, 1, "", "x", "23 0001")
                .publishes(0x34, 2, "", "x", "23 0001")
                .publishes(0x33, 3, "broken", "x", "")
                .publishes(0, 0, "b", "y");

        assertThat(device.hears()).hasSize(3).allMatch(packet -> packet.matches("(PUBACK 1|PUBREC 2|PUBACK 3) 87 .*"));
        assertThat(server.takenTexts()).containsExactly("y");
        assertThat(server.count(Counter.MESSAGES_REJECTED)).isEqualTo(4);
    }

    @Test
    @DisplayName(
            "to be published by a 3.1.1 device is acknowledged, counted and goes to nobody, so that it is not sent for"
                    + " ever")
    void publish311() {
        server.route("#");
        gates.forbid("publish", "d1", "a");
        TestDevice device = device(V3_1_1, "d1");

        device.publishes(0, 0, "a", "x").publishes(1, 1, "a", "x").publishes(2, 2, "a", "x");

        assertThat(device.hears()).containsExactly("PUBACK 1", "PUBREC 2");
        assertThat(device.releases(2).hears()).containsExactly("PUBCOMP 2");
        assertThat(server.taken).isEmpty();
        assertThat(server.count(Counter.MESSAGES_REJECTED)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "to be subscribed to is refused with 0x87 (3.1.1: 0x80), filter by filter; a shared one by what it is to")
    void subscribe(ProtocolVersion version) {
        gates.forbid("subscribe", "d1", "a/#");
        TestDevice device = device(version, "d1");

        device.subscribes(1, "a/# 01", "b 01", "$share/g/a/# 01", "$share/g/b 01", "broken 00");
        server.brings("a/b", 1, "x");

        String no = version == V5 ? "87" : "80";
        assertThat(device.hears()).containsExactly("SUBACK 1 " + String.join(" ", no, "01", no, "01", no));
        assertThat(server.count(Counter.SUBSCRIPTIONS_REFUSED)).isEqualTo(3);
    }

    @Test
    @DisplayName(
            "is no Response Topic either, of a message or a will, unless the answer may be received: who answers does so"
                    + " with rights of his own (R17)")
    void responseTopic() {
        server.route("#");
        gates.forbid("publish", "d1", "r");
        gates.forbid("publish", "d1", "w");
        TestDevice asks = device(V5, "d1");
        asks.publishes(0x32, 1, "a", "may receive", "08 0001 'r'");
        gates.forbid("receive", "d1", "r");

        asks.publishes(0x32, 2, "a", "may neither", "08 0001 'r'")
                .publishes(0x32, 3, "a", "may publish", "08 0001 'a'");
        TestDevice dies = server.accepts(V5)
                .sends(Connecting.of(V5, "d1")
                        .will(1, false, "a", "gone", "08 0001 'r'")
                        .user("ann", "ann")
                        .bytes());

        assertThat(asks.hears()).first().asString().startsWith("PUBACK 2 87");
        assertThat(dies.hears()).containsExactly("CONNACK 87");
        assertThat(server.takenTexts()).containsExactly("may receive", "may publish");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("as a will is refused at CONNECT with 0x87 (R17)")
    void willAtConnect(ProtocolVersion version) {
        server.route("#");
        gates.forbid("publish", "d1", "w");
        TestDevice device = server.accepts(version)
                .sends(Connecting.of(version, "d1")
                        .will(1, false, "w", "gone")
                        .user("ann", "ann")
                        .bytes());

        assertThat(device.hears()).containsExactly(version == V5 ? "CONNACK 87" : "CONNACK 05");
        assertThat(device.isOpen()).isFalse();
        assertThat(server.taken).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "18 00000005"})
    @DisplayName("any longer when a will is due, at once or after its delay, is not published [A43]")
    void willWhenDue(String delay) {
        server.route("#");
        TestDevice device = server.connected(
                Connecting.resuming(V5, "d1").will(1, false, "w", "gone", delay).user("ann", "ann"));
        if (!delay.isEmpty()) {
            device.vanishes();
        }
        gates.forbid("publish", "d1", "w");

        device.vanishes();
        server.pass(10_000);

        assertThat(server.taken).isEmpty();
        assertThat(server.count(Counter.MESSAGES_REJECTED)).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @DisplayName(
            "any longer to be received is kept from a subscriber: counted, and acknowledged to the route that brings"
                    + " it; others get it, and the next messages come [A43] (R17)")
    void receive(int qos) {
        TestDevice device = device(V5, "d1");
        TestDevice other = device(V5, "d2");
        device.subscribes(1, "# 02", "$share/g/a 02").hears();
        other.subscribes(1, "a 02").hears();
        gates.forbid("receive", "d1", "a");

        server.brings("a", qos, "x");
        other.publishes(0, 0, "a", "y");
        server.brings("b", qos, "z");

        String id = qos == 0 ? "" : " #1";
        assertThat(device.hears()).containsExactly("PUBLISH q" + qos + id + " b 'z'");
        assertThat(other.hears()).containsExactly("PUBLISH q" + qos + id + " a 'x'", "PUBLISH q0 a 'y'");
        assertThat(server.count(Counter.MESSAGES_DROPPED_NOT_ALLOWED)).isEqualTo(4);
        if (qos == 0) {
            assertThat(server.outcomes).hasSize(2);
        }
    }

    @Test
    @DisplayName("to be received by one member of a Shared Subscription goes to another (R17)")
    void sharedReceive() {
        gates.forbid("receive", "d1", "a");
        TestDevice first = device(V5, "d1").subscribes(1, "$share/g/# 01");
        TestDevice second = device(V5, "d2").subscribes(1, "$share/g/# 01");
        first.hears();
        second.hears();

        server.brings("a", 1, "x");
        server.brings("a", 1, "y");

        assertThat(first.hears()).isEmpty();
        assertThat(second.hears()).containsExactly("PUBLISH q1 #1 a 'x'", "PUBLISH q1 #2 a 'y'");
        assertThat(server.count(Counter.MESSAGES_DROPPED_NOT_ALLOWED)).isZero();
    }

    @Test
    @DisplayName("any longer to be received is not replayed though it is retained [A43]")
    void retained() {
        gates.forbid("receive", "d1", "a");
        device(V5, "d2").publishesRetained(1, 1, "a", "x").publishesRetained(1, 2, "b", "y");

        TestDevice brief = device(V5, "d1").subscribes(1, "# 01");
        assertThat(brief.hears()).containsExactly("SUBACK 1 01", "PUBLISH retain q1 #1 b 'y'");
        brief.leaves();
        TestDevice lasting = resuming(V5).subscribes(1, "# 01");
        assertThat(lasting.hears()).contains("PUBLISH retain q1 #1 b 'y'").hasSize(3);
    }

    @Test
    @DisplayName(
            "any longer to be received does not come out of the stored queue, nor is it stored, nor sent again, and"
                    + " what follows comes [A43]")
    void stored() {
        TestDevice device = resuming(V5);
        device.subscribes(1, "# 01").hears();
        server.brings("a", 1, "in flight");
        device.hears();
        device.vanishes();
        server.brings("a", 1, "stored");
        server.brings("b", 1, "allowed");
        gates.forbid("receive", "d1", "a");
        server.brings("a", 1, "not stored");

        TestDevice back = resuming(V5);

        assertThat(back.hears()).hasSize(2).last().isEqualTo("PUBLISH q1 #2 b 'allowed'");
        assertThat(back.acks(2).isOpen()).isTrue();
        assertThat(server.outcomes).hasSize(4);
        assertThat(server.count(Counter.MESSAGES_DROPPED_NOT_ALLOWED)).isEqualTo(3);
        back.vanishes();
        assertThat(resuming(V5).hears()).singleElement().asString().startsWith("CONNACK 00 present");
    }

    @Test
    @DisplayName("to be received takes no room in the stored queue, whether it is retained or live")
    void takesNoRoom() {
        gates.forbid("receive", "d1", "a");
        LimitSettings limits = TestLimits.with("maxQueuedMessages", 1);
        try (TestServer small = new TestServer(limits, gates.with(Map.of()))) {
            Connecting resuming = Connecting.resuming(V5, "d1").user("ann", "ann");
            small.connected(Connecting.of(V5, "d2").user("ann", "ann"))
                    .publishesRetained(1, 1, "a", "x")
                    .publishesRetained(1, 2, "b", "y");
            TestDevice device = small.connected(resuming).subscribes(1, "# 01");
            assertThat(device.hears()).containsExactly("SUBACK 1 01", "PUBLISH retain q1 #1 b 'y'");
            device.acks(1).vanishes();

            small.brings("a", 1, "denied");
            small.brings("b", 1, "allowed");

            TestDevice back = small.accepts(V5).sends(resuming.bytes());
            assertThat(back.hears()).hasSize(2).last().isEqualTo("PUBLISH q1 #2 b 'allowed'");
        }
    }

    @Test
    @DisplayName("any longer to be received is dropped from among what waits for a slow device [A43]")
    void waiting() {
        TestDevice device =
                server.connected(Connecting.of(V5, "d1").with("21 0001").user("ann", "ann"));
        device.subscribes(1, "# 01").hears();
        server.brings("b", 1, "first");
        server.brings("a", 1, "waiting");
        server.brings("b", 1, "second");
        gates.forbid("receive", "d1", "a");
        server.brings("a", 1, "not queued");
        device.hears();

        device.acks(1);

        assertThat(device.hears()).containsExactly("PUBLISH q1 #2 b 'second'");
        device.acks(2);
        assertThat(server.outcomes).hasSize(4);
    }

    @Test
    @DisplayName("holds for what the server tells of itself and for the states of bridges, both ways")
    void reservedTopics() {
        String refused = "$SYS/broker/connection/b1/state";
        String unseen = "$SYS/broker/connection/b2/state";
        gates.forbid("publish", "b1", refused);
        gates.forbid("receive", "d2", unseen);
        gates.forbid("receive", "d2", "$SYS/broker/version");
        TestDevice bridge = device(V5, "b1");
        TestDevice allowed = device(V5, "b2");
        TestDevice curious = device(V5, "d2").subscribes(1, "$SYS/broker/connection/# 00", "$SYS/broker/version 00");
        curious.hears();

        bridge.publishes(0x33, 1, refused, "1", "");
        allowed.publishes(0x33, 1, unseen, "1", "");
        server.tellsOfItself();

        assertThat(bridge.hears()).singleElement().asString().startsWith("PUBACK 1 87");
        assertThat(allowed.hears()).containsExactly("PUBACK 1");
        assertThat(curious.hears()).isEmpty();
        assertThat(server.count(Counter.MESSAGES_DROPPED_NOT_ALLOWED)).isEqualTo(2);
    }
}

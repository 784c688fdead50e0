// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.session.Counter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What one side can take")
class LimitsTest {
    private static final String LONG = "a reason too long for a small device, that is what this one is";
    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    private TestDevice subscriber(String properties) {
        TestDevice device = server.connected(Connecting.resuming(V5, "d1").with(properties));
        device.subscribes(1, "a 02").hears();
        return device;
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-4.9.0-1] [5.0/MQTT-4.9.0-2] [5.0/MQTT-3.3.4-9] no more QoS 1 and 2 messages are sent than the"
                    + " device's Receive Maximum; PUBACK and PUBCOMP make room, PUBREC does not")
    void receiveMaximum() {
        TestDevice device = subscriber("21 0002");
        for (int i = 1; i <= 4; i++) {
            server.brings("a", i % 2 + 1, "m" + i);
        }
        assertThat(device.hears()).containsExactly("PUBLISH q2 #1 a 'm1'", "PUBLISH q1 #2 a 'm2'");

        assertThat(device.sendsPubRec(1).hears()).containsExactly("PUBREL 1");
        assertThat(device.completes(1).hears()).containsExactly("PUBLISH q2 #3 a 'm3'");
        assertThat(device.acks(2).hears()).containsExactly("PUBLISH q1 #4 a 'm4'");
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-4.9.0-3] [5.0/MQTT-3.3.4-10] a device whose Receive Maximum is used up is answered everything"
                    + " else")
    void otherPackets() {
        TestDevice device = subscriber("21 0001");
        server.brings("a", 2, "m1");
        server.brings("a", 2, "m2");
        device.hears();

        device.sends("C000")
                .subscribes(2, "b 00")
                .unsubscribes(3, "b")
                .publishes(1, 4, "c", "")
                .publishes(2, 5, "c", "");
        device.releases(5).sendsPubRec(1);

        assertThat(device.hears())
                .containsExactly(
                        "PINGRESP", "SUBACK 2 00", "UNSUBACK 3 00", "PUBACK 4", "PUBREC 5", "PUBCOMP 5", "PUBREL 1");
    }

    @Test
    @DisplayName("[5.0/MQTT-3.3.4-9] what is sent again after a reconnect respects a lower Receive Maximum")
    void lowerReceiveMaximum() {
        TestDevice device = subscriber("21 0003");
        for (int i = 1; i <= 3; i++) {
            server.brings("a", 1, "m" + i);
        }
        device.vanishes();

        TestDevice back = server.accepts(V5)
                .sends(Connecting.resuming(V5, "d1").with("21 0001").bytes());

        assertThat(back.hears().subList(1, 2)).containsExactly("PUBLISH dup q1 #1 a 'm1'");
        assertThat(back.acks(1).hears()).containsExactly("PUBLISH dup q1 #2 a 'm2'");
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-24] [5.0/MQTT-3.1.2-25] a message larger than the device takes is not sent, and those"
            + " after it are; one byte less is sent")
    void maximumPacketSize() {
        TestDevice device = subscriber("27 0000001E");

        server.brings("a", 1, "x".repeat(23));
        server.brings("a", 1, "y".repeat(22));

        assertThat(device.hearsBytes()).hasSize(60).contains("7979");
        assertThat(server.count(Counter.MESSAGES_DROPPED_TOO_LARGE)).isEqualTo(1);
        assertThat(server.outcomes).hasSize(2);
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.1.2-24] [5.0/MQTT-3.1.2-25] what was in flight is not sent again to a device that has come"
                    + " back with a Maximum Packet Size too small for it, and those after it are")
    void smallerPackets() {
        TestDevice device = subscriber("");
        server.brings("a", 1, "x".repeat(100));
        server.brings("a", 1, "y");
        device.vanishes();

        TestDevice back = server.accepts(V5)
                .sends(Connecting.resuming(V5, "d1").with("27 0000001E").bytes());

        assertThat(back.hears()).hasSize(2).last().isEqualTo("PUBLISH dup q1 #2 a 'y'");
        assertThat(server.count(Counter.MESSAGES_DROPPED_TOO_LARGE)).isEqualTo(1);
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-24] a device that cannot even take the CONNACK is closed without one")
    void tooSmallForConnAck() {
        TestDevice device = server.accepts(V5)
                .sends(Connecting.of(V5, "d1").with("27 00000005").bytes());

        assertThat(device.hearsBytes()).isEmpty();
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-24] an answer larger than the device takes is not sent: it is disconnected with 0x95")
    void tooSmallForTheAnswer() {
        TestDevice device = server.connected(Connecting.of(V5, "d1").with("27 0000001E"));
        String[] filters = new String[40];
        java.util.Arrays.fill(filters, "a 00");

        device.subscribes(1, filters);

        device.isClosedWith("95");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "22 0000", "22 000A"})
    @DisplayName("[5.0/MQTT-3.1.2-26] [5.0/MQTT-3.1.2-27] [5.0/MQTT-3.3.2-11] a device is sent no Topic Alias, whatever"
            + " maximum it gave")
    void noAliases(String topicAliasMaximum) {
        TestDevice device = subscriber(topicAliasMaximum);

        server.brings("a", 0, "x");
        server.brings("a", 0, "y");

        assertThat(device.hears()).containsExactly("PUBLISH q0 a 'x'", "PUBLISH q0 a 'y'");
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.2.2-18] without a Topic Alias Maximum in CONNACK, any alias closes the connection with 0x94")
    void aliasesOff() {
        try (TestServer without = new TestServer(TestLimits.withTopicAliases(0))) {
            TestDevice device =
                    without.accepts(V5).sends(Connecting.of(V5, "d1").bytes());
            assertThat(device.hears()).containsExactly("CONNACK 00 {2103E8" + "2700001000}");

            device.publishes(0x30, 0, "a", "x", "23 0001");

            assertThat(device.hearsBytes()).matches("E0..94.*");
        }
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.4.2-2] [5.0/MQTT-3.5.2-2] [5.0/MQTT-3.14.2-3] a Reason String that makes a packet too large"
                    + " for the device is left out, and sent when there is room")
    void reasonStrings() {
        String bytes = String.format("1F%04X", LONG.length());

        assertThat(refused("27 00000020")).containsExactly("PUBACK 1 97", "PUBREC 2 97", "DISCONNECT 82");
        assertThat(refused("27 00001000"))
                .satisfiesExactly(
                        pubAck -> assertThat(pubAck).startsWith("PUBACK 1 97 {" + bytes),
                        pubRec -> assertThat(pubRec).startsWith("PUBREC 2 97 {" + bytes),
                        disconnect -> assertThat(disconnect).startsWith("DISCONNECT 82 {1F"));
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.1.2-29] a device that wants no Problem Information gets no Reason String in acknowledgements")
    void problemInformation() {
        assertThat(refused("17 00").subList(0, 2)).containsExactly("PUBACK 1 97", "PUBREC 2 97");
    }

    /** What a device hears whose messages are refused for a long reason, and that then sends AUTH. */
    private List<String> refused(String properties) {
        server.route("refused");
        TestDevice device = server.connected(Connecting.of(V5, "d2").with(properties));
        device.publishes(1, 1, "refused", "x").publishes(2, 2, "refused", "x");
        server.owed.forEach(each -> each.complete(new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, LONG)));
        server.owed.clear();
        server.run();
        return device.sends("F006 18 04 15 0001 6D").hears();
    }

    @Test
    @DisplayName(
            "QoS 2 messages that are never released use up the Receive Maximum: the next is refused with 0x93 [A25]")
    void neverReleased() {
        try (TestServer small = new TestServer(TestLimits.withWindows(20, 100))) {
            TestDevice device = small.connected(V5, "d1");
            for (int id = 1; id <= 20; id++) {
                device.publishes(2, id, "a", "x");
            }
            assertThat(device.hears()).hasSize(20).allMatch(packet -> packet.startsWith("PUBREC"));

            device.publishes(2, 21, "a", "x");

            assertThat(device.hearsBytes()).matches("E0..93.*");
            assertThat(device.isOpen()).isFalse();
        }
    }

    @Test
    @DisplayName("a subscriber that stops reading keeps as many messages as its queue takes, in order; the rest is"
            + " dropped and counted, and its neighbour gets all [A33]")
    void slowSubscriber() {
        TestDevice slow = server.connected(V3_1_1, "slow").subscribes(1, "a 00");
        TestDevice neighbour = server.connected(V3_1_1, "neighbour").subscribes(1, "a 00");
        slow.hears();
        neighbour.hears();
        slow.takes(false);

        for (int i = 0; i < 1_100; i++) {
            server.brings("a", 0, "m" + i);
        }
        assertThat(slow.hears()).isEmpty();
        assertThat(neighbour.hears()).hasSize(1_100);
        slow.takes(true);

        assertThat(slow.hears()).hasSize(1_000).last().isEqualTo("PUBLISH q0 a 'm999'");
        assertThat(server.count(Counter.MESSAGES_DROPPED_QUEUE_FULL)).isEqualTo(100);
    }
}

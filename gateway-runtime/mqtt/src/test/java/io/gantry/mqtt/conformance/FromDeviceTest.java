// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("PUBLISH from a device")
class FromDeviceTest {
    private static final int QOS_1_AGAIN = 0x3A;
    private static final int QOS_2_AGAIN = 0x3C;
    private static final Delivery FULL = new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "full");

    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    private void accept(int... messages) {
        for (int message : messages) {
            server.answers(message, Delivery.accepted());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.3.4-1] [3.1.1/MQTT-2.3.1-6] [5.0/MQTT-3.3.4-1] [5.0/MQTT-2.2.1-5] [5.0/MQTT-4.3.2-4]"
            + " [5.0/MQTT-4.3.3-8] a message that is taken is answered with nothing, PUBACK or PUBREC, as its QoS says")
    void answered(ProtocolVersion version) {
        server.route("a");
        TestDevice device = server.connected(version, "d1");

        device.publishes(0, 0, "a", "0").publishes(1, 513, "a", "1").publishes(2, 514, "a", "2");
        assertThat(device.hears()).isEmpty();
        accept(0, 1, 2);

        assertThat(device.hears()).containsExactly("PUBACK 513", "PUBREC 514");
        assertThat(server.takenTexts()).containsExactly("0", "1", "2");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-4.3.2-2] [3.1.1/MQTT-2.3.1-3] [5.0/MQTT-4.3.2-5] after PUBACK a QoS 1 message with the same"
                    + " id is a new one, whatever its DUP")
    void newAfterPubAck(ProtocolVersion version) {
        server.route("a");
        TestDevice device = server.connected(version, "d1").publishes(1, 7, "a", "one");
        accept(0);

        device.publishes(QOS_1_AGAIN, 7, "a", "two", "");
        accept(1);
        device.publishes(1, 7, "a", "three");
        accept(2);

        assertThat(server.takenTexts()).containsExactly("one", "two", "three");
        assertThat(device.hears()).containsExactly("PUBACK 7", "PUBACK 7", "PUBACK 7");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-4.3.3-2] [3.1.1/MQTT-2.3.1-3] [5.0/MQTT-4.3.3-10] [5.0/MQTT-4.3.3-11] [5.0/MQTT-4.3.3-12]"
            + " a QoS 2 message is handed on once until it is released, PUBREL is answered with PUBCOMP, and then its id"
            + " is that of a new message [A26] [A27]")
    void exactlyOnce(ProtocolVersion version) {
        server.route("a");
        TestDevice device = server.connected(version, "d1").publishes(2, 7, "a", "one");
        device.publishes(QOS_2_AGAIN, 7, "a", "one", "");
        accept(0);
        device.publishes(QOS_2_AGAIN, 7, "a", "one", "").publishes(2, 7, "a", "another payload");
        assertThat(server.takenTexts()).containsExactly("one");
        assertThat(device.hears()).containsExactly("PUBREC 7", "PUBREC 7", "PUBREC 7");

        device.releases(7).publishes(2, 7, "a", "two");
        accept(1);

        assertThat(device.hears()).containsExactly("PUBCOMP 7", "PUBREC 7");
        assertThat(server.takenTexts()).containsExactly("one", "two");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a QoS 2 message that is repeated on the next connection is handed on once")
    void repeatedLater(ProtocolVersion version) {
        server.route("a");
        TestDevice device = server.connected(Connecting.resuming(version, "d1")).publishes(2, 7, "a", "one");
        accept(0);
        device.vanishes();

        TestDevice back = server.connected(Connecting.resuming(version, "d1"));
        back.publishes(QOS_2_AGAIN, 7, "a", "one", "").releases(7);

        assertThat(back.hears()).containsExactly("PUBREC 7", "PUBCOMP 7");
        assertThat(server.takenTexts()).containsExactly("one");
    }

    @Test
    @DisplayName("[5.0/MQTT-4.3.3-9] after a PUBREC of 0x80 and above the id is that of a new message")
    void newAfterRefusal() {
        server.route("a");
        TestDevice device = server.connected(V5, "d1").publishes(2, 7, "a", "one");
        server.answers(0, FULL);

        device.publishes(2, 7, "a", "two");
        accept(1);

        assertThat(device.hears()).containsExactly("PUBREC 7 97 {1F000466756C6C}", "PUBREC 7");
        assertThat(server.takenTexts()).containsExactly("one", "two");
    }

    @Test
    @DisplayName("[5.0/MQTT-4.3.3-13] a QoS 2 exchange is completed when the message has expired meanwhile")
    void expiredMeanwhile() {
        server.route("a");
        TestDevice device = server.connected(V5, "d1").publishes(0x34, 7, "a", "x", "02 00000001");
        server.pass(2_000);
        accept(0);

        device.releases(7);

        assertThat(device.hears()).containsExactly("PUBREC 7", "PUBCOMP 7");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "a QoS 2 message sent again, and released, after the connection broke between PUBREC and PUBREL is handed on"
                    + " once [A28]")
    void releasedLater(ProtocolVersion version) {
        server.route("a");
        TestDevice device = server.connected(Connecting.resuming(version, "d1")).publishes(2, 7, "a", "one");
        accept(0);
        assertThat(device.hears()).containsExactly("PUBREC 7");
        device.vanishes();

        TestDevice back = server.connected(Connecting.resuming(version, "d1"));
        back.publishes(QOS_2_AGAIN, 7, "a", "one", "").releases(7);

        assertThat(back.hears()).containsExactly("PUBREC 7", "PUBCOMP 7");
        assertThat(server.takenTexts()).containsExactly("one");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("PUBREL for an unknown id is answered with PUBCOMP, in 5.0 with 0x92 [A24]")
    void unknownRelease(ProtocolVersion version) {
        TestDevice device = server.connected(version, "d1").releases(7);

        assertThat(device.hears()).containsExactly(version == V5 ? "PUBCOMP 7 92" : "PUBCOMP 7");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("PUBACK and PUBCOMP for unknown ids are ignored and counted; PUBREC is answered so that it ends [A23]")
    void unknownAcks(ProtocolVersion version) {
        TestDevice device = server.connected(version, "d1").acks(1).completes(2).sendsPubRec(3);

        assertThat(device.hears()).containsExactly(version == V5 ? "PUBREL 3 92" : "PUBREL 3");
        assertThat(device.isOpen()).isTrue();
        assertThat(server.count(Counter.ACKS_UNKNOWN)).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-3.3.5-2] a message a device may not publish is acknowledged as usual in 3.1.1, refused with"
                    + " its reason in 5.0, and handed to nobody [A42]")
    void notAllowed(ProtocolVersion version) {
        server.route("$SYS/#");
        TestDevice subscriber = server.connected(version, "d2").subscribes(1, "$SYS/# 00");
        subscriber.hears();
        TestDevice device = server.connected(version, "d1");

        device.publishes(1, 1, "$SYS/a", "x").publishes(2, 2, "$share/a", "x").publishes(0, 0, "$SYS/a", "x");

        List<String> heard = device.hears();
        if (version == V5) {
            assertThat(heard).satisfiesExactly(one -> assertThat(one).startsWith("PUBACK 1 90"), two -> assertThat(two)
                    .startsWith("PUBREC 2 90"));
        } else {
            assertThat(heard).containsExactly("PUBACK 1", "PUBREC 2");
        }
        assertThat(server.taken).isEmpty();
        assertThat(subscriber.hears()).isEmpty();
    }

    @Test
    @DisplayName("a payload that is no text although it says so goes on untouched [A49]")
    void noText() {
        TestDevice subscriber = server.connected(V5, "d2").subscribes(1, "a 00");
        subscriber.hears();

        server.connected(V5, "d1").sends("3007 0001 61 02 0101 FF");

        assertThat(subscriber.hearsBytes()).isEqualTo("3007" + "000161" + "020101" + "FF");
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.3.2-9] [5.0/MQTT-3.2.2-17] a Topic Alias above the maximum closes the connection with 0x94"
                    + " [A16]")
    void aliasTooHigh() {
        TestDevice device = server.connected(V5, "d1").publishes(0x30, 0, "a", "x", "23 000B");

        assertThat(device.hearsBytes()).matches("E0..94.*");
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.3.2-12] a Topic Alias up to the maximum can be set, used, and set anew [A16]")
    void aliases() {
        server.route("#");
        TestDevice device = server.connected(V5, "d1");

        device.publishes(0x30, 0, "a", "1", "23 0001").publishes(0x30, 0, "b", "2", "23 000A");
        device.publishes(0x30, 0, "", "3", "23 0001").publishes(0x30, 0, "", "4", "23 000A");
        device.publishes(0x30, 0, "c", "5", "23 0001").publishes(0x30, 0, "", "6", "23 0001");

        assertThat(server.taken)
                .extracting(message -> message.topic() + " " + message.payload().asText())
                .containsExactly("a 1", "b 2", "a 3", "b 4", "c 5", "c 6");
    }

    @Test
    @DisplayName("[5.0/MQTT-3.3.2-7] a Topic Alias ends with its connection, though the session goes on [A16]")
    void aliasEnds() {
        server.route("a");
        server.connected(Connecting.resuming(V5, "d1"))
                .publishes(0x30, 0, "a", "1", "23 0001")
                .vanishes();
        TestDevice back = server.connected(Connecting.resuming(V5, "d1"));

        back.publishes(0x30, 0, "", "2", "23 0001");

        assertThat(back.hearsBytes()).matches("E0..82.*");
        assertThat(server.takenTexts()).containsExactly("1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    @DisplayName("what has been here before goes to nobody, is not retained, and is acknowledged and counted")
    void leavesOutWhatComesRound(int qos) {
        server.leavesOut("old");
        server.route("a");
        TestDevice subscriber = server.connected(V5, "subscriber").subscribes(1, "a 00");
        TestDevice publisher = server.connected(Connecting.resuming(V5, "publisher"));

        publisher.publishesRetained(qos, qos, "a", "old");

        assertThat(publisher.hears())
                .containsExactlyElementsOf(qos == 0 ? List.of() : List.of(qos == 1 ? "PUBACK 1" : "PUBREC 2"));
        assertThat(subscriber.hears()).containsExactly("SUBACK 1 00");
        assertThat(server.taken).isEmpty();
        assertThat(server.guests().retained(new TopicName("a"))).isNull();
        assertThat(server.count(Counter.MESSAGES_LOOPED)).isEqualTo(1);
    }
}

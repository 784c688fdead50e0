// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.mqtt.packet.ProtocolVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("PUBLISH to a device")
class ToDeviceTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    private TestDevice subscriber(ProtocolVersion version) {
        TestDevice device = server.connected(Connecting.resuming(version, "d1")).subscribes(1, "a 02");
        device.hears();
        return device;
    }

    private TestDevice back(ProtocolVersion version) {
        return server.connected(Connecting.resuming(version, "d1").keepAlive(99));
    }

    private List<String> resent(ProtocolVersion version) {
        TestDevice device =
                server.accepts(version).sends(Connecting.resuming(version, "d1").bytes());
        List<String> heard = device.hears();
        device.vanishes();
        return heard.subList(1, heard.size());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-4.3.1-1] [3.1.1/MQTT-2.3.1-5] [3.1.1/MQTT-3.3.1-2] [5.0/MQTT-4.3.1-1] [5.0/MQTT-2.2.1-2]"
            + " [5.0/MQTT-3.3.1-2] QoS 0 goes once, without Packet Identifier and DUP, and is not sent again")
    void atMostOnce(ProtocolVersion version) {
        TestDevice device = subscriber(version);

        server.brings("a", 0, "x");

        assertThat(device.hearsBytes())
                .isEqualTo(version == V5 ? "3005" + "000161" + "00" + "78" : "3004" + "000161" + "78");
        device.vanishes();
        assertThat(resent(version)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-4.3.2-1] [3.1.1/MQTT-2.3.1-4] [3.1.1/MQTT-3.3.1-1] [3.1.1/MQTT-4.4.0-1]"
            + " [5.0/MQTT-4.3.2-1] [5.0/MQTT-4.3.2-2] [5.0/MQTT-4.3.2-3] [5.0/MQTT-2.2.1-4] [5.0/MQTT-3.3.1-1]"
            + " [5.0/MQTT-4.4.0-1] QoS 1 goes with a free id and DUP 0, and again with DUP 1 and the same id on each new"
            + " connection until PUBACK has come")
    void atLeastOnce(ProtocolVersion version) {
        TestDevice device = subscriber(version);
        server.brings("a", 1, "one");
        server.brings("a", 1, "two");
        assertThat(device.hears()).containsExactly("PUBLISH q1 #1 a 'one'", "PUBLISH q1 #2 a 'two'");
        device.acks(1);
        server.pass(5_000);
        assertThat(device.hears()).as("not while the connection lasts").isEmpty();
        device.vanishes();

        assertThat(resent(version)).containsExactly("PUBLISH dup q1 #2 a 'two'");
        assertThat(resent(version)).containsExactly("PUBLISH dup q1 #2 a 'two'");
        back(version).acks(2);

        assertThat(resent(version)).isEmpty();
        assertThat(server.outcomes).containsExactly(Delivery.accepted(), Delivery.accepted());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-4.3.3-1] [3.1.1/MQTT-2.3.1-4] [3.1.1/MQTT-2.3.1-6] [3.1.1/MQTT-2.2.2-1]"
            + " [5.0/MQTT-4.3.3-1] [5.0/MQTT-4.3.3-2] [5.0/MQTT-4.3.3-3] [5.0/MQTT-4.3.3-4] [5.0/MQTT-4.3.3-5]"
            + " [5.0/MQTT-4.3.3-6] [5.0/MQTT-2.2.1-5] QoS 2 is PUBLISH until PUBREC, then PUBREL with the same id until"
            + " PUBCOMP, each repeated on a new connection, and no PUBLISH after PUBREL")
    void exactlyOnce(ProtocolVersion version) {
        TestDevice device = subscriber(version);
        server.brings("a", 2, "x");
        assertThat(device.hears()).containsExactly("PUBLISH q2 #1 a 'x'");
        device.vanishes();
        assertThat(resent(version)).containsExactly("PUBLISH dup q2 #1 a 'x'");

        TestDevice again = back(version).sendsPubRec(1);
        assertThat(again.hearsBytes()).isEqualTo("62020001");
        again.vanishes();
        assertThat(resent(version)).containsExactly("PUBREL 1");
        TestDevice last = back(version).sendsPubRec(1).completes(1);

        assertThat(last.hears()).containsExactly("PUBREL 1");
        last.vanishes();
        assertThat(resent(version)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-4.6.0-5] [3.1.1/MQTT-4.6.0-6] [5.0/MQTT-4.6.0-5] [5.0/MQTT-4.6.0-6]"
            + " messages come in the order they were published in, also after they waited or are sent again; PUBRELs in"
            + " the order of the PUBRECs")
    void ordered(ProtocolVersion version) {
        TestDevice device = subscriber(version);
        TestDevice publisher = server.connected(version, "publisher");
        for (int i = 1; i <= 150; i++) {
            publisher.publishes(2, i, "a", "m" + i);
        }
        assertThat(texts(device.hears())).isEqualTo(numbered(1, 100));
        device.vanishes();
        assertThat(texts(resent(version))).isEqualTo(numbered(1, 100));

        TestDevice back = server.accepts(version)
                .sends(Connecting.resuming(version, "d1").keepAlive(99).bytes());
        assertThat(texts(back.hears().subList(1, 101))).isEqualTo(numbered(1, 100));
        for (int id = 3; id >= 1; id--) {
            back.sendsPubRec(id);
        }
        assertThat(back.hears()).containsExactly("PUBREL 3", "PUBREL 2", "PUBREL 1");
        for (int id = 1; id <= 100; id++) {
            back.sendsPubRec(id).completes(id);
        }

        List<String> rest = back.hears().stream()
                .filter(packet -> packet.startsWith("PUBLISH"))
                .toList();
        assertThat(texts(rest)).isEqualTo(numbered(101, 150));
    }

    private static List<String> texts(List<String> publishes) {
        return publishes.stream()
                .map(packet -> packet.replaceAll(".*'(.*)'.*", "$1"))
                .toList();
    }

    private static List<String> numbered(int from, int to) {
        List<String> texts = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            texts.add("m" + i);
        }
        return texts;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.3.1-3] [5.0/MQTT-3.3.1-3] the DUP of the publisher is not passed on")
    void dupIsNotPassedOn(ProtocolVersion version) {
        TestDevice device = subscriber(version);

        server.connected(version, "publisher").publishes(0x3A, 9, "a", "x", "");

        assertThat(device.hears()).containsExactly("PUBLISH q1 #1 a 'x'");
    }

    @Test
    @DisplayName("[5.0/MQTT-4.4.0-2] PUBACK or PUBREC of 0x80 and above ends a delivery: it is not sent again")
    void refusedByTheDevice() {
        TestDevice device = subscriber(V5);
        server.brings("a", 1, "one");
        server.brings("a", 2, "two");

        device.sends("4003 0001 80", "5003 0002 97");

        assertThat(device.hears()).containsExactly("PUBLISH q1 #1 a 'one'", "PUBLISH q2 #2 a 'two'");
        device.vanishes();
        assertThat(resent(V5)).isEmpty();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.3.2-4] [5.0/MQTT-3.3.2-15] [5.0/MQTT-3.3.2-16] [5.0/MQTT-3.3.2-17] [5.0/MQTT-3.3.2-18]"
            + " [5.0/MQTT-3.3.2-20] the properties of a message go on to all subscribers as they are, User Properties in"
            + " their order")
    void properties() {
        TestDevice one = server.connected(V5, "d1").subscribes(1, "a 00");
        TestDevice two = server.connected(V5, "d2").subscribes(1, "+ 00");
        one.hears();
        two.hears();
        String properties =
                "0101 03 0001 63 08 0003 'r/t' 09 0002 00FF 26 0001 62 0001 31 26 0001 61 0001 32 26 0001 62 0001 31";

        server.connected(V5, "publisher").publishes(0x30, 0, "a", "x", properties);

        String expected =
                "PUBLISH q0 a 'x' {" + properties.replace("'r/t'", "722F74").replace(" ", "") + "}";
        assertThat(one.hears()).containsExactly(expected);
        assertThat(two.hears()).containsExactly(expected);
    }

    @Test
    @DisplayName("[5.0/MQTT-2.2.2-1] a message without properties has Property Length 0")
    void noProperties() {
        TestDevice device = subscriber(V5);

        server.brings("a", 1, "x");

        assertThat(device.hearsBytes()).isEqualTo("3207" + "000161" + "0001" + "00" + "78");
    }

    @Test
    @DisplayName("[5.0/MQTT-3.3.2-5] [5.0/MQTT-3.3.2-6] a message that waits loses of its expiry what it waited, and is"
            + " not delivered when that is all [A48]")
    void expiry() {
        subscriber(V5).leaves();
        TestDevice publisher = server.connected(Connecting.of(V5, "publisher").keepAlive(99));
        publisher.publishes(0x32, 1, "a", "long", "02 0000000A").publishes(0x32, 2, "a", "short", "02 00000003");

        server.pass(4_000);

        assertThat(resent(V5)).containsExactly("PUBLISH q1 #1 a 'long' {0200000006}");
    }

    @Test
    @DisplayName("[5.0/MQTT-4.3.3-7] a message that has been sent is sent again even when it has expired since")
    void expiredInFlight() {
        TestDevice device = subscriber(V5);
        server.brings("a", 2, "x", MessageProperties.NONE.withExpirySeconds(3L));
        assertThat(device.hears()).containsExactly("PUBLISH q2 #1 a 'x' {0200000003}");
        device.vanishes();

        server.pass(5_000);

        assertThat(resent(V5)).containsExactly("PUBLISH dup q2 #1 a 'x' {0200000000}");
    }
}

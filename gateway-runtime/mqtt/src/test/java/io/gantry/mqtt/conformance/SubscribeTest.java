// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.packet.ProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("SUBSCRIBE and UNSUBSCRIBE")
class SubscribeTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.8.4-1] [3.1.1/MQTT-3.8.4-2] [3.1.1/MQTT-3.8.4-4] [3.1.1/MQTT-3.8.4-5]"
            + " [3.1.1/MQTT-3.9.3-1] [3.1.1/MQTT-2.3.1-7] [5.0/MQTT-3.8.4-1] [5.0/MQTT-3.8.4-2] [5.0/MQTT-3.8.4-5]"
            + " [5.0/MQTT-3.8.4-6] [5.0/MQTT-3.8.4-7] [5.0/MQTT-2.2.1-6] one SUBACK with the same id answers"
            + " a SUBSCRIBE, with a code for each filter in their order")
    void subAck(ProtocolVersion version) {
        TestDevice device = server.connected(version, "d1");

        device.subscribes(65_535, "a 00", "b 02", "a/#/c 01", "c 01");

        String failed = version == V5 ? "8F" : "80";
        assertThat(device.hears()).containsExactly("SUBACK 65535 00 02 " + failed + " 01");
        server.brings("a", 2, "1");
        server.brings("b", 2, "2");
        server.brings("c", 2, "3");
        assertThat(device.hears()).containsExactly("PUBLISH q0 a '1'", "PUBLISH q2 #1 b '2'", "PUBLISH q1 #2 c '3'");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "V3_1_1, a/#/b",
        "V5, a/#/b",
        "V3_1_1, a#",
        "V5, a#",
        "V3_1_1, a+",
        "V5, a+",
        "V3_1_1, #/",
        "V5, #/",
        "V3_1_1, +a/b",
        "V5, +a/b",
        "V3_1_1, '', ",
        "V5, ''",
        "V5, $share",
        "V5, $share/",
        "V5, $share/g"
    })
    @DisplayName("[3.1.1/MQTT-4.7.1-2] [3.1.1/MQTT-4.7.1-3] [3.1.1/MQTT-4.7.3-1] [5.0/MQTT-4.7.1-1] [5.0/MQTT-4.7.1-2]"
            + " [5.0/MQTT-4.7.3-1] [5.0/MQTT-3.9.3-2] a filter that is none is refused on its own [A20] [A21]")
    void badFilters(ProtocolVersion version, String filter) {
        TestDevice device = server.connected(version, "d1");

        device.subscribes(1, filter + " 01", "good 01");

        assertThat(device.hears()).singleElement().asString().matches("SUBACK 1 (80|8F|9E) 01");
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "#, a/b/c, true", "a/#, a, true", "a/#, a/b/c, true", "a/#, ab, false", "+, a, true", "+, a/b, false",
        "+, /a, false", "/+, /a, true", "+/+, /a, true", "a/+/c, a/b/c, true", "a/+/c, a/b/d, false", "a/+, a/, true",
        "a, A, false", "a, a/, false", "a b, a b, true", "#, $x/y, false", "+/y, $x/y, false", "$x/#, $x/y, true"
    })
    @DisplayName(
            "[3.1.1/MQTT-3.3.2-3] [3.1.1/MQTT-4.7.1-2] [3.1.1/MQTT-4.7.1-3] [3.1.1/MQTT-4.7.2-1] [5.0/MQTT-3.3.2-3]"
                    + " [5.0/MQTT-4.7.2-1] a message reaches a subscription when its topic matches the filter, and only then")
    void matching(String filter, String topic, boolean matches) {
        TestDevice old = server.connected(V3_1_1, "d1").subscribes(1, filter + " 00");
        TestDevice device = server.connected(V5, "d2").subscribes(1, filter + " 00");
        old.hears();
        device.hears();

        server.brings(topic, 0, "x");

        assertThat(old.hears()).hasSize(matches ? 1 : 0);
        assertThat(device.hears()).hasSize(matches ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-4.7.3-4] [5.0/MQTT-4.7.3-4] topics are compared as they are: composed and decomposed"
            + " characters differ, and so do cases and slashes")
    void asTheyAre(ProtocolVersion version) {
        TestDevice device = server.connected(version, "d1").subscribes(1, "caf\u00e9 00", "//a 00");
        device.hears();

        server.brings("cafe\u0301", 0, "1");
        server.brings("CAF\u00c9", 0, "2");
        server.brings("/a", 0, "3");
        server.brings("caf\u00e9", 0, "4");
        server.brings("//a", 0, "5");

        assertThat(device.hears()).containsExactly("PUBLISH q0 caf\u00e9 '4'", "PUBLISH q0 //a '5'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.8.4-6] [5.0/MQTT-3.8.4-8] a message comes at the QoS it was published with, or the one"
            + " granted if that is lower")
    void lowerQos(ProtocolVersion version) {
        TestDevice device = server.connected(version, "d1").subscribes(1, "0 00", "1 01", "2 02");
        device.hears();
        TestDevice publisher = server.connected(version, "publisher");

        for (int qos = 0; qos <= 2; qos++) {
            publisher.publishes(qos, 1, "0", "").publishes(qos, 2, "1", "").publishes(qos, 3, "2", "");
            publisher.releases(1).releases(2).releases(3);
        }

        assertThat(device.hears())
                .extracting(packet -> packet.replaceAll(" #\\d+ ", " "))
                .containsExactly(
                        "PUBLISH q0 0 ''",
                        "PUBLISH q0 1 ''",
                        "PUBLISH q0 2 ''",
                        "PUBLISH q0 0 ''",
                        "PUBLISH q1 1 ''",
                        "PUBLISH q1 2 ''",
                        "PUBLISH q0 0 ''",
                        "PUBLISH q1 1 ''",
                        "PUBLISH q2 2 ''");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.3.5-1] [5.0/MQTT-3.3.4-2] a message for several subscriptions of a device comes at the"
            + " highest QoS among them")
    void overlapping(ProtocolVersion version) {
        TestDevice device = server.connected(version, "d1").subscribes(1, "a/b 00", "a/+ 02", "a/# 01");
        device.hears();

        server.brings("a/b", 2, "x");

        assertThat(device.hears()).containsExactly("PUBLISH q2 #1 a/b 'x'");
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.3.4-3] [5.0/MQTT-3.3.4-4] one copy has the identifiers of all subscriptions that have one")
    void identifiers() {
        TestDevice device = server.connected(V5, "d1");
        device.subscribesWith("0B 05", 1, "a/+ 00")
                .subscribesWith("0B 8001", 2, "a/# 00")
                .subscribes(3, "# 00");
        device.hears();

        server.brings("a/b", 0, "x");
        server.brings("a", 0, "y");
        server.brings("b", 0, "z");

        assertThat(device.hears())
                .satisfiesExactly(
                        both -> assertThat(both)
                                .isIn("PUBLISH q0 a/b 'x' {0B050B8001}", "PUBLISH q0 a/b 'x' {0B80010B05}"),
                        one -> assertThat(one).isEqualTo("PUBLISH q0 a 'y' {0B8001}"),
                        none -> assertThat(none).isEqualTo("PUBLISH q0 b 'z'"));
    }

    @Test
    @DisplayName("[5.0/MQTT-3.8.3-3] with No Local a device does not hear itself, but others, and others hear it")
    void noLocal() {
        TestDevice device = server.connected(V5, "d1").subscribes(1, "a 04");
        TestDevice other = server.connected(V5, "d2").subscribes(1, "a 00");
        device.hears();
        other.hears();

        device.publishes(0, 0, "a", "from d1");
        other.publishes(0, 0, "a", "from d2");

        assertThat(device.hears()).containsExactly("PUBLISH q0 a 'from d2'");
        assertThat(other.hears()).containsExactly("PUBLISH q0 a 'from d1'", "PUBLISH q0 a 'from d2'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.10.4-1] [3.1.1/MQTT-3.10.4-2] [3.1.1/MQTT-3.10.4-6] [5.0/MQTT-3.10.4-1]"
            + " [5.0/MQTT-3.10.4-2] [5.0/MQTT-3.10.4-6] UNSUBSCRIBE ends the subscriptions whose filters are the same,"
            + " character by character, and no other; one UNSUBACK answers it")
    void unsubscribe(ProtocolVersion version) {
        TestDevice device = server.connected(version, "d1").subscribes(1, "a/+ 00", "b/# 00", "c/d 00");
        device.hears();

        device.unsubscribes(2, "a/+", "b/+", "c/D", "c/+");
        assertThat(device.hears()).containsExactly(version == V5 ? "UNSUBACK 2 00 11 11 11" : "UNSUBACK 2");
        server.brings("a/x", 0, "1");
        server.brings("b/x", 0, "2");
        server.brings("c/d", 0, "3");

        assertThat(device.hears()).containsExactly("PUBLISH q0 b/x '2'", "PUBLISH q0 c/d '3'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.10.4-4] [3.1.1/MQTT-3.10.4-5] [3.1.1/MQTT-2.3.1-7] [5.0/MQTT-3.10.4-4]"
            + " [5.0/MQTT-3.10.4-5] [5.0/MQTT-3.11.3-2] [5.0/MQTT-2.2.1-6] UNSUBSCRIBE is answered with its id also when"
            + " nothing was subscribed")
    void nothingSubscribed(ProtocolVersion version) {
        TestDevice device = server.connected(version, "d1");

        device.unsubscribes(513, "a");

        assertThat(device.hears()).containsExactly(version == V5 ? "UNSUBACK 513 11" : "UNSUBACK 513");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.10.4-3] [5.0/MQTT-3.10.4-3] deliveries that have begun are finished after UNSUBSCRIBE,"
            + " and resumed on the next connection")
    void begunBefore(ProtocolVersion version) {
        TestDevice device = server.connected(Connecting.resuming(version, "d1")).subscribes(1, "a 02");
        server.brings("a", 1, "one");
        server.brings("a", 2, "two");
        device.unsubscribes(2, "a").sendsPubRec(2).hears();
        device.vanishes();

        TestDevice back =
                server.accepts(version).sends(Connecting.resuming(version, "d1").bytes());

        assertThat(back.hears().subList(1, 3)).containsExactly("PUBLISH dup q1 #1 a 'one'", "PUBREL 2");
        back.acks(1).completes(2);
        assertThat(server.outcomes).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"FF", "C080", "EDA080", "00"})
    @DisplayName("[3.1.1/MQTT-3.8.3-1] [3.1.1/MQTT-3.10.3-1] [3.1.1/MQTT-4.7.3-2] [5.0/MQTT-3.8.3-1]"
            + " [5.0/MQTT-3.10.3-1] [5.0/MQTT-4.7.3-2] a Topic Filter that is no UTF-8, or has U+0000, closes the"
            + " connection [A12]")
    void utf8(String text) {
        String bad = String.format("%04X", text.length() / 2) + text;

        assertThat(isClosed(V3_1_1, Hex.packet(0x82, "0001" + bad + "00"))).isTrue();
        assertThat(isClosed(V3_1_1, Hex.packet(0xA2, "0001" + bad))).isTrue();
        assertThat(isClosed(V5, Hex.packet(0x82, "0001 00" + bad + "00"))).isTrue();
        assertThat(isClosed(V5, Hex.packet(0xA2, "0001 00" + bad))).isTrue();
        assertThat(isClosed(V3_1_1, "A205 0001 0001 61")).isFalse();
    }

    private boolean isClosed(ProtocolVersion version, String bytes) {
        return !server.connected(version, "d1").sends(bytes).isOpen();
    }

    @Test
    @DisplayName("more subscriptions than a device may have are refused with 0x97, and the others stay [A22]")
    void quota() {
        TestDevice device = server.connected(V5, "d1");
        for (int i = 1; i <= 1_000; i++) {
            device.subscribes(i, "f" + i + " 00");
        }
        device.hears();

        device.subscribes(1_001, "one/more 00", "f1 00");

        assertThat(device.hears()).containsExactly("SUBACK 1001 97 00");
    }

    @Test
    @DisplayName("a filter with more levels than allowed is refused with 0x8F, and so is one that is longer [A19]")
    void tooManyLevels() {
        TestDevice device = server.connected(V5, "d1");

        device.subscribes(1, "/".repeat(32) + " 00", "/".repeat(31) + " 00", "a".repeat(1_025) + " 00");

        assertThat(device.hears()).containsExactly("SUBACK 1 8F 00 8F");
    }
}

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

@DisplayName("A device that breaks the rules")
class ViolationTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "36 06 0001 61 0001 78", // QoS 3
                "38 04 0001 61 78", // QoS 0 with DUP
                "32 06 0001 61 0000 78", // Packet Identifier 0
                "30 04 0001 23 78", // a wildcard
                "30 03 0000 78", // an empty Topic Name
                "30 04 0001 00 78", // U+0000
                "60 02 0001", // PUBREL without its flags
                "80 06 0001 0001 61 00", // SUBSCRIBE without its flags
                "82 06 0001 0001 61 03", // QoS 3 requested
                "82 02 0001", // no filter
                "A2 02 0001", // none either
                "C1 00", // flags of PINGREQ
                "E0 01 00", // 3.1.1 has no reason code here
                "F0 00", // nor AUTH
                "20 02 0000", // a server's packet
                "C0 80 00" // a length not in its shortest form
            })
    @DisplayName(
            "[3.1.1/MQTT-4.8.0-1] is closed in 3.1.1, its will is published, and nothing after is heeded [A3] [A18]")
    void closed311(String bytes) {
        server.route("w");
        TestDevice device = server.connected(Connecting.of(V3_1_1, "d1").will(0, false, "w", "gone"));

        device.sends(bytes + "C000");

        assertThat(device.hearsBytes()).isEmpty();
        assertThat(device.isOpen()).isFalse();
        assertThat(server.takenTexts()).containsExactly("gone");
    }

    @ParameterizedTest(name = "{0} is answered with {1}")
    @CsvSource({
        "36 07 0001 61 0001 00 78, 81", // QoS 3
        "38 05 0001 61 00 78, 81", // QoS 0 with DUP
        "32 07 0001 61 0000 00 78, 81", // Packet Identifier 0
        "30 05 0001 2B 00 78, 90", // a wildcard
        "30 04 0000 00 78, 82", // an empty Topic Name without an alias
        "30 07 0000 03 230001 78, 82", // an alias that was never set
        "30 08 0001 61 03 230000 78, 94", // alias 0
        "30 08 0001 61 04 08 0001 23, 82", // Response Topic with a wildcard
        "30 06 0001 61 02 0102, 82", // Payload Format 2
        "30 08 0001 61 04 0101 0101, 82", // a property twice
        "30 06 0001 61 02 2A01, 81", // a property of CONNACK
        "82 09 0001 02 0B00 0001 61 00, 82", // Subscription Identifier 0
        "82 10 0001 00 000A 24736861 72652F67 2F74 04, 82", // No Local on a Shared Subscription
        "C1 00, 81", // flags of PINGREQ
        "E0 01 8E, 82", // a reason code of the server's
        "20 03 0000 00, 82", // a server's packet
        "30 FFFFFF7F, 95" // a length above the Maximum Packet Size
    })
    @DisplayName(
            "[5.0/MQTT-4.13.1-1] [5.0/MQTT-4.13.2-1] is told the reason in 5.0 and closed, its will is published, and"
                    + " nothing after is heeded [A1] [A14] [A16] [A17] [A18] [A20] [A50]")
    void closed5(String bytes, String reasonCode) {
        server.route("w");
        TestDevice device = server.connected(Connecting.of(V5, "d1").will(0, false, "w", "gone"));

        device.sends(bytes + "C000");

        assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT " + reasonCode);
        assertThat(device.isOpen()).isFalse();
        assertThat(server.takenTexts()).containsExactly("gone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FF", "C080", "EDA080", "00", "01", "7F", "C280", "EFBFBF"})
    @DisplayName(
            "[5.0/MQTT-3.3.2-1] [5.0/MQTT-3.3.2-13] [5.0/MQTT-3.3.2-19] [5.0/MQTT-1.5.7-1] Topic Name, Response Topic,"
                    + " Content Type and User Property that are no UTF-8, or hold control or non-characters, are malformed [A12] [A13]")
    void utf8(String text) {
        String bad = String.format("%04X", text.length() / 2) + text;

        assertMalformed(bad + "00");
        assertMalformed("0001 61" + Hex.properties("08" + bad));
        assertMalformed("0001 61" + Hex.properties("03" + bad));
        assertMalformed("0001 61" + Hex.properties("26 0001 61" + bad));
    }

    private void assertMalformed(String publish) {
        TestDevice device = server.connected(V5, "d1").sends(Hex.packet(0x30, publish));

        assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT 81");
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-4.12.0-7] [5.0/MQTT-4.12.0-6] that sends AUTH without a method in CONNECT is answered with 0x82,"
                    + " not with AUTH [A45]")
    void auth() {
        TestDevice device = server.connected(V5, "d1").sends("F006 19 04 15 0001 6D");

        assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT 82");
        assertThat(device.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-3.14.4-2] that goes on after DISCONNECT is not heeded, and the server closes the connection")
    void afterDisconnect(ProtocolVersion version) {
        server.route("a");
        String publish = version == V5 ? "30 04 0001 61 00" : "30 03 0001 61";

        TestDevice device = server.connected(version, "d1").sends("E000" + publish + "C000");

        assertThat(device.hearsBytes()).isEmpty();
        assertThat(device.isOpen()).isFalse();
        assertThat(server.taken).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-4.8.0-2] a fault of our own costs the connection on which it happened, and no other [A51]")
    void ourFault(ProtocolVersion version) {
        server.breaks("broken");
        TestDevice other = server.connected(version, "d2").subscribes(1, "a 00");
        other.hears();
        TestDevice device = server.connected(version, "d1");

        device.publishes(1, 1, "broken", "x");

        device.isClosedWith("80");
        assertThat(server.faults).hasSize(1);
        server.brings("a", 0, "still here");
        assertThat(other.hears()).containsExactly("PUBLISH q0 a 'still here'");
    }

    @Test
    @DisplayName(
            "a PUBLISH with more User Properties than allowed is refused with 0x97, and the connection stays [A15]")
    void userProperties() {
        String properties = Hex.properties("26 0001 61 0001 62".repeat(33));

        TestDevice device = server.connected(V5, "d1").sends(Hex.packet(0x32, "0001 61 0007" + properties));

        assertThat(device.hears()).singleElement().asString().startsWith("PUBACK 7 97");
        assertThat(device.isOpen()).isTrue();
    }

    @Test
    @DisplayName("a Topic Name longer or of more levels than allowed is refused with 0x90 [A19]")
    void topicLimits() {
        TestDevice levels = server.connected(V5, "d1").publishes(0, 0, "/".repeat(32), "x");
        TestDevice bytes = server.connected(V5, "d2").publishes(0, 0, "a".repeat(1_025), "x");

        assertThat(levels.hears()).singleElement().asString().startsWith("DISCONNECT 90");
        assertThat(bytes.hears()).singleElement().asString().startsWith("DISCONNECT 90");
    }
}

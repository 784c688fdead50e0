// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.conformance.Hex.string;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.ChallengeResponse;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.session.Counter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Properties that go with any packet")
class PropertiesTest {
    private static final String USER_PROPERTIES = "26 0001 'k' 0001 'v' 26 0001 'k' 0001 'w'";
    private static final String REASON = "1F 0003 'why'" + USER_PROPERTIES;
    private static final String METHOD = "15" + string(ChallengeResponse.NAME) + "16" + string("2");

    private final TestServer server =
            new TestServer(TestLimits.defaults(), Map.of(ChallengeResponse.NAME, new ChallengeResponse()));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    @DisplayName("User Properties and Reason Strings are taken in every packet that a device may put them in")
    void taken() {
        TestDevice device = server.accepts(V5)
                .sends(Connecting.of(V5, "d1").with(USER_PROPERTIES + METHOD).bytes());
        assertThat(device.hears()).singleElement().asString().startsWith("CONNACK 00");
        device.sends(Hex.packet(0xF0, "19" + Hex.properties(METHOD + REASON)));
        assertThat(device.hears()).singleElement().asString().startsWith("AUTH 00");
        device.subscribesWith(USER_PROPERTIES, 1, "a 02").publishes(0x34, 2, "b", "x", USER_PROPERTIES);
        assertThat(device.hears()).containsExactly("SUBACK 1 02", "PUBREC 2");
        device.sends(Hex.packet(0x62, "0002 00" + Hex.properties(REASON)));
        assertThat(device.hears()).containsExactly("PUBCOMP 2");
        server.brings("a", 1, "one");
        server.brings("a", 2, "two");
        device.hears();

        device.sends(Hex.packet(0x40, "0001 00" + Hex.properties(REASON)));
        device.sends(Hex.packet(0x50, "0002 00" + Hex.properties(REASON)));
        assertThat(device.hears()).containsExactly("PUBREL 2");
        device.sends(Hex.packet(0x70, "0002 00" + Hex.properties(REASON)));
        device.sends(Hex.packet(0xA2, "0003" + Hex.properties(USER_PROPERTIES) + string("a")));
        assertThat(device.hears()).containsExactly("UNSUBACK 3 00");
        device.sends(Hex.packet(0xE0, "00" + Hex.properties(REASON)));

        assertThat(device.hears()).isEmpty();
        assertThat(device.isOpen()).isFalse();
        assertThat(server.outcomes).hasSize(2);
        assertThat(server.count(Counter.PACKETS_MALFORMED)).isZero();
        assertThat(server.count(Counter.PROTOCOL_ERRORS)).isZero();
        assertThat(server.count(Counter.ACKS_UNKNOWN)).isZero();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-29] a device that wants no Problem Information gets the User Properties of messages"
            + " all the same, and no Reason String with DISCONNECT")
    void noProblemInformation() {
        TestDevice device =
                server.connected(Connecting.of(V5, "d1").with("17 00")).subscribes(1, "a 00");
        device.hears();

        server.connected(V5, "publisher").publishes(0x30, 0, "a", "x", "26 0001 'k' 0001 'v'");
        device.sends("F006 18 04 15 0001 6D");

        assertThat(device.hears()).containsExactly("PUBLISH q0 a 'x' {2600016B000176}", "DISCONNECT 82");
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.1.2-28] a device that asks for Response Information is told none, for topics are its own choice")
    void responseInformation() {
        TestDevice device =
                server.accepts(V5).sends(Connecting.of(V5, "d1").with("19 01").bytes());

        assertThat(device.hears()).containsExactly("CONNACK 00 {2103E8" + "2700001000" + "22000A}");
    }
}

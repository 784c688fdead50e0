// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.ProtocolVersion;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Input: a byte for the versions of two devices (bits 0 and 1), then steps: a byte that says what happens, a byte to say
 * how much, and, when a device sends something, as many bytes.
 */
@DisplayName("Whatever two connected devices send")
class SessionsFuzz {
    private static final List<Delivery> ANSWERS = List.of(
            Delivery.accepted(),
            new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "no"),
            new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "away"));

    static Stream<Arguments> seeds() {
        String subscribe311 = first(Hex.packet(0x82, "0001" + Hex.string("a/#") + "02"));
        String subscribe5 = first(Hex.packet(0x82, "0001 00" + Hex.string("$share/g/a/#") + "01"));
        return Stream.of(
                seed(
                        "QoS 2 from one to the other",
                        0,
                        subscribe311,
                        second("3408 0003 612F62 0007 78"),
                        second("6202 0007"),
                        "0501",
                        first("5002 0001"),
                        first("7002 0001")),
                seed("QoS 1 from a route, lost and sent again", 0, subscribe311, "0401", "0600", first("4002 0001")),
                seed("a shared subscription", 3, subscribe5, "0401 0401", "0600", "0402", "0310"),
                seed(
                        "a retained message and its deletion",
                        3,
                        second("3107 0003 612F62 00 78"),
                        subscribe5,
                        second("3106 0003 612F62 00")),
                seed("a Topic Alias", 3, first("300A 0003 612F62 03 230001 78"), first("3006 0000 03 230001")),
                seed("a device that takes nothing", 0, subscribe311, "0701", "0402 0402 0402", "0700", "0320"),
                seed("[A18] a Packet Identifier of 0", 1, first("3206 0001 61 0000 00")),
                seed("[A20] SUBSCRIBE without a filter", 0, first("8202 0001")),
                seed("[A23] acknowledgements of nothing", 0, first("4002 0009 5002 0009 7002 0009")),
                seed("[A24] PUBREL of nothing", 1, first("6202 0009")),
                seed("[A25] QoS 2 without PUBREL", 1, second("3405 0001 61 0001 3405 0001 61 0002 3405 0001 61 0003")),
                seed(
                        "[A26] a Packet Identifier used again",
                        0,
                        first("3407 0003 612F62 0007 3408 0003 612F62 0007 78")),
                seed("[A45] AUTH", 1, first("F006 18 04 15 0001 6D")),
                seed("DISCONNECT with another expiry", 1, first("E007 00 05 11 00000001"), "0600"));
    }

    private static String first(String sent) {
        return step(0, sent);
    }

    private static String second(String sent) {
        return step(1, sent);
    }

    private static String step(int device, String sent) {
        byte[] bytes = Hex.bytes(sent);
        return String.format("%02X%02X", device, bytes.length) + HexFormat.of().formatHex(bytes);
    }

    private static Arguments seed(String name, int versions, String... steps) {
        return arguments(named(name, Hex.bytes(String.format("%02X", versions) + String.join("", steps))));
    }

    @DisplayName(
            "throws nothing into the event loop, is answered in whole packets, ends in time and disturbs nobody else")
    @MethodSource("seeds")
    @FuzzTest
    void sessions(byte[] input) {
        try (TestServer server = new TestServer(TestLimits.withWindows(2, 2))) {
            server.route("#");
            TwoDevices devices = new TwoDevices(server, version(input, 1), version(input, 2));
            int at = 1;
            while (at + 1 < input.length) {
                int much = input[at + 1] & 0xFF;
                int to = Math.min(input.length, at + 2 + much);
                switch (input[at] & 7) {
                    case 0, 1 -> devices.send(input[at] & 1, HexFormat.of().formatHex(input, at + 2, to));
                    case 2, 3 -> server.pass(much * 100L);
                    case 4 -> server.brings("a/b", much % 3, "x".repeat(much));
                    case 5 -> devices.isAnswered(ANSWERS.get(much % ANSWERS.size()));
                    case 6 -> devices.reconnect(much & 1);
                    default -> devices.take(much == 0);
                }
                at = (input[at] & 7) < 2 ? to : at + 2;
            }

            devices.end();

            assertThat(server.faults).isEmpty();
            TestDevice third = server.connected(V5, "third").subscribes(1, "third 00");
            server.brings("third", 0, "hello");
            assertThat(third.hears()).containsExactly("SUBACK 1 00", "PUBLISH q0 third 'hello'");
        }
    }

    private static ProtocolVersion version(byte[] input, int bit) {
        return input.length == 0 || (input[0] & bit) == 0 ? V3_1_1 : V5;
    }
}

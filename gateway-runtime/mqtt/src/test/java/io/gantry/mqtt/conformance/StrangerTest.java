// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.ClientIdCharacters;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Who is not let in")
class StrangerTest {
    private static final LimitSettings NO_WILDCARDS =
            TestLimits.with("clientIdCharacters", ClientIdCharacters.NO_WILDCARDS);
    private static final LimitSettings PLAIN = TestLimits.with("clientIdCharacters", ClientIdCharacters.PLAIN);

    private static String answer(LimitSettings limits, ProtocolVersion version, String clientId) {
        try (TestServer server = new TestServer(limits)) {
            return server.accepts(version)
                    .sends(Connecting.of(version, clientId).bytes())
                    .hears()
                    .get(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "#", "a/b", "/", "a+"})
    @DisplayName("has a Client Identifier with a wildcard or a slash, when the settings say no-wildcards [A44]")
    void wildcards(String clientId) {
        assertThat(answer(NO_WILDCARDS, V5, clientId)).isEqualTo("CONNACK 85");
        assertThat(answer(NO_WILDCARDS, V3_1_1, clientId)).isEqualTo("CONNACK 02");
        assertThat(answer(TestLimits.defaults(), V3_1_1, clientId)).isEqualTo("CONNACK 00");
    }

    @ParameterizedTest
    @ValueSource(strings = {".*", "[^x]-z", "$clientid", "d\u00e9", "\" or 1=1"})
    @DisplayName(
            "has a Client Identifier with anything but letters, digits and . _ : - when they say plain; otherwise it is"
                    + " a name like any other [A44]")
    void plain(String clientId) {
        assertThat(answer(PLAIN, V3_1_1, clientId)).isEqualTo("CONNACK 02");
        assertThat(answer(PLAIN, V3_1_1, "Sensor_1.a:b-c")).isEqualTo("CONNACK 00");
        assertThat(answer(NO_WILDCARDS, V3_1_1, clientId)).isEqualTo("CONNACK 00");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'PROXY TCP4 192.0.2.1 192.0.2.2 56324 1883' 0D0A",
                "'PROXY UNKNOWN' 0D0A",
                "0D0A0D0A000D0A515549540A 21 11 000C C0000201 C0000202 DC04 075B",
                "0D0A0D0A000D0A515549540A 21 11 FFFF C0000201", // a length beyond what follows
                "0D0A0D0A000D0A515549540A 21 11 0012 C0000201 C0000202 DC04 075B 02 0003 610D0A" // an authority
            })
    @DisplayName("says with a PROXY header where it comes from: no address is trusted to say that [A46]")
    void proxyHeader(String header) {
        try (TestServer server = new TestServer()) {
            TestDevice device = server.accepts(V3_1_1)
                    .sends(header + Connecting.of(V3_1_1, "d1").bytes());

            assertThat(device.hearsBytes()).isEmpty();
            assertThat(device.isOpen()).isFalse();
            assertThat(server.count(Counter.PACKETS_MALFORMED)).isEqualTo(1);
            assertThat(server.count(Counter.CONNECTIONS_OPENED)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("connects again and again: of two devices of one name, the one connected then stays [A35]")
    void flapping(ProtocolVersion version) {
        try (TestServer server = new TestServer(TestLimits.with("maxConnectsPerMinute", 2))) {
            server.connected(version, "twin");
            TestDevice connected =
                    server.connected(Connecting.of(version, "twin").keepAlive(0));

            TestDevice third =
                    server.accepts(version).sends(Connecting.of(version, "twin").bytes());

            assertThat(third.hears()).containsExactly(version == V5 ? "CONNACK 9F" : "CONNACK 03");
            assertThat(third.isOpen()).isFalse();
            assertThat(connected.isOpen()).isTrue();
            server.pass(10_000);
            assertThat(server.accepts(version)
                            .sends(Connecting.of(version, "twin").bytes())
                            .hears())
                    .singleElement()
                    .asString()
                    .startsWith("CONNACK 00");
        }
    }

    @Test
    @DisplayName("is not another device than the one that connects too often [A35]")
    void others() {
        try (TestServer server = new TestServer(TestLimits.with("maxConnectsPerMinute", 1))) {
            server.connected(V5, "twin");
            server.connected(V5, "twin");

            assertThat(server.connected(V5, "single").isOpen()).isTrue();
            assertThat(server.count(Counter.CONNECT_RATE_EXCEEDED)).isEqualTo(1);
        }
    }
}

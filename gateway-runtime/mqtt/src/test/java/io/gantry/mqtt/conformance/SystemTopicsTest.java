// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Below $SYS")
class SystemTopicsTest {
    private static final String STATE = "$SYS/broker/connection/b1/state";

    private final TestServer server = new TestServer(TestLimits.withRetained(3, 1_000));

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a subscriber is told at once what the server counts; by # nobody is, and no route")
    void all(ProtocolVersion version) {
        server.route("#");
        server.route("$SYS/#");
        TestDevice everything = server.connected(version, "d1").subscribes(1, "# 00", "+/broker/# 00");
        everything.hears();

        server.tellsOfItself();

        assertThat(told(server.connected(version, "d2").subscribes(1, "$SYS/# 00"))
                        .keySet())
                .containsExactly(
                        "bytes/received",
                        "bytes/sent",
                        "clients/connected",
                        "clients/disconnected",
                        "clients/maximum",
                        "clients/total",
                        "messages/dropped",
                        "messages/received",
                        "messages/sent",
                        "publish/messages/dropped",
                        "publish/messages/received",
                        "publish/messages/sent",
                        "retained messages/count",
                        "subscriptions/count",
                        "uptime",
                        "version");
        assertThat(everything.hears()).isEmpty();
        assertThat(server.taken).isEmpty();
    }

    @Test
    @DisplayName("the values are what has happened and what there is now")
    void values() {
        server.connected(Connecting.resuming(V3_1_1, "away")).leaves();
        TestDevice sender = server.connected(V3_1_1, "d1").subscribes(1, "a 01", "b 01");
        sender.publishesRetained(1, 1, "a", "x").publishesRetained(0, 0, "c", "x");
        TestDevice observer = server.connected(V3_1_1, "observer");

        server.tellsOfItself();

        assertThat(told(observer.subscribes(1, "$SYS/broker/+ 00", "$SYS/broker/clients/+ 00")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "version", "gantry of a test",
                        "uptime", "0 seconds",
                        "clients/connected", "2",
                        "clients/disconnected", "1",
                        "clients/total", "3",
                        "clients/maximum", "2"));
        assertThat(told(observer.subscribes(2, "$SYS/broker/publish/# 00", "$SYS/broker/messages/# 00")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "publish/messages/received", "2",
                        "publish/messages/sent", "1",
                        "publish/messages/dropped", "0",
                        "messages/dropped", "0",
                        // CONNECT three times, DISCONNECT, SUBSCRIBE, and PUBLISH twice
                        "messages/received", "7",
                        // CONNACK three times, SUBACK, PUBLISH and its PUBACK
                        "messages/sent", "6"));
        assertThat(told(observer.subscribes(3, "$SYS/broker/+/count 00")))
                .containsExactlyInAnyOrderEntriesOf(Map.of("retained messages/count", "2", "subscriptions/count", "2"));
    }

    @Test
    @DisplayName("bytes are those of the network: of whole packets, in both directions")
    void bytes() {
        TestDevice observer = server.connected(V3_1_1, "d1");

        server.tellsOfItself();

        // CONNECT of 16 bytes, CONNACK of 4
        assertThat(told(observer.subscribes(1, "$SYS/broker/bytes/# 00")))
                .isEqualTo(Map.of("bytes/received", "16", "bytes/sent", "4"));
    }

    @Test
    @DisplayName("what has changed is told every interval, and nothing else")
    void changes() {
        server.tellsOfItself();
        TestDevice observer = server.connected(V5, "d1").subscribes(1, "$SYS/broker/+ 00", "$SYS/broker/clients/# 00");
        observer.hears();
        server.pass(9_999);
        assertThat(observer.hears()).isEmpty();

        server.pass(1);

        assertThat(observer.hears())
                .containsExactly(
                        "PUBLISH q0 $SYS/broker/uptime '10 seconds'",
                        "PUBLISH q0 $SYS/broker/clients/connected '1'",
                        "PUBLISH q0 $SYS/broker/clients/total '1'",
                        "PUBLISH q0 $SYS/broker/clients/maximum '1'");
        observer.sends("C000");
        server.pass(10_000);
        assertThat(observer.hears()).containsExactly("PINGRESP", "PUBLISH q0 $SYS/broker/uptime '20 seconds'");
    }

    @Test
    @DisplayName("nothing waits for a session that is away, and no limit of Retained Messages holds it back")
    void nothingWaits() {
        TestDevice away = server.connected(Connecting.resuming(V5, "away")).subscribes(1, "$SYS/# 02");
        away.leaves();

        server.tellsOfItself();

        TestDevice back = server.connected(Connecting.resuming(V5, "away"));
        assertThat(back.hears()).isEmpty();
        assertThat(server.count(Counter.RETAINED_REFUSED)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"$SYS/broker/uptime", "$SYS/broker/connection/other/state", "$SYS", "$SYSTEM/x", "$"})
    @DisplayName("a device may not publish (A42)")
    void refused(String topic) {
        server.tellsOfItself();
        TestDevice observer = server.connected(V5, "observer").subscribes(1, "$SYS/broker/uptime 00");
        observer.hears();
        TestDevice device = server.connected(V5, "d1");

        device.publishesRetained(1, 1, topic, "1");

        assertThat(device.hears()).singleElement().asString().startsWith("PUBACK 1 90");
        assertThat(observer.hears()).isEmpty();
        assertThat(told(observer.subscribes(2, "$SYS/# 00"))).containsEntry("uptime", "0 seconds");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "a bridge tells its own state, and by its will that it has gone, to those who ask for it, and to no route")
    void bridge(ProtocolVersion version) {
        server.route("$SYS/#");
        TestDevice observer = server.connected(V5, "observer").subscribes(1, "$SYS/broker/connection/# 01", "# 00");
        observer.hears();

        TestDevice bridge = server.connected(Connecting.of(version, "b1").will(1, true, STATE, "0"));
        bridge.publishesRetained(1, 1, STATE, "1");

        assertThat(bridge.hearsBytes()).isEqualTo("40020001");
        assertThat(observer.hears()).containsExactly("PUBLISH q1 #1 " + STATE + " '1'");
        TestDevice late = server.connected(V5, "late").subscribes(1, "$SYS/# 00");
        assertThat(late.hears()).containsExactly("SUBACK 1 00", "PUBLISH retain q0 " + STATE + " '1'");
        bridge.vanishes();
        assertThat(observer.hears()).containsExactly("PUBLISH q1 #2 " + STATE + " '0'");
        assertThat(server.taken).isEmpty();
        assertThat(server.count(Counter.MESSAGES_REJECTED)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"b1, 2", "b1, 11", "b1, ''", "b2, 1"})
    @DisplayName("a bridge's state is 0 or 1 and comes from nobody else")
    void foreignState(String clientId, String payload) {
        TestDevice observer = server.connected(V5, "observer").subscribes(1, "$SYS/# 00");
        observer.hears();
        TestDevice device = server.connected(Connecting.of(V5, clientId).will(1, true, STATE, payload));

        device.publishesRetained(1, 1, STATE, payload);
        assertThat(device.hears()).singleElement().asString().startsWith("PUBACK 1 90");
        device.vanishes();

        assertThat(observer.hears()).isEmpty();
        assertThat(server.count(Counter.MESSAGES_REJECTED)).isEqualTo(2);
    }

    @Test
    @DisplayName("there is no more room for bridges' states than for Retained Messages")
    void manyBridges() {
        for (int i = 0; i < 4; i++) {
            server.connected(V5, "b" + i).publishesRetained(0, 0, "$SYS/broker/connection/b" + i + "/state", "1");
        }

        TestDevice late = server.connected(V5, "late").subscribes(1, "$SYS/# 00");

        assertThat(late.hears()).hasSize(1 + 3);
        assertThat(server.count(Counter.RETAINED_REFUSED)).isOne();
    }

    /** The values by name that the device has heard; all were retained. */
    private static Map<String, String> told(TestDevice device) {
        Map<String, String> told = new TreeMap<>();
        List<String> heard = device.hears();
        assertThat(heard.get(0)).startsWith("SUBACK");
        for (String packet : heard.subList(1, heard.size())) {
            assertThat(packet).matches("PUBLISH retain q0 \\$SYS/broker/.* '.*'");
            int name = packet.indexOf("$SYS/broker/") + "$SYS/broker/".length();
            int text = packet.indexOf(" '", name);
            told.put(packet.substring(name, text), packet.substring(text + 2, packet.length() - 1));
        }
        return told;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.packet.ProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Will Messages")
class WillTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    private TestDevice watcher(ProtocolVersion version, String... filters) {
        TestDevice watcher = server.connected(Connecting.of(version, "watcher").keepAlive(1000));
        watcher.subscribes(1, filters).hears();
        return watcher;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-3.1.2-8] [5.0/MQTT-3.1.2-7] [5.0/MQTT-3.1.2-8] a will is published when the network fails,"
                    + " when nothing is heard, and when the device breaks the rules [A34]")
    void published(ProtocolVersion version) {
        TestDevice watcher = watcher(version, "w/+ 01");
        TestDevice failing = server.connected(Connecting.of(version, "d1").will(1, false, "w/1", "failed"));
        server.connected(Connecting.of(version, "d2").will(1, false, "w/2", "silent"));
        TestDevice wrong = server.connected(Connecting.of(version, "d3").will(1, false, "w/3", "wrong"));

        wrong.sends("6000");
        failing.vanishes();
        server.pass(15_000);

        assertThat(watcher.hears())
                .containsExactly(
                        "PUBLISH q1 #1 w/3 'wrong'", "PUBLISH q1 #2 w/1 'failed'", "PUBLISH q1 #3 w/2 'silent'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-3.14.4-3] [3.1.1/MQTT-3.1.2-12] [5.0/MQTT-3.14.4-3] no will is published after DISCONNECT,"
                    + " nor where there is none")
    void discarded(ProtocolVersion version) {
        server.route("#");
        TestDevice leaving = server.connected(Connecting.of(version, "d1").will(1, false, "w", "gone"));
        TestDevice without = server.connected(version, "d2");

        leaving.leaves();
        without.vanishes();
        server.pass(100_000);

        assertThat(server.taken).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.1.2-10] [5.0/MQTT-3.1.2-10] a will is published once, and not again when the next"
            + " connection without one fails")
    void publishedOnce(ProtocolVersion version) {
        server.route("w");
        server.connected(Connecting.resuming(version, "d1").will(1, false, "w", "gone"))
                .vanishes();

        server.connected(Connecting.resuming(version, "d1")).vanishes();
        server.pass(1_000_000);

        assertThat(server.takenTexts()).containsExactly("gone");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-3.1.2-16] [3.1.1/MQTT-3.1.2-17] [5.0/MQTT-3.1.2-14] [5.0/MQTT-3.1.2-15] a will is retained"
                    + " when it says so, and not otherwise")
    void retained(ProtocolVersion version) {
        server.connected(Connecting.of(version, "d1").will(0, true, "w/kept", "kept"))
                .vanishes();
        server.connected(Connecting.of(version, "d2").will(0, false, "w/not", "not"))
                .vanishes();

        TestDevice watcher = server.connected(version, "watcher");
        watcher.subscribes(1, "w/# 00");

        assertThat(watcher.hears()).containsExactly("SUBACK 1 00", "PUBLISH retain q0 w/kept 'kept'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a will is published when another connection takes the session over with a clean start")
    void takenOver(ProtocolVersion version) {
        server.route("w");
        server.connected(Connecting.of(version, "d1").will(0, false, "w", "gone"));

        server.connected(version, "d1");

        assertThat(server.takenTexts()).containsExactly("gone");
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.3-10] a will has its properties, User Properties in their order")
    void properties() {
        TestDevice watcher = watcher(V5, "w 00");
        String properties =
                "0101 03 0001 63 08 0001 72 09 0001 64 26 0001 62 0001 31 26 0001 61 0001 32 26 0001 62 0001 31";

        server.connected(Connecting.of(V5, "d1").will(0, false, "w", "gone", properties))
                .vanishes();

        assertThat(watcher.hears()).containsExactly("PUBLISH q0 w 'gone' {" + properties.replace(" ", "") + "}");
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.3-9] a will that is delayed is not sent when the device is back in time [A54]")
    void backInTime() {
        server.route("w");
        Connecting connecting = Connecting.resuming(V5, "d1").will(0, false, "w", "gone", "18 0000000A");
        server.connected(connecting).vanishes();
        server.pass(9_999);

        server.connected(Connecting.resuming(V5, "d1").keepAlive(1000));
        server.pass(20_000);

        assertThat(server.taken).isEmpty();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.1.2-8] a will that is delayed is sent when the delay is over, or the session if that is"
            + " sooner [A54]")
    void delayed() {
        server.route("+");
        server.connected(Connecting.resuming(V5, "d1").will(0, false, "w", "delay", "18 0000000A"))
                .vanishes();
        server.connected(Connecting.of(V5, "d2").with("11 00000005").will(0, false, "w", "session", "18 0000000A"))
                .vanishes();
        server.connected(Connecting.of(V5, "d3").will(0, false, "w", "at once", "18 0000000A"))
                .vanishes();

        assertThat(server.takenTexts()).containsExactly("at once");
        server.pass(4_999);
        assertThat(server.taken).hasSize(1);
        server.pass(1);
        assertThat(server.takenTexts()).containsExactly("at once", "session");
        server.pass(5_000);
        assertThat(server.takenTexts()).containsExactly("at once", "session", "delay");
    }

    @Test
    @DisplayName("a 5.0 device that says so in DISCONNECT has its will published [5.0 §3.14.2.1]")
    void disconnectWithWill() {
        server.route("w");
        TestDevice device = server.connected(Connecting.of(V5, "d1").will(0, false, "w", "gone"));

        device.sends("E001 04");

        assertThat(server.takenTexts()).containsExactly("gone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/+", "#", "", "$SYS/x", "\u0001"})
    @DisplayName("a Will Topic that is no Topic Name, or the server's, is refused and the will is not published [A10]")
    void badTopic(String topic) {
        server.route("#");

        TestDevice device = server.accepts(V5)
                .sends(Connecting.of(V5, "d1").will(0, false, topic, "gone").bytes());

        assertThat(device.hears()).singleElement().asString().matches("CONNACK (90|81)");
        assertThat(device.isOpen()).isFalse();
        assertThat(server.taken).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.settings.ByteSize;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.session.Counter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What devices may take together")
class SharedBudgetTest {
    private static final int QOS_0 = 0x30;

    @Test
    @DisplayName("of subscriptions: further ones are refused with 0x97 until others have ended [A22]")
    void subscriptions() {
        try (TestServer server = new TestServer(TestLimits.with("maxAllSubscriptions", 3))) {
            TestDevice one = server.connected(V5, "d1").subscribes(1, "a 00", "b 00");
            TestDevice two = server.connected(V5, "d2").subscribes(1, "a 00", "b 00");
            assertThat(one.hears()).containsExactly("SUBACK 1 00 00");
            assertThat(two.hears()).containsExactly("SUBACK 1 00 97");

            assertThat(two.subscribes(2, "a 01").hears()).containsExactly("SUBACK 2 01");
            one.unsubscribes(3, "a").hears();
            assertThat(two.subscribes(3, "b 00", "c 00").hears()).containsExactly("SUBACK 3 00 97");
            one.vanishes();

            assertThat(two.subscribes(4, "c 00", "d 00").hears()).containsExactly("SUBACK 4 00 97");
            assertThat(server.count(Counter.SUBSCRIPTIONS_REFUSED)).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("of memory for Topic Aliases: who sets one more is disconnected with 0x97; there is room again when a"
            + " connection has ended or an alias was set anew [A39]")
    void topicAliases() {
        try (TestServer server = new TestServer(TestLimits.with("maxTopicAliasBytes", new ByteSize(10)))) {
            TestDevice one = setsAlias(server, "d1", "123456");
            TestDevice two = setsAlias(server, "d2", "1234");
            TestDevice three = setsAlias(server, "d3", "1");
            assertThat(three.hears()).singleElement().asString().startsWith("DISCONNECT 97");

            two.publishes(QOS_0, 0, "12", "x", "23 0001");
            assertThat(setsAlias(server, "d4", "12").isOpen()).isTrue();
            assertThat(setsAlias(server, "d5", "1").isOpen()).isFalse();
            one.vanishes();

            assertThat(setsAlias(server, "d6", "123456").isOpen()).isTrue();
            assertThat(server.count(Counter.TOPIC_ALIASES_REFUSED)).isEqualTo(2);
        }
    }

    private static TestDevice setsAlias(TestServer server, String clientId, String topic) {
        return server.connected(V5, clientId).publishes(QOS_0, 0, topic, "x", "23 0001");
    }

    @Test
    @DisplayName(
            "of time for a message: one that a thousand subscriptions of a device match is one packet with all their"
                    + " identifiers [A41]")
    void subscriptionBomb() {
        try (TestServer server = new TestServer()) {
            TestDevice device = server.connected(V5, "d1");
            for (int i = 0; i < 1_000; i++) {
                device.subscribesWith("0B 01", i + 1, variant(i) + " 00");
            }
            device.hears();

            server.brings("x/x/x/x/x/x/x/x/x/x", 0, "m");

            assertThat(device.hears())
                    .containsExactly("PUBLISH q0 x/x/x/x/x/x/x/x/x/x 'm' {" + "0B01".repeat(1_000) + "}");
        }
    }

    /** Ten levels, each x or a wildcard as the bits of the number say. */
    private static String variant(int number) {
        StringBuilder filter = new StringBuilder();
        for (int level = 0; level < 10; level++) {
            filter.append(level == 0 ? "" : "/").append((number >> level & 1) == 0 ? "x" : "+");
        }
        return filter.toString();
    }

    @Test
    @DisplayName("of time for a packet: one that takes longer closes its connection, and its will is published [A32]")
    void slowPacket() {
        try (TestServer server = new TestServer()) {
            server.route("w");
            TestDevice device =
                    server.connected(Connecting.of(V5, "d1").keepAlive(0).will(0, false, "w", "gone"));
            device.sends("30 FF1E 0001 61 00");
            for (int seconds = 0; seconds < 59; seconds++) {
                server.pass(1_000);
                device.sends("78");
            }
            server.pass(999);
            assertThat(device.isOpen()).isTrue();

            server.pass(1);

            assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT 83");
            assertThat(device.isOpen()).isFalse();
            assertThat(server.count(Counter.PACKETS_TOO_SLOW)).isEqualTo(1);
            assertThat(server.takenTexts()).containsExactly("gone");
        }
    }

    @Test
    @DisplayName("of time for a packet: each has it anew, and the time in which nothing is read does not count [A32]")
    void notTheDevicesFault() {
        try (TestServer server = new TestServer(TestLimits.withWindows(1, 100))) {
            server.route("a");
            TestDevice device = server.connected(Connecting.of(V3_1_1, "d1").keepAlive(0));
            device.sends("32 06 0001 61 0001 78" + "32 0A 0001 61 0002");
            server.pass(100_000);
            assertThat(device.isOpen()).isTrue();

            server.answers(0, Delivery.accepted());
            server.pass(59_000);
            device.sends("7878787878");
            server.answers(1, Delivery.accepted());
            device.sends("30 0A 0001 61");
            server.pass(59_000);

            assertThat(device.isOpen()).isTrue();
            assertThat(server.takenTexts()).containsExactly("x", "xxxxx");
            assertThat(server.count(Counter.PACKETS_TOO_SLOW)).isZero();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.OverloadSettings;
import io.gantry.mqtt.Percent;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("An overloaded server")
class OverloadTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        assertThat(server.faults).isEmpty();
        server.close();
    }

    private void findsDirectMemory(double percent) {
        server.looks(0, percent, 0);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("refuses new connections as busy, with 0x89 or 0x03, until it has recovered; who is connected stays")
    void connections(ProtocolVersion version) {
        TestDevice before = server.connected(version, "d1");
        findsDirectMemory(85);

        TestDevice refused =
                server.accepts(version).sends(Connecting.of(version, "d2").bytes());

        assertThat(refused.hears()).containsExactly(version == V5 ? "CONNACK 89" : "CONNACK 03");
        assertThat(refused.isOpen()).isFalse();
        assertThat(server.count(Counter.CONNECTIONS_SHED)).isOne();
        assertThat(server.count(Counter.CONNECTIONS_REFUSED)).isOne();
        assertThat(before.sends("C000").hears()).containsExactly("PINGRESP");
        findsDirectMemory(76);
        assertThat(server.connected(version, "d2").isOpen()).isTrue();
    }

    @Test
    @DisplayName("drops messages of QoS 0 from devices, each of them counted, and takes QoS 1 and 2 as ever")
    void qos0() {
        server.route("a");
        TestDevice device = server.connected(V5, "d1");
        findsDirectMemory(90);

        device.publishes(0, 0, "a", "shed")
                .publishes(1, 1, "a", "one")
                .publishes(0, 0, "a", "shed too")
                .publishes(2, 2, "a", "two");

        assertThat(server.takenTexts()).containsExactly("one", "two");
        assertThat(server.count(Counter.MESSAGES_SHED)).isEqualTo(2);
        assertThat(server.count(Counter.MESSAGES_RECEIVED)).isEqualTo(4);
        findsDirectMemory(76);
        device.publishes(0, 0, "a", "taken");
        assertThat(server.takenTexts()).containsExactly("one", "two", "taken");
    }

    @Test
    @DisplayName("keeps the meaning of a Topic Alias that a dropped message has set")
    void alias() {
        server.route("a");
        TestDevice device = server.connected(V5, "d1");
        findsDirectMemory(90);
        device.publishes(0x30, 0, "a", "shed", "23 0001");
        findsDirectMemory(0);

        device.publishes(0x30, 0, "", "taken", "23 0001");

        assertThat(server.takenTexts()).containsExactly("taken");
    }

    @Test
    @DisplayName(
            "reads devices that publish one message a second when it gets worse, and loses nothing of QoS 1; it reads"
                    + " those that do not as ever")
    void slows() {
        server.route("a");
        TestDevice publisher = server.connected(V3_1_1, "d1");
        TestDevice other = server.connected(V3_1_1, "d2");
        findsDirectMemory(92.5);

        publisher.publishes(1, 1, "a", "1").publishes(1, 2, "a", "2").publishes(1, 3, "a", "3");

        assertThat(server.takenTexts()).containsExactly("1");
        assertThat(other.sends("C000", "C000").hears()).containsExactly("PINGRESP", "PINGRESP");
        server.pass(1_000);
        assertThat(server.takenTexts()).containsExactly("1", "2");
        assertThat(server.count(Counter.READING_SLOWED)).isEqualTo(2);
        findsDirectMemory(80);
        server.pass(1_000);
        assertThat(server.takenTexts()).containsExactly("1", "2", "3");
        assertThat(publisher.publishes(1, 4, "a", "4").isOpen()).isTrue();
        assertThat(server.takenTexts()).containsExactly("1", "2", "3", "4");
    }

    @Test
    @DisplayName("tells those that do not speak MQTT to come later")
    void guests() {
        findsDirectMemory(85);

        server.guestPublishes("a", 1, false, "x");

        assertThat(server.outcomes)
                .containsExactly(new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "the gateway is overloaded"));
    }

    @Test
    @DisplayName(
            "is so from the mark on, and no longer a tenth below it, so that it does not come and go; it is counted"
                    + " once")
    void hysteresis() {
        findsDirectMemory(84.9);
        assertThat(isShedding()).isFalse();

        findsDirectMemory(85);
        assertThat(isShedding()).isTrue();
        findsDirectMemory(77);
        assertThat(isShedding()).isTrue();
        findsDirectMemory(76.4);
        assertThat(isShedding()).isFalse();
        findsDirectMemory(84.9);
        assertThat(isShedding()).isFalse();

        assertThat(server.count(Counter.OVERLOADS)).isOne();
    }

    @ParameterizedTest
    @CsvSource({"5,85,0", "3,0,1000"})
    @DisplayName(
            "is so when its heap was found full five times in a row, or its event loops slow three times: once may be"
                    + " garbage, or a pause")
    void patience(int looks, double heap, double lagMillis) {
        for (int i = 1; i < looks; i++) {
            server.looks(heap, 0, lagMillis);
        }
        server.looks(0, 0, 0);
        for (int i = 1; i < looks; i++) {
            server.looks(heap, 0, lagMillis);
            assertThat(isShedding()).isFalse();
        }

        server.looks(heap, 0, lagMillis);

        assertThat(isShedding()).isTrue();
        server.looks(0, 0, 0);
        assertThat(isShedding()).isFalse();
    }

    @Test
    @DisplayName(
            "is so at once, and reads devices that publish slowly, when a garbage collection leaves the heap nearly full;"
                    + " less than that waits for the looks")
    void nearlyFull() {
        server.route("a");
        TestDevice publisher = server.connected(V5, "d1");
        for (int i = 0; i < 10; i++) {
            server.collects(92.4);
        }
        assertThat(isShedding()).isFalse();

        server.collects(92.5);

        assertThat(isShedding()).isTrue();
        publisher.publishes(1, 1, "a", "1").publishes(1, 2, "a", "2");
        assertThat(server.takenTexts()).containsExactly("1");
        assertThat(server.count(Counter.OVERLOADS)).isOne();
        server.looks(85, 0, 0);
        assertThat(isShedding()).isTrue();
        server.collects(50);
        assertThat(isShedding()).isTrue();
        server.looks(50, 0, 0);
        assertThat(isShedding()).isFalse();
    }

    @Test
    @DisplayName("is so for each cause by itself: one that is over does not end another")
    void causes() {
        for (int i = 0; i < 5; i++) {
            server.looks(86, 86, 0);
        }

        server.looks(86, 0, 0);
        assertThat(isShedding()).isTrue();
        server.looks(0, 0, 0);

        assertThat(isShedding()).isFalse();
    }

    @Test
    @DisplayName("is never so without a mark")
    void off() {
        OverloadSettings none = new OverloadSettings(new Percent(0), new Percent(0), Duration.ZERO);
        try (TestServer unwatched = new TestServer(TestLimits.with("overload", none))) {
            for (int i = 0; i < 10; i++) {
                unwatched.looks(100, 100, 100_000);
                unwatched.collects(100);
            }

            assertThat(unwatched.connected(V5, "d1").sends("C000").hears()).containsExactly("PINGRESP");
            assertThat(unwatched.count(Counter.OVERLOADS)).isZero();
        }
    }

    private boolean isShedding() {
        return server.accepts(V5)
                .sends(Connecting.of(V5, "probe").bytes())
                .hears()
                .equals(List.of("CONNACK 89"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Qos;
import io.gantry.mqtt.TestLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A server whose settings allow less than MQTT does")
class SupportTest {
    private final TestServer qos1 = new TestServer(TestLimits.with("maxQos", Qos.AT_LEAST_ONCE));
    private final TestServer forgetful = new TestServer(TestLimits.with("maxRetainedMessages", 0));

    @AfterEach
    void close() {
        qos1.close();
        forgetful.close();
    }

    private static String answer(TestServer server, Connecting connecting) {
        return server.accepts(connecting.version()).sends(connecting.bytes()).hearsBytes();
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.2.2-9] [5.0/MQTT-3.2.2-11] tells its Maximum QoS, and disconnects a device that publishes above"
                    + " it with 0x9B [A55]")
    void maximumQos() {
        assertThat(answer(qos1, Connecting.of(V5, "d1"))).contains("2401");
        TestDevice device = qos1.connected(V5, "d2").publishes(1, 1, "a", "x");
        assertThat(device.hears()).containsExactly("PUBACK 1");

        device.publishes(2, 2, "a", "x");

        assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT 9B");
        assertThat(device.isOpen()).isFalse();
        qos1.connected(V3_1_1, "d3").publishes(2, 1, "a", "x").isClosedWith("9B");
    }

    @Test
    @DisplayName("[5.0/MQTT-3.2.2-12] refuses a will above its Maximum QoS [A55]")
    void willAboveMaximumQos() {
        assertThat(answer(qos1, Connecting.of(V5, "d1").will(2, false, "w", "x")))
                .isEqualTo("2003009B00");
        assertThat(answer(qos1, Connecting.of(V3_1_1, "d1").will(2, false, "w", "x")))
                .isEmpty();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.2.2-10] takes subscriptions at any QoS, and grants and serves them at its Maximum QoS")
    void subscriptions() {
        TestDevice device = qos1.connected(V5, "d1").subscribes(1, "a 02", "b 01", "c 00");
        assertThat(device.hears()).containsExactly("SUBACK 1 01 01 00");

        qos1.brings("a", 2, "x");

        assertThat(device.hears()).containsExactly("PUBLISH q1 #1 a 'x'");
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.2.2-14] tells that it retains nothing, and disconnects a device that would have it do so with"
                    + " 0x9A [A55]")
    void noRetain() {
        assertThat(answer(forgetful, Connecting.of(V5, "d1"))).contains("2500");

        TestDevice device = forgetful.connected(V5, "d2").publishesRetained(0, 0, "a", "x");

        assertThat(device.hears()).singleElement().asString().startsWith("DISCONNECT 9A");
        assertThat(device.isOpen()).isFalse();
    }

    @Test
    @DisplayName("[5.0/MQTT-3.2.2-13] refuses a will that is to be retained when it retains nothing [A55]")
    void retainedWill() {
        assertThat(answer(forgetful, Connecting.of(V5, "d1").will(0, true, "w", "x")))
                .isEqualTo("2003009A00");
    }
}

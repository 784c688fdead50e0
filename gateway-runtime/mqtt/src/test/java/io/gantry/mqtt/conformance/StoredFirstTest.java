// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.packet.ProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("While the disk is slow")
class StoredFirstTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    private TestDevice kept(ProtocolVersion version, String clientId) {
        return server.connected(Connecting.resuming(version, clientId));
    }

    private void assertHeardOnlyWhenStored(TestDevice device, String... packets) {
        server.run();
        assertThat(device.hears()).isEmpty();

        server.store.letGo();
        server.run();

        assertThat(device.hears()).containsExactly(packets);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a session is not confirmed by CONNACK before it is stored, and the device is not read")
    void connAck(ProtocolVersion version) {
        server.store.hold();
        TestDevice device =
                server.accepts(version).sends(Connecting.resuming(version, "d1").bytes(), "C000");

        server.run();
        assertThat(device.hears()).isEmpty();
        server.store.letGo();
        server.run();

        assertThat(device.hears()).hasSize(2).last().isEqualTo("PINGRESP");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a clean session is not confirmed before the one it takes the place of is gone from the store")
    void cleanStart(ProtocolVersion version) {
        kept(version, "d1").vanishes();
        server.store.hold();
        TestDevice device =
                server.accepts(version).sends(Connecting.of(version, "d1").bytes());

        server.run();
        assertThat(device.hears()).isEmpty();
        assertThat(server.store.stored()).hasSize(1);
        server.store.letGo();
        server.run();

        assertThat(device.hears()).hasSize(1);
        assertThat(server.store.stored()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a subscription is not confirmed before it is stored, nor its end")
    void subAck(ProtocolVersion version) {
        TestDevice device = kept(version, "d1");
        String none = version == ProtocolVersion.V5 ? "00" : "";
        server.store.hold();
        device.subscribes(1, "a 01");
        assertHeardOnlyWhenStored(device, "SUBACK 1 01");

        server.store.hold();
        device.sends(Hex.packet(0xA2, "0002" + none + "000161"));
        server.run();
        assertThat(device.hears()).isEmpty();
        server.store.letGo();
        server.run();

        assertThat(device.hears()).singleElement().asString().startsWith("UNSUBACK 2");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a message for a session that is kept is not acknowledged before it is stored")
    void pubAck(ProtocolVersion version) {
        kept(version, "away").subscribes(1, "a 02").vanishes();
        TestDevice device = server.connected(version, "publisher");
        server.store.hold();
        device.publishes(1, 1, "a", "x");

        assertHeardOnlyWhenStored(device, "PUBACK 1");
        assertThat(server.store.queued()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-4.3.3-2] [5.0/MQTT-4.3.3-8] the identifier of a QoS 2 message is not confirmed before it is"
                    + " stored, and not given back before that is")
    void pubRecAndPubComp(ProtocolVersion version) {
        TestDevice device = kept(version, "publisher");
        server.store.hold();
        device.publishes(2, 7, "a", "x");
        assertHeardOnlyWhenStored(device, "PUBREC 7");

        server.store.hold();
        device.sends("6202 0007");

        assertHeardOnlyWhenStored(device, "PUBCOMP 7");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-4.3.3-1] [5.0/MQTT-4.3.3-1] a QoS 2 message is not sent before its identifier is stored, and"
                    + " not released before it is stored that the device has it")
    void publishAndPubRel(ProtocolVersion version) {
        TestDevice device = kept(version, "d1").subscribes(1, "a 02");
        device.hears();
        server.brings("a", 2, "x");
        assertThat(device.hears()).containsExactly("PUBLISH q2 #1 a 'x'");
        server.store.hold();
        server.brings("a", 2, "y");
        device.sends("5002 0001");

        server.run();
        assertThat(device.hears()).isEmpty();
        server.store.doWhatIsHeld();
        server.run();
        assertThat(device.hears()).containsExactly("PUBREL 1");
        server.store.letGo();
        server.run();
        assertThat(device.hears()).containsExactly("PUBLISH q2 #2 a 'y'");
    }
}

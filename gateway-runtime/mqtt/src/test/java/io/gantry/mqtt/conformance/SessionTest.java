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

@DisplayName("Sessions in memory")
class SessionTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.1.2-4] [3.1.1/MQTT-3.1.2-5] [3.1.1/MQTT-4.1.0-1] [3.1.1/MQTT-4.5.0-1]"
            + " [5.0/MQTT-3.1.2-5] [5.0/MQTT-3.1.2-23] [5.0/MQTT-4.5.0-1] a session keeps its subscriptions, and the"
            + " QoS 1 and 2 messages that come while its device is away")
    void kept(ProtocolVersion version) {
        server.connected(Connecting.resuming(version, "d1"))
                .subscribes(1, "a/+ 02")
                .leaves();
        TestDevice publisher = server.connected(version, "publisher");
        publisher.publishes(1, 1, "a/b", "one").publishes(2, 2, "a/b", "two").publishes(1, 3, "b", "not mine");

        TestDevice back = server.connected(Connecting.resuming(version, "d1").keepAlive(99));
        back.acks(1).sendsPubRec(2).completes(2);
        publisher.publishes(0, 0, "a/c", "three");

        assertThat(back.hears()).containsExactly("PUBREL 2", "PUBLISH q0 a/c 'three'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("what waited for a session comes after CONNACK, in its order")
    void waited(ProtocolVersion version) {
        server.connected(Connecting.resuming(version, "d1"))
                .subscribes(1, "a 02")
                .leaves();
        server.connected(version, "publisher").publishes(1, 1, "a", "one").publishes(2, 2, "a", "two");

        TestDevice back =
                server.accepts(version).sends(Connecting.resuming(version, "d1").bytes());

        assertThat(back.hears())
                .satisfiesExactly(
                        connAck -> assertThat(connAck).startsWith("CONNACK 00 present"),
                        one -> assertThat(one).isEqualTo("PUBLISH q1 #1 a 'one'"),
                        two -> assertThat(two).isEqualTo("PUBLISH q2 #2 a 'two'"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-3.1.2-6] [3.1.1/MQTT-3.1.4-3] [5.0/MQTT-3.1.2-4] [5.0/MQTT-3.1.4-4] a clean start ends the"
                    + " session there was, and one that does not last ends with its connection")
    void clean(ProtocolVersion version) {
        server.connected(Connecting.resuming(version, "d1"))
                .subscribes(1, "a 01")
                .leaves();
        TestDevice publisher = server.connected(version, "publisher").publishes(1, 1, "a", "old");

        TestDevice clean = server.connected(version, "d1");
        publisher.publishes(1, 2, "a", "new");
        assertThat(clean.hears()).isEmpty();
        clean.subscribes(1, "a 01").leaves();
        publisher.publishes(1, 3, "a", "away");

        TestDevice next =
                server.accepts(version).sends(Connecting.resuming(version, "d1").bytes());
        assertThat(next.hears())
                .singleElement()
                .asString()
                .startsWith("CONNACK 00")
                .doesNotContain("present");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.1.3-2] [5.0/MQTT-3.1.3-2] each Client Identifier has a session of its own")
    void ofTheirOwn(ProtocolVersion version) {
        TestDevice one = server.connected(version, "d").subscribes(1, "a 00");
        TestDevice other = server.connected(version, "D").subscribes(1, "b 00");
        one.hears();
        other.hears();

        server.brings("a", 0, "for d");

        assertThat(one.hears()).containsExactly("PUBLISH q0 a 'for d'");
        assertThat(other.hears()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.1.2-7] retained messages outlive the session that published them")
    void retainedOutlives(ProtocolVersion version) {
        server.connected(version, "d1").publishesRetained(0, 0, "a", "kept").leaves();

        TestDevice later = server.connected(version, "d2").subscribes(1, "a 00");

        assertThat(later.hears()).containsExactly("SUBACK 1 00", "PUBLISH retain q0 a 'kept'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-3.1.4-2] [5.0/MQTT-3.1.4-3] [5.0/MQTT-3.14.4-1] [5.0/MQTT-3.14.4-2] a device that connects"
                    + " again takes the session over; the old connection is told 0x8E and closed, and hears no more [A35]")
    void takeOver(ProtocolVersion version) {
        TestDevice old = server.connected(Connecting.resuming(version, "d1")).subscribes(1, "a 00");
        old.hears();

        TestDevice next = server.connected(Connecting.resuming(version, "d1"));
        server.brings("a", 0, "x");

        old.isClosedWith("8E");
        assertThat(next.hears()).containsExactly("PUBLISH q0 a 'x'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a take-over moves what is in flight both ways, once, without loss and without a second copy [A36]")
    void takeOverInFlight(ProtocolVersion version) {
        server.route("up");
        TestDevice old = server.connected(Connecting.resuming(version, "d1")).subscribes(1, "down 02");
        server.brings("down", 2, "to the device");
        old.publishes(2, 7, "up", "from the device").hears();

        TestDevice next = server.connected(Connecting.resuming(version, "d1"));
        next.publishes(0x3C, 7, "up", "from the device", "").sendsPubRec(1).completes(1);
        server.answers(0, io.gantry.api.Delivery.accepted());
        next.releases(7);

        assertThat(server.takenTexts()).containsExactly("from the device");
        assertThat(server.outcomes).hasSize(1);
        assertThat(next.hears()).containsExactly("PUBREL 1", "PUBREC 7", "PUBCOMP 7");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-4.1.0-2] [5.0/MQTT-4.1.0-1] a session that does not last lives while its connection does")
    void whileConnected(ProtocolVersion version) {
        TestDevice device =
                server.connected(Connecting.of(version, "d1").keepAlive(3_600)).subscribes(1, "a 00");
        device.hears();

        server.pass(5_000_000);
        server.brings("a", 0, "still here");

        assertThat(device.hears()).containsExactly("PUBLISH q0 a 'still here'");
    }

    @Test
    @DisplayName("[5.0/MQTT-4.1.0-2] [5.0/MQTT-3.1.2-23] a session is there until its Session Expiry Interval is over")
    void expires() {
        server.connected(Connecting.resuming(V5, "d1")).leaves();
        server.pass(99_999);
        TestDevice intime =
                server.accepts(V5).sends(Connecting.resuming(V5, "d1").bytes());
        assertThat(intime.hearsBytes()).matches("20..0100.*");
        intime.leaves();

        server.pass(100_000);
        TestDevice late = server.accepts(V5).sends(Connecting.resuming(V5, "d1").bytes());

        assertThat(late.hearsBytes()).matches("20..0000.*");
    }

    @Test
    @DisplayName("DISCONNECT may change the Session Expiry Interval [5.0 §3.14.2.2.2]")
    void expiryAtDisconnect() {
        server.connected(Connecting.resuming(V5, "d1")).sends("E007 00 05 11 00000005");
        server.pass(5_000);

        TestDevice late = server.accepts(V5).sends(Connecting.resuming(V5, "d1").bytes());

        assertThat(late.hearsBytes()).matches("20..0000.*");
    }

    @Test
    @DisplayName("DISCONNECT cannot make a session last that did not [5.0 §3.14.2.2.2]")
    void expiryFromZero() {
        TestDevice device = server.connected(V5, "d1");

        device.sends("E007 00 05 11 00000005");

        assertThat(device.hearsBytes()).matches("E0..82.*");
        assertThat(device.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an uplink message whose device has gone is handed on once, and its session ends with it [A29]")
    void goneBeforePubRec(ProtocolVersion version) {
        server.route("a");
        server.connected(version, "d1").publishes(2, 5, "a", "once").vanishes();
        server.answers(0, io.gantry.api.Delivery.accepted());

        TestDevice again = server.connected(version, "d1").publishes(2, 5, "a", "another");

        assertThat(server.takenTexts()).containsExactly("once", "another");
        assertThat(again.hears()).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.packet.ProtocolVersion;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Retained messages")
class RetainedTest {
    private final TestServer server = new TestServer();

    @AfterEach
    void close() {
        server.close();
    }

    private List<String> laterSubscriber(ProtocolVersion version, String filter) {
        TestDevice device = server.connected(version, "later").subscribes(1, filter);
        List<String> heard = device.hears();
        device.leaves();
        return heard.subList(1, heard.size());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-3.3.1-5] [3.1.1/MQTT-3.3.1-6] [3.1.1/MQTT-3.3.1-8] [5.0/MQTT-3.3.1-5] [5.0/MQTT-3.3.1-9] a new"
                    + " subscription gets the last retained message of each topic it matches, with its QoS and RETAIN 1")
    void lastOfEach(ProtocolVersion version) {
        TestDevice publisher = server.connected(version, "publisher");
        publisher.publishesRetained(1, 1, "a/1", "old").publishesRetained(1, 2, "a/1", "new");
        publisher.publishesRetained(0, 0, "a/2", "two").publishesRetained(0, 0, "b", "not mine");

        assertThat(laterSubscriber(version, "a/+ 02"))
                .containsExactlyInAnyOrder("PUBLISH retain q1 #1 a/1 'new'", "PUBLISH retain q0 a/2 'two'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.3.1-7] a retained message of QoS 0 takes the place of the one before")
    void atMostOnce(ProtocolVersion version) {
        TestDevice publisher = server.connected(version, "publisher").publishesRetained(1, 1, "a", "old");

        publisher.publishesRetained(0, 0, "a", "new");

        assertThat(laterSubscriber(version, "a 02")).containsExactly("PUBLISH retain q0 a 'new'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.3.1-9] [5.0/MQTT-3.3.1-12] a message goes to an established subscription with RETAIN 0")
    void established(ProtocolVersion version) {
        TestDevice subscriber = server.connected(version, "subscriber").subscribes(1, "a 00");

        server.connected(version, "publisher").publishesRetained(0, 0, "a", "x");

        assertThat(subscriber.hears()).containsExactly("SUBACK 1 00", "PUBLISH q0 a 'x'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-3.3.1-10] [3.1.1/MQTT-3.3.1-11] [5.0/MQTT-3.3.1-6] [5.0/MQTT-3.3.1-7] an empty retained"
                    + " message is delivered, deletes the one before, and is not kept; nor is one for a topic without any [A53]")
    void deleted(ProtocolVersion version) {
        TestDevice subscriber = server.connected(version, "subscriber").subscribes(1, "+ 00");
        TestDevice publisher = server.connected(version, "publisher").publishesRetained(0, 0, "a", "x");
        subscriber.hears();

        publisher.publishesRetained(0, 0, "a", "").publishesRetained(0, 0, "b", "");

        assertThat(subscriber.hears()).containsExactly("PUBLISH q0 a ''", "PUBLISH q0 b ''");
        assertThat(laterSubscriber(version, "+ 00")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "[3.1.1/MQTT-3.3.1-12] [5.0/MQTT-3.3.1-8] a message with RETAIN 0 neither is kept nor replaces what is")
    void untouched(ProtocolVersion version) {
        TestDevice publisher = server.connected(version, "publisher").publishesRetained(0, 0, "a", "kept");

        publisher.publishes(0, 0, "a", "x").publishes(0, 0, "a", "").publishes(0, 0, "b", "y");

        assertThat(laterSubscriber(version, "# 00")).containsExactly("PUBLISH retain q0 a 'kept'");
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("[3.1.1/MQTT-3.8.4-3] [5.0/MQTT-3.8.4-3] [5.0/MQTT-3.8.4-4] subscribing again to the same filter takes"
            + " the place of the old subscription: what is retained comes again, a new message once, at the new QoS")
    void subscribedAgain(ProtocolVersion version) {
        server.connected(version, "publisher").publishesRetained(1, 1, "a", "kept");
        TestDevice device = server.connected(version, "d1").subscribes(1, "+ 01");
        device.acks(1).hears();

        device.subscribes(2, "+ 00");
        server.brings("a", 1, "new");

        assertThat(device.hears()).containsExactly("SUBACK 2 00", "PUBLISH retain q0 a 'kept'", "PUBLISH q0 a 'new'");
    }

    @ParameterizedTest(name = "options {0}: {1} messages the first time, {2} the second")
    @CsvSource({"00, 1, 1", "10, 1, 0", "20, 0, 0"})
    @DisplayName(
            "[5.0/MQTT-3.3.1-9] [5.0/MQTT-3.3.1-10] [5.0/MQTT-3.3.1-11] Retain Handling says when retained messages"
                    + " come: always, for a new subscription, never")
    void retainHandling(String options, int first, int second) {
        server.connected(V5, "publisher").publishesRetained(0, 0, "a", "kept");
        TestDevice device = server.connected(V5, "d1");

        assertThat(device.subscribes(1, "a " + options).hears()).hasSize(1 + first);
        assertThat(device.subscribes(2, "a " + options).hears()).hasSize(1 + second);
    }

    @Test
    @DisplayName(
            "[5.0/MQTT-3.3.1-12] [5.0/MQTT-3.3.1-13] Retain As Published keeps the RETAIN of the publisher, 0 and 1")
    void retainAsPublished() {
        TestDevice asPublished = server.connected(V5, "d1").subscribes(1, "a 08");
        TestDevice not = server.connected(V5, "d2").subscribes(1, "a 00");
        asPublished.hears();
        not.hears();

        server.connected(V5, "publisher").publishesRetained(0, 0, "a", "1").publishes(0, 0, "a", "0");

        assertThat(asPublished.hears()).containsExactly("PUBLISH retain q0 a '1'", "PUBLISH q0 a '0'");
        assertThat(not.hears()).containsExactly("PUBLISH q0 a '1'", "PUBLISH q0 a '0'");
    }

    @Test
    @DisplayName("a retained message that has expired is not sent to a new subscription [5.0 §3.3.1.3]")
    void expired() {
        server.connected(V5, "publisher").publishes(0x31, 0, "a", "x", "02 0000000A");
        server.pass(9_000);
        assertThat(laterSubscriber(V5, "a 00")).containsExactly("PUBLISH retain q0 a 'x' {0200000001}");

        server.pass(1_000);

        assertThat(laterSubscriber(V5, "a 00")).isEmpty();
    }
}

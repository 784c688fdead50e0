// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.conformance.Hex.string;

import io.gantry.mqtt.packet.ProtocolVersion;

/**
 * A CONNECT packet.
 *
 * @param will Will Properties of 5.0, Will Topic and Will Payload as bytes; empty for none
 * @param properties of 5.0
 * @param user User Name and Password as bytes; empty for none
 */
record Connecting(
        ProtocolVersion version,
        String clientId,
        int flags,
        int keepAlive,
        String will,
        String properties,
        String user) {
    private static final int CLEAN = 0b10;
    private static final int WILL = 0b100;
    private static final int USER = 0b1100_0000;

    /** With a clean session that ends with the connection, and a Keep Alive of 10 seconds. */
    static Connecting of(ProtocolVersion version, String clientId) {
        return new Connecting(version, clientId, CLEAN, 10, "", "", "");
    }

    /** With what there is of a session, which stays for 100 seconds (5.0) or for good (3.1.1). */
    static Connecting resuming(ProtocolVersion version, String clientId) {
        return new Connecting(version, clientId, 0, 10, "", "11 00000064", "");
    }

    Connecting with(String moreProperties) {
        return new Connecting(version, clientId, flags, keepAlive, will, properties + moreProperties, user);
    }

    Connecting keepAlive(int seconds) {
        return new Connecting(version, clientId, flags, seconds, will, properties, user);
    }

    Connecting will(int qos, boolean retain, String topic, String payload) {
        return will(qos, retain, topic, payload, "");
    }

    /** With a will and, in 5.0, its properties. */
    Connecting will(int qos, boolean retain, String topic, String payload, String willProperties) {
        String before = version == ProtocolVersion.V5 ? Hex.properties(willProperties) : "";
        int willFlags = WILL | qos << 3 | (retain ? 0b10_0000 : 0);
        return new Connecting(
                version,
                clientId,
                flags | willFlags,
                keepAlive,
                before + string(topic) + string(payload),
                properties,
                user);
    }

    Connecting user(String name, String password) {
        return new Connecting(
                version, clientId, flags | USER, keepAlive, will, properties, string(name) + string(password));
    }

    String bytes() {
        boolean v5 = version == ProtocolVersion.V5;
        return Hex.packet(
                0x10,
                string("MQTT")
                        + (v5 ? "05" : "04")
                        + String.format("%02X%04X", flags, keepAlive)
                        + (v5 ? Hex.properties(properties) : "")
                        + string(clientId)
                        + will
                        + user);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static io.gantry.mqtt.packet.ProtocolVersion.V3_1_1;
import static io.gantry.mqtt.packet.ProtocolVersion.V5;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.packet.ProtocolVersion;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a decoder must refuse.
 *
 * @param connected what the connection spoke before; null when these are its first bytes
 * @param answered what is known of the version when they are refused
 */
record Rejection(
        String name,
        @Nullable ProtocolVersion connected,
        @Nullable ProtocolVersion answered,
        String hex,
        Rule rule,
        ReasonCode reasonCode) {

    /** After a 3.1.1 CONNECT. */
    static Rejection in311(String name, byte[] bytes, Rule rule, int reasonCode) {
        return of(name, V3_1_1, V3_1_1, bytes, rule, reasonCode);
    }

    /** After a 5.0 CONNECT. */
    static Rejection in5(String name, byte[] bytes, Rule rule, int reasonCode) {
        return of(name, V5, V5, bytes, rule, reasonCode);
    }

    /** As the first bytes of a connection. */
    static Rejection first(String name, @Nullable ProtocolVersion answered, byte[] bytes, Rule rule, int reasonCode) {
        return of(name, null, answered, bytes, rule, reasonCode);
    }

    Device device() {
        return connected == null ? new Device() : Device.connected(connected);
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    private static Rejection of(
            String name,
            @Nullable ProtocolVersion connected,
            @Nullable ProtocolVersion answered,
            byte[] bytes,
            Rule rule,
            int reasonCode) {
        for (ReasonCode code : ReasonCode.values()) {
            if (code.value() == reasonCode) {
                String statement = rule.statement(answered);
                return new Rejection(
                        statement + " " + name,
                        connected,
                        answered,
                        HexFormat.of().formatHex(bytes),
                        rule,
                        code);
            }
        }
        throw new IllegalArgumentException("no reason code " + reasonCode);
    }

    @Override
    public String toString() {
        return name;
    }
}

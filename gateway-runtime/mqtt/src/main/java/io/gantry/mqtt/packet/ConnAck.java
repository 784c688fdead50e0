// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * The answer to CONNECT [5.0 §3.2]. A 3.1.1 device gets the return code nearest to the reason code, and no properties.
 *
 * @param properties null for none, as in every refusal
 */
public record ConnAck(
        ProtocolVersion version,
        boolean sessionPresent,
        ReasonCode reasonCode,
        @Nullable Properties properties) implements Packet {

    /**
     * What the server offers [5.0 §3.2.2.3]. Null leaves a property out.
     *
     * @param serverKeepAliveSeconds only when it differs from what the device asked for
     * @param sessionExpirySeconds only when it differs from what the device asked for
     * @param authenticationMethod that of CONNECT, when it had one
     */
    public record Properties(
            int receiveMaximum,
            int maximumPacketSize,
            int topicAliasMaximum,
            @Nullable Long sessionExpirySeconds,
            @Nullable Integer serverKeepAliveSeconds,
            @Nullable String assignedClientId,
            Qos maximumQos,
            boolean retainAvailable,
            @Nullable String authenticationMethod,
            @Nullable Payload authenticationData) {}

    /** A refusal; the connection is closed after it. */
    public static ConnAck refusal(ProtocolVersion version, ReasonCode reasonCode) {
        return new ConnAck(version, false, reasonCode, null);
    }

    @Override
    public PacketType type() {
        return PacketType.CONNACK;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection that one side announces [5.0 §3.14]. A 3.1.1 server has no such packet: it just closes.
 *
 * @param reasonCode SUCCESS means a normal disconnection
 * @param sessionExpirySeconds from a device that changes what it said in CONNECT; null to leave it
 */
public record Disconnect(
        ReasonCode reasonCode,
        @Nullable Long sessionExpirySeconds,
        @Nullable String reasonString,
        List<UserProperty> userProperties)
        implements Packet {

    public Disconnect {
        userProperties = List.copyOf(userProperties);
    }

    /** What a server says before it closes. */
    public static Disconnect because(ReasonCode reasonCode, @Nullable String reasonString) {
        return new Disconnect(reasonCode, null, reasonString, List.of());
    }

    @Override
    public PacketType type() {
        return PacketType.DISCONNECT;
    }
}

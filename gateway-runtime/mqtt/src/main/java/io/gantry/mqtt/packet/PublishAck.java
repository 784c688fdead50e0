// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * PUBACK, PUBREC, PUBREL or PUBCOMP, which have the same form [5.0 §3.4 to §3.7]. User Properties that a device adds are
 * checked and left behind: nobody downstream could receive them.
 *
 * @param packetId 1 to 65,535
 * @param reasonCode always SUCCESS in 3.1.1
 * @param reasonString left out where the receiver asked for no problem information or could not take the packet
 */
public record PublishAck(
        PacketType type,
        int packetId,
        ReasonCode reasonCode,
        @Nullable String reasonString) implements Packet {

    /** The usual one, without a reason. */
    public static PublishAck of(PacketType type, int packetId) {
        return new PublishAck(type, packetId, ReasonCode.SUCCESS, null);
    }
}

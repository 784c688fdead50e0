// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.ReasonCode;
import java.util.List;

/** The answer to SUBSCRIBE: one code for each Topic Filter [5.0 §3.9]; in 3.1.1 every failure is 0x80. */
public record SubAck(int packetId, List<ReasonCode> reasonCodes) implements Packet {

    public SubAck {
        reasonCodes = List.copyOf(reasonCodes);
    }

    @Override
    public PacketType type() {
        return PacketType.SUBACK;
    }
}

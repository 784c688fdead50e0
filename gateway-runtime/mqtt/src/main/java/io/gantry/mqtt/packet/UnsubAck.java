// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.ReasonCode;
import java.util.List;

/** The answer to UNSUBSCRIBE [5.0 §3.11]; in 3.1.1 it carries no codes. */
public record UnsubAck(int packetId, List<ReasonCode> reasonCodes) implements Packet {

    public UnsubAck {
        reasonCodes = List.copyOf(reasonCodes);
    }

    @Override
    public PacketType type() {
        return PacketType.UNSUBACK;
    }
}

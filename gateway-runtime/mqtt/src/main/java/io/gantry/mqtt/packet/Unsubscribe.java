// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.UserProperty;
import java.util.List;

/** A device no longer wants messages [5.0 §3.10]. */
public record Unsubscribe(int packetId, List<String> filters, List<UserProperty> userProperties) implements Packet {

    public Unsubscribe {
        filters = List.copyOf(filters);
        userProperties = List.copyOf(userProperties);
    }

    @Override
    public PacketType type() {
        return PacketType.UNSUBSCRIBE;
    }
}

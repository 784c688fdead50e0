// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import org.jspecify.annotations.Nullable;

/** A step of enhanced authentication [5.0 §3.15]. */
public record Auth(
        ReasonCode reasonCode,
        @Nullable String authenticationMethod,
        @Nullable Payload authenticationData,
        @Nullable String reasonString)
        implements Packet {

    @Override
    public PacketType type() {
        return PacketType.AUTH;
    }
}

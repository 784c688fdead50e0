// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

import io.gantry.api.ReasonCode;

/**
 * A PUBLISH that is well-formed but goes over one of our own limits: it is refused, and the connection stays.
 *
 * @param publish what was read of it
 * @param reasonCode what the device is told
 */
public record RefusedPublish(Publish publish, ReasonCode reasonCode) implements Packet {

    @Override
    public PacketType type() {
        return PacketType.PUBLISH;
    }
}

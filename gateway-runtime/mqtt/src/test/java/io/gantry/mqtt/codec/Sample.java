// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.ProtocolVersion;

/** A packet from a device as commented bytes, and what is to be read from them. */
record Sample(String name, ProtocolVersion version, String commented, Packet packet) {

    byte[] bytes() {
        return Bytes.of(commented);
    }

    @Override
    public String toString() {
        return name;
    }
}

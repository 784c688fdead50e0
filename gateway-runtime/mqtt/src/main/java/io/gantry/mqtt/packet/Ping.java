// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

/** PINGREQ or PINGRESP: nothing but a sign of life [5.0 §3.12, §3.13]. */
public record Ping(PacketType type) implements Packet {
    public static final Ping REQUEST = new Ping(PacketType.PINGREQ);
    public static final Ping RESPONSE = new Ping(PacketType.PINGRESP);
}

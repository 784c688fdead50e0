// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.packet;

/** The types of MQTT control packets with their numbers on the wire [5.0 §2.1.2]. */
public enum PacketType {
    CONNECT(1),
    CONNACK(2),
    PUBLISH(3),
    PUBACK(4),
    PUBREC(5),
    PUBREL(6),
    PUBCOMP(7),
    SUBSCRIBE(8),
    SUBACK(9),
    UNSUBSCRIBE(10),
    UNSUBACK(11),
    PINGREQ(12),
    PINGRESP(13),
    DISCONNECT(14),
    AUTH(15);

    private final int value;

    PacketType(int value) {
        this.value = value;
    }

    /** 1 to 15: the upper half of a packet's first byte. */
    public int value() {
        return value;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.util.Arrays;

/** The bytes of packets that are written beside Paho; the same in both versions of MQTT. */
final class Packets {
    static final int CONNACK = 2;
    static final int PUBLISH = 3;
    static final int PUBREC = 5;
    static final int PUBREL = 6;
    static final int PUBCOMP = 7;

    /** Packet Identifier not found. */
    static final int NOT_FOUND = 0x92;

    private Packets() {}

    static byte[] pubRec(int packetId) {
        return of(PUBREC << 4, packetId);
    }

    static byte[] pubRel(int packetId) {
        return of(PUBREL << 4 | 2, packetId);
    }

    static byte[] pubComp(int packetId) {
        return of(PUBCOMP << 4, packetId);
    }

    /** Only of MQTT 5. */
    static byte[] pubCompNotFound(int packetId) {
        return new byte[] {(byte) (PUBCOMP << 4), 3, (byte) (packetId >> 8), (byte) packetId, (byte) NOT_FOUND};
    }

    private static byte[] of(int first, int packetId) {
        return new byte[] {(byte) first, 2, (byte) (packetId >> 8), (byte) packetId};
    }

    static byte[] joined(byte[] header, byte[] payload) {
        byte[] whole = Arrays.copyOf(header, header.length + payload.length);
        System.arraycopy(payload, 0, whole, header.length, payload.length);
        return whole;
    }

    /** Two bytes as a number. */
    static int number(byte[] bytes, int from) {
        return (bytes[from] & 0xFF) << 8 | bytes[from + 1] & 0xFF;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.netty.buffer.ByteBuf;

/**
 * Makes bytes of the packets a server sends, in the shortest form the version allows.
 *
 * <p>What a version has no packet for takes 0 bytes: DISCONNECT, AUTH, and the refusals that no Connect Return code of
 * 3.1.1 fits [3.1.1/MQTT-3.2.2-6]; there the connection is just closed.
 *
 * <p>Properties may hold what came from elsewhere than MQTT. A text that MQTT cannot carry (U+0000, a lone surrogate, more
 * than 65,535 bytes) or that strict receivers close the connection for (other control characters, non-characters), and
 * binary data of more than 65,535 bytes, is left out together with its property: a message is worth more than one of its
 * properties, and encoding never fails for something a device cannot help. A Topic Name cannot be left out; its own type
 * sees to it.
 */
public final class PacketEncoder {

    private static final int MOST_REMAINING_LENGTH = 268_435_455;

    private PacketEncoder() {}

    /**
     * Appends the packet.
     *
     * @throws IllegalArgumentException when a server does not send such a packet, or it is larger than MQTT can express
     */
    public static void encode(Packet packet, ProtocolVersion version, ByteBuf out) {
        if (!PacketWriter.exists(packet, version)) {
            return;
        }
        long length = remainingLength(packet, version);
        if (length > MOST_REMAINING_LENGTH) {
            throw new IllegalArgumentException(
                    packet.type() + " of " + length + " bytes where MQTT allows " + MOST_REMAINING_LENGTH);
        }
        out.ensureWritable(sizeWithHeader((int) length));
        Wire wire = new Wire.Buffer(out);
        wire.addByte(PacketWriter.firstByte(packet));
        wire.addVariableByteInteger((int) length);
        PacketWriter.describe(wire, packet, version);
    }

    /**
     * How many bytes {@link #encode} appends, the fixed header included: what a receiver's Maximum Packet Size counts.
     * More than that size's own maximum for a packet that is larger than MQTT can express.
     *
     * @throws IllegalArgumentException when a server does not send such a packet
     */
    public static int sizeOf(Packet packet, ProtocolVersion version) {
        if (!PacketWriter.exists(packet, version)) {
            return 0;
        }
        long length = remainingLength(packet, version);
        if (length > MOST_REMAINING_LENGTH) {
            return Integer.MAX_VALUE;
        }
        return sizeWithHeader((int) length);
    }

    private static int sizeWithHeader(int remainingLength) {
        return 1 + Wire.sizeOfVariableByteInteger(remainingLength) + remainingLength;
    }

    private static long remainingLength(Packet packet, ProtocolVersion version) {
        Wire.Count count = new Wire.Count();
        PacketWriter.describe(count, packet, version);
        return count.bytes();
    }
}

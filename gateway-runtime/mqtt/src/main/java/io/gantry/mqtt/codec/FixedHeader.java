// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The first two to five bytes of a packet [5.0 §2.1]. They are judged as soon as they are there, so that a packet that is
 * too large or not allowed is refused before its body is waited for.
 */
final class FixedHeader {

    private static final int MOST_LENGTH_BYTES = 4;

    private static final PacketType[] TYPES = typesByValue();

    private final int maxPacketSize;

    private PacketType type = PacketType.CONNECT;

    private int flags;

    private int size;

    private int remainingLength;

    FixedHeader(int maxPacketSize) {
        this.maxPacketSize = maxPacketSize;
    }

    PacketType type() {
        return type;
    }

    /** The lower half of the first byte. */
    int flags() {
        return flags;
    }

    /** Bytes of the fixed header itself. */
    int size() {
        return size;
    }

    /** Bytes after the fixed header. */
    int remainingLength() {
        return remainingLength;
    }

    /**
     * Looks at the front of what was received.
     *
     * @param version what the connection speaks; null before its CONNECT
     * @return false while the header is not complete
     */
    boolean read(ByteBuf in, @Nullable ProtocolVersion version) {
        if (!in.isReadable()) {
            return false;
        }
        int first = in.getUnsignedByte(in.readerIndex());
        if (version == null) {
            expectConnect(first, in);
        }
        type = TYPES[first >> 4];
        flags = first & 0x0F;
        if (version != null) {
            checkType(first, version);
        }
        checkFlags();
        return readRemainingLength(in);
    }

    private boolean readRemainingLength(ByteBuf in) {
        int value = 0;
        for (int i = 1; i <= MOST_LENGTH_BYTES; i++) {
            if (in.readableBytes() <= i) {
                return false;
            }
            int b = in.getUnsignedByte(in.readerIndex() + i);
            value |= (b & 0x7F) << (7 * (i - 1));
            if (b < 0x80) {
                if (b == 0 && i > 1) {
                    throw Rule.INTEGER_SHORTEST.brokenBy(type + " with a Remaining Length not in its shortest form");
                }
                size = 1 + i;
                remainingLength = value;
                if (size + value > maxPacketSize) {
                    throw Rule.SIZE.brokenBy(
                            type + " of " + (size + value) + " bytes where at most " + maxPacketSize + " are taken");
                }
                return true;
            }
        }
        throw Rule.INTEGER_LENGTH.brokenBy(type + " with a Remaining Length of more than 4 bytes");
    }

    private static void expectConnect(int first, ByteBuf in) {
        if (first != PacketType.CONNECT.value() << 4) {
            throw Rule.FIRST_PACKET.brokenBy(
                    String.format("first byte 0x%02X instead of a CONNECT packet's 0x10%s", first, guess(in)));
        }
    }

    /** What a device that speaks no MQTT may be speaking instead, as a help to whoever reads the log. */
    private static String guess(ByteBuf in) {
        int at = in.readerIndex();
        if (in.readableBytes() >= 2 && in.getUnsignedShort(at) == 0x1603) {
            return " (a TLS hello: this listener has no TLS)";
        }
        int word = in.readableBytes() >= 4 ? in.getInt(at) : 0;
        // "GET ", "POST", "HEAD", "PUT "
        if (word == 0x47455420 || word == 0x504F5354 || word == 0x48454144 || word == 0x50555420) {
            return " (an HTTP request: this listener speaks MQTT)";
        }
        return "";
    }

    private void checkType(int first, ProtocolVersion version) {
        if (first < 0x10 || (type == PacketType.AUTH && version == ProtocolVersion.V3_1_1)) {
            throw Rule.PACKET_TYPE.brokenBy("packet of the reserved type " + (first >> 4));
        }
        switch (type) {
            case CONNECT -> throw Rule.SECOND_CONNECT.brokenBy("second CONNECT");
            case CONNACK, SUBACK, UNSUBACK, PINGRESP ->
                throw Rule.PACKET_DIRECTION.brokenBy(type + ", which only a server sends");
            default -> {
                // a device may send it
            }
        }
    }

    private void checkFlags() {
        switch (type) {
            case PUBLISH -> checkPublishFlags();
            case PUBREL -> expectFlags(0b0010, Rule.PUBREL_FLAGS);
            case SUBSCRIBE -> expectFlags(0b0010, Rule.SUBSCRIBE_FLAGS);
            case UNSUBSCRIBE -> expectFlags(0b0010, Rule.UNSUBSCRIBE_FLAGS);
            case DISCONNECT -> expectFlags(0, Rule.DISCONNECT_FLAGS);
            case AUTH -> expectFlags(0, Rule.AUTH_FLAGS);
            default -> expectFlags(0, Rule.RESERVED_FLAGS);
        }
    }

    private void checkPublishFlags() {
        int qos = flags >> 1 & 3;
        if (qos == 3) {
            throw Rule.PUBLISH_QOS.brokenBy("PUBLISH with QoS 3");
        }
        if (qos == 0 && (flags & 0b1000) != 0) {
            throw Rule.PUBLISH_DUP.brokenBy("PUBLISH with QoS 0 and DUP");
        }
    }

    private void expectFlags(int expected, Rule rule) {
        if (flags != expected) {
            throw rule.brokenBy(type + " with fixed-header flags " + flags + " instead of " + expected);
        }
    }

    private static PacketType[] typesByValue() {
        PacketType[] types = new PacketType[16];
        // 0 is reserved and refused before it is looked up as a packet.
        types[0] = PacketType.CONNECT;
        for (PacketType type : PacketType.values()) {
            types[type.value()] = type;
        }
        return types;
    }
}

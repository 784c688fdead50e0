// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.api.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * The bytes of exactly one packet, read from the front. A read past their end is refused, so the bytes of the next packet
 * are out of reach. One instance serves all packets of a connection, and the buffer's own indices stay as they are.
 */
final class PacketBytes {

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;

    private int position;

    private int end;

    void wrap(ByteBuf buffer, int start, int length) {
        this.buffer = buffer;
        this.position = start;
        this.end = start + length;
    }

    /** Lets go of the buffer. */
    void unwrap() {
        wrap(Unpooled.EMPTY_BUFFER, 0, 0);
    }

    int remaining() {
        return end - position;
    }

    int readByte(String field) {
        return buffer.getUnsignedByte(advance(1, field));
    }

    int readTwoByteInteger(String field) {
        return buffer.getUnsignedShort(advance(2, field));
    }

    long readFourByteInteger(String field) {
        return buffer.getUnsignedInt(advance(4, field));
    }

    int readVariableByteInteger(String field) {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int b = readByte(field);
            value |= (b & 0x7F) << shift;
            if (b < 0x80) {
                if (b == 0 && shift > 0) {
                    throw Rule.INTEGER_SHORTEST.brokenBy(field + " not in its shortest form");
                }
                return value;
            }
        }
        throw Rule.INTEGER_LENGTH.brokenBy(field + " of more than 4 bytes");
    }

    String readString(String field) {
        int length = readTwoByteInteger(field);
        return length == 0 ? "" : Utf8.decode(readBytes(length, field), field);
    }

    Payload readBinary(String field) {
        return Payload.owning(readBytes(readTwoByteInteger(field), field));
    }

    byte[] readBytes(int length, String field) {
        int from = advance(length, field);
        byte[] bytes = new byte[length];
        buffer.getBytes(from, bytes);
        return bytes;
    }

    /** Everything that is left, as an Application Message is. */
    Payload readRest() {
        return end == position ? Payload.EMPTY : Payload.owning(readBytes(end - position, "payload"));
    }

    /** Whether the next bytes are these; reads past them only when they are. */
    boolean skip(ByteBuf expected) {
        int length = expected.readableBytes();
        if (remaining() < length || !ByteBufUtil.equals(buffer, position, expected, expected.readerIndex(), length)) {
            return false;
        }
        position += length;
        return true;
    }

    /** Makes the next bytes all there is until {@link #widen}; returns what to give to it. */
    int narrow(int length, String field) {
        if (length > remaining()) {
            throw past(field);
        }
        int outerEnd = end;
        end = position + length;
        return outerEnd;
    }

    void widen(int outerEnd) {
        end = outerEnd;
    }

    /** Nothing may follow the last field. */
    void expectEnd(String packet) {
        if (position != end) {
            throw Rule.LENGTH.brokenBy(packet + " with " + (end - position) + " bytes after its last field");
        }
    }

    private int advance(int bytes, String field) {
        int from = position;
        if (bytes > end - from) {
            throw past(field);
        }
        position = from + bytes;
        return from;
    }

    private static RejectedPacketException past(String field) {
        return Rule.LENGTH.brokenBy(field + " that goes past its packet's end");
    }
}

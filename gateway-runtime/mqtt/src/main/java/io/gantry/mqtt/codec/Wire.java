// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/**
 * Where the fields of a packet go, one after the other: to a count or to a buffer. Each packet is described once, and the
 * same description gives its size and its bytes.
 */
sealed interface Wire {

    void addByte(int value);

    void addTwoByteInteger(int value);

    void addFourByteInteger(long value);

    void addVariableByteInteger(int value);

    /** A UTF-8 Encoded String, known to be one that MQTT can carry. */
    void addString(String text);

    void addBytes(byte[] bytes);

    /** Adds up how many bytes the fields take. */
    final class Count implements Wire {

        private long bytes;

        long bytes() {
            return bytes;
        }

        @Override
        public void addByte(int value) {
            bytes++;
        }

        @Override
        public void addTwoByteInteger(int value) {
            bytes += 2;
        }

        @Override
        public void addFourByteInteger(long value) {
            bytes += 4;
        }

        @Override
        public void addVariableByteInteger(int value) {
            bytes += sizeOfVariableByteInteger(value);
        }

        @Override
        public void addString(String text) {
            bytes += 2 + ByteBufUtil.utf8Bytes(text);
        }

        @Override
        public void addBytes(byte[] added) {
            bytes += added.length;
        }
    }

    /** Writes the fields. */
    record Buffer(ByteBuf out) implements Wire {

        @Override
        public void addByte(int value) {
            out.writeByte(value);
        }

        @Override
        public void addTwoByteInteger(int value) {
            out.writeShort(value);
        }

        @Override
        public void addFourByteInteger(long value) {
            out.writeInt((int) value);
        }

        @Override
        public void addVariableByteInteger(int value) {
            int rest = value;
            while (rest > 0x7F) {
                out.writeByte((rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            out.writeByte(rest);
        }

        @Override
        public void addString(String text) {
            int lengthIndex = out.writerIndex();
            out.writeShort(0);
            out.setShort(lengthIndex, ByteBufUtil.writeUtf8(out, text));
        }

        @Override
        public void addBytes(byte[] bytes) {
            out.writeBytes(bytes);
        }
    }

    /** 1 to 4. */
    static int sizeOfVariableByteInteger(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }
}

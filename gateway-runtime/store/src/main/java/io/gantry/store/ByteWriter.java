// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Builds the bytes of a key or a record. */
final class ByteWriter {
    private byte[] bytes;
    private int size;

    ByteWriter(int expected) {
        bytes = new byte[expected];
    }

    ByteWriter u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    ByteWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    ByteWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    ByteWriter i32(int value) {
        return u16(value >>> 16).u16(value);
    }

    /** Big-endian, so that keys sort by number. */
    ByteWriter i64(long value) {
        return i32((int) (value >>> 32)).i32((int) value);
    }

    /** Seven bits a byte, the lowest first. */
    ByteWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            u8((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return u8((int) rest);
    }

    ByteWriter raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    ByteWriter sized(byte[] value) {
        return varint(value.length).raw(value);
    }

    ByteWriter text(String value) {
        return sized(value.getBytes(StandardCharsets.UTF_8));
    }

    ByteWriter optionalText(@Nullable String value) {
        return value == null ? u8(0) : u8(1).text(value);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of a record. Never allocates by a declared length that the bytes do not have. */
final class ByteReader {
    private final byte[] bytes;
    private final int end;
    private int position;

    ByteReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.position = from;
        this.end = end;
    }

    int u8() {
        need(1);
        return bytes[position++] & 0xFF;
    }

    boolean flag() {
        int value = u8();
        if (value > 1) {
            throw new DamagedRecordException("a flag of " + value);
        }
        return value == 1;
    }

    int u16() {
        return u8() << 8 | u8();
    }

    int i32() {
        return u16() << 16 | u16();
    }

    long i64() {
        return (long) i32() << 32 | (i32() & 0xFFFFFFFFL);
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new DamagedRecordException("a number without an end");
    }

    /** A number of things that take at least one byte each. */
    int count() {
        long value = varint();
        if (value < 0 || value > end - position) {
            throw new DamagedRecordException("a length of " + value + " where " + (end - position) + " bytes are left");
        }
        return (int) value;
    }

    byte[] sized() {
        int length = count();
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    byte[] raw(int length) {
        need(length);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    byte[] rest() {
        return raw(end - position);
    }

    String text() {
        int length = count();
        position += length;
        return new String(bytes, position - length, length, StandardCharsets.UTF_8);
    }

    @Nullable String optionalText() {
        return flag() ? text() : null;
    }

    void endsHere() {
        if (position != end) {
            throw new DamagedRecordException((end - position) + " bytes too many");
        }
    }

    private void need(int length) {
        if (end - position < length) {
            throw new DamagedRecordException("ends too early");
        }
    }
}

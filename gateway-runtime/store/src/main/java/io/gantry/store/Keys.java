// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.MessageId;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Where records stand. Everything before a text is of fixed length and a text is always last, so that no device can
 * choose a key that is another's.
 */
final class Keys {
    static final int SESSION = 0;
    static final int SUBSCRIPTION = 1;
    static final int RECEIVED = 2;
    static final int IN_FLIGHT = 3;
    static final char MARK = 'm';
    /** Marks without a count, as they were before: how far an outbox is emptied, and the highest sequence taken out. */
    static final char TRIMMED = 't';

    static final char HIGHEST = 'h';
    private static final int NUMBERED = 8;

    private Keys() {}

    static byte[] number(long number) {
        return new ByteWriter(8).i64(number).toBytes();
    }

    /** A place in a queue or an outbox. */
    static byte[] place(long owner, long sequence) {
        return new ByteWriter(16).i64(owner).i64(sequence).toBytes();
    }

    static long owner(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    static long sequence(byte[] place) {
        return ByteBuffer.wrap(place).getLong(NUMBERED);
    }

    static byte[] session(long session) {
        return new ByteWriter(9).i64(session).u8(SESSION).toBytes();
    }

    static byte[] subscription(long session, TopicFilter filter) {
        byte[] text = utf8(filter.value());
        return new ByteWriter(9 + text.length)
                .i64(session)
                .u8(SUBSCRIPTION)
                .raw(text)
                .toBytes();
    }

    static byte[] received(long session, int packetId) {
        return new ByteWriter(11).i64(session).u8(RECEIVED).u16(packetId).toBytes();
    }

    static byte[] inFlight(long session, int packetId) {
        return new ByteWriter(11).i64(session).u8(IN_FLIGHT).u16(packetId).toBytes();
    }

    static int kind(byte[] sessionsKey) {
        return sessionsKey.length > NUMBERED ? sessionsKey[NUMBERED] : -1;
    }

    static int packetId(byte[] sessionsKey) {
        return ByteBuffer.wrap(sessionsKey).getShort(NUMBERED + 1) & 0xFFFF;
    }

    static String filter(byte[] sessionsKey) {
        return new String(sessionsKey, NUMBERED + 1, sessionsKey.length - NUMBERED - 1, StandardCharsets.UTF_8);
    }

    static byte[] retained(TopicName topic) {
        return utf8(topic.value());
    }

    static byte[] message(MessageId id) {
        return new ByteWriter(16).i64(id.run()).i64(id.number()).toBytes();
    }

    /** The place of a shared message: the family of the place, then its key there. */
    static byte[] share(Family family, byte[] place) {
        return new ByteWriter(1 + place.length).u8(family.number()).raw(place).toBytes();
    }

    static byte[] format() {
        return utf8("f");
    }

    static byte[] outboxName(String name) {
        return utf8("o" + name);
    }

    static String outboxName(byte[] key) {
        return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
    }

    static byte[] mark(long outbox) {
        return new ByteWriter(9).u8(MARK).i64(outbox).toBytes();
    }

    static byte[] storeId() {
        return utf8("i");
    }

    static byte[] cursor(String name) {
        return utf8("c" + name);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The first key after all that start with the prefix; empty when there is none. */
    static byte[] after(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xFF) {
                byte[] next = java.util.Arrays.copyOf(prefix, i + 1);
                next[i]++;
                return next;
            }
        }
        return new byte[0];
    }

    static String shown(byte[] key) {
        return HexFormat.of().formatHex(key);
    }
}

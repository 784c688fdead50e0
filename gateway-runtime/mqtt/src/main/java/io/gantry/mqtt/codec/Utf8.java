// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import java.nio.charset.StandardCharsets;

/**
 * UTF-8 Encoded Strings [5.0 §1.5.4], read strictly: no overlong form, no surrogate, no U+0000, and none of the control
 * characters and non-characters that a receiver may refuse. What we do not take we do not send either.
 */
final class Utf8 {

    private Utf8() {}

    /**
     * Reads a whole string.
     *
     * @param field what to call it when it is refused
     */
    static String decode(byte[] bytes, String field) {
        for (byte b : bytes) {
            if (b < 0x20 || b == 0x7F) {
                return decodeChecked(bytes, field);
            }
        }
        // All of it is ASCII, which Latin-1 decodes by a plain copy.
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Whether MQTT can carry the text: a string field may hold it, and strict receivers take it. */
    static boolean isCarriable(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (isRefused(c) || isSurrogate(c)) {
                return false;
            }
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            i += Character.charCount(c);
        }
        return bytes <= 0xFFFF;
    }

    private static String decodeChecked(byte[] bytes, String field) {
        int i = 0;
        while (i < bytes.length) {
            int length = sequenceLength(bytes[i]);
            if (length == 0 || i + length > bytes.length) {
                throw Rule.UTF_8.brokenBy(field + " that is not UTF-8");
            }
            int c = codePoint(bytes, i, length);
            if (c < 0) {
                throw Rule.UTF_8.brokenBy(field + " that is not UTF-8");
            }
            if (c == 0) {
                throw Rule.NULL_CHARACTER.brokenBy(field + " with U+0000");
            }
            if (isRefused(c)) {
                throw Rule.CONTROL_CHARACTER.brokenBy(String.format("%s with U+%04X", field, c));
            }
            i += length;
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** 1 to 4 by the first byte; 0 when no sequence starts with it. */
    private static int sequenceLength(byte first) {
        if (first >= 0) {
            return 1;
        }
        int b = first & 0xFF;
        if (b < 0xC2 || b > 0xF4) {
            return 0;
        }
        return b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
    }

    /** -1 for an overlong form, a surrogate, a value above U+10FFFF or a byte that continues nothing. */
    private static int codePoint(byte[] bytes, int start, int length) {
        if (length == 1) {
            return bytes[start];
        }
        int c = bytes[start] & (0xFF >> (length + 1));
        for (int i = start + 1; i < start + length; i++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                return -1;
            }
            c = (c << 6) | (bytes[i] & 0x3F);
        }
        int least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
        return c < least || isSurrogate(c) || c > Character.MAX_CODE_POINT ? -1 : c;
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static boolean isRefused(int c) {
        boolean control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
        boolean nonCharacter = (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
        return control || nonCharacter;
    }
}

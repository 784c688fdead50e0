// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

/** Characters in UTF-8, as RFC 3629 allows them: the shortest form, no surrogates, nothing beyond U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /** How many bytes the character there has; 0 when there is none. */
    static int lengthAt(byte[] text, int at) {
        int first = text[at] & 0xFF;
        if (first < 0x80) {
            return 1;
        }
        int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > text.length) {
            return 0;
        }
        for (int i = at + 1; i < at + length; i++) {
            if ((text[i] & 0xC0) != 0x80) {
                return 0;
            }
        }
        int second = text[at + 1] & 0xFF;
        boolean isForbidden = (first == 0xE0 && second < 0xA0)
                || (first == 0xED && second > 0x9F)
                || (first == 0xF0 && second < 0x90)
                || (first == 0xF4 && second > 0x8F);
        return isForbidden ? 0 : length;
    }

    static boolean isWellFormed(byte[] text) {
        for (int at = 0; at < text.length; ) {
            int length = lengthAt(text, at);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }
}

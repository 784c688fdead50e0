// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import java.nio.charset.StandardCharsets;

/** The rules for addresses, and how any text becomes a part of one without two texts becoming the same. */
final class Addresses {
    static final int LONGEST = 255;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Addresses() {}

    /** Whether all characters may stand in an address. */
    static boolean isLegal(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    /** Whether a text of legal characters is an address. */
    static boolean fits(String address) {
        return !address.isEmpty() && address.length() <= LONGEST;
    }

    /**
     * A value as a part of an address: what is not a letter, digit or minus is written as {@code _hh}, byte by byte of
     * UTF-8, the underscore itself too. No value can thus contain what brokers obey: {@code .}, {@code *} and {@code #} of
     * wildcards, {@code ::} between address and queue, {@code /} of exchanges, {@code $} of management.
     */
    static String escape(String value) {
        StringBuilder escaped = new StringBuilder(value.length() + 16);
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b)) {
                escaped.append((char) b);
            } else {
                escaped.append('_').append(HEX[b >> 4 & 0xF]).append(HEX[b & 0xF]);
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-';
    }
}

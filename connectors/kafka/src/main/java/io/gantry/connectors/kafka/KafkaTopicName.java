// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.nio.charset.StandardCharsets;

/** The rules for names of Kafka topics, and how any text becomes a part of one without two texts becoming the same. */
final class KafkaTopicName {
    static final int LONGEST = 249;

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private KafkaTopicName() {}

    /** Whether all characters may stand in the name of a Kafka topic. */
    static boolean isLegal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isPlain(c) && c != '_') {
                return false;
            }
        }
        return true;
    }

    /** Whether a text of legal characters is a name. */
    static boolean fits(String name) {
        return !name.isEmpty() && name.length() <= LONGEST && !name.equals(".") && !name.equals("..");
    }

    /**
     * A value as a part of a name: what is not a letter, digit, dot or minus is written as {@code _hh}, byte by byte of
     * UTF-8, the underscore itself too, so that different values stay different.
     */
    static String escape(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!isPlain(value.charAt(i))) {
                return escapeFrom(value, i);
            }
        }
        return value;
    }

    private static String escapeFrom(String value, int firstToEscape) {
        StringBuilder escaped = new StringBuilder(value.length() + 16).append(value, 0, firstToEscape);
        byte[] bytes = value.substring(firstToEscape).getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (b >= 0 && isPlain((char) b)) {
                escaped.append((char) b);
            } else {
                escaped.append('_').append(HEX[b >> 4 & 0xF]).append(HEX[b & 0xF]);
            }
        }
        return escaped.toString();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    }
}

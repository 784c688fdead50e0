// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.Optional;

/**
 * Where a message is published: a Topic Name, so never empty, never with a wildcard or a control
 * character, at most 65,535 bytes of UTF-8 [5.0 §4.7.3].
 *
 * @param value the Topic Name as published
 */
public record TopicName(String value) {

    public TopicName {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("not a Topic Name");
        }
    }

    /** Reads what a device or a record sent; empty when the specification forbids it. */
    public static Optional<TopicName> parse(String text) {
        return isWellFormed(text) ? Optional.of(new TopicName(text)) : Optional.empty();
    }

    /** True for topics such as {@code $SYS/...}, which no leading wildcard matches [5.0/MQTT-4.7.2-1]. */
    public boolean isReserved() {
        return value.charAt(0) == '$';
    }

    private static boolean isWellFormed(String text) {
        if (text.isEmpty() || text.length() > TopicFilter.MAX_BYTES) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+' || c == '#') {
                return false;
            }
        }
        return TopicFilter.fitsOnTheWire(text);
    }

    @Override
    public String toString() {
        return value;
    }
}

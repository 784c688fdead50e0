// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import java.nio.charset.StandardCharsets;

/**
 * How far a route has come, as it is kept in Kafka together with the records up to there: the text
 * {@code 1 POSITION JOURNAL}, where 1 is the version of this form.
 *
 * @param journal names the sequence that the position counts in
 */
record Cursor(String journal, long position) {
    private static final String VERSION = "1";

    byte[] toBytes() {
        return (VERSION + " " + position + " " + journal).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #toBytes()} wrote.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static Cursor fromBytes(byte[] bytes) {
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split(" ", 3);
        if (parts.length != 3 || !parts[0].equals(VERSION)) {
            throw new IllegalArgumentException("not a cursor of version " + VERSION);
        }
        return new Cursor(parts[2], Long.parseLong(parts[1]));
    }
}

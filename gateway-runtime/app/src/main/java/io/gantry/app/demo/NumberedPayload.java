// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.nio.charset.StandardCharsets;

/** A small JSON object with a number in it, by which each message is found again. */
final class NumberedPayload {
    private static final String KEY = "{\"seq\":";

    private NumberedPayload() {}

    static byte[] of(int number) {
        String celsius = (15 + number % 10) + "." + number % 7;
        return (KEY + number + ",\"celsius\":" + celsius + "}").getBytes(StandardCharsets.UTF_8);
    }

    /** The number in it; -1 when it is not one of ours. */
    static int numberIn(byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8);
        int end = text.indexOf(',');
        if (!text.startsWith(KEY) || end < 0) {
            return -1;
        }
        try {
            return Integer.parseInt(text.substring(KEY.length(), end));
        } catch (NumberFormatException notOurs) {
            return -1;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * What tells a message from every other: its device, and its number there, from 1 and ascending over all its QoS. The
 * payload begins with it; the rest of the payload follows from it too, in a length that differs from message to message.
 */
record Stamp(String device, int number) {
    private static final int MOST_FILLING = 200;

    /** What a target found at the beginning of a payload; empty when it is none. */
    static Optional<Stamp> readFrom(byte[] payload) {
        String[] words = new String(payload, 0, Math.min(payload.length, 100), US_ASCII).split(" ", 3);
        if (words.length < 3 || !words[1].matches("[1-9][0-9]{0,8}")) {
            return Optional.empty();
        }
        return Optional.of(new Stamp(words[0], Integer.parseInt(words[1])));
    }

    /** A checksum by which two payloads are told apart. */
    static long digest(byte[] payload) {
        CRC32C sum = new CRC32C();
        sum.update(payload);
        return sum.getValue();
    }

    /** The payload of this message. */
    String payload() {
        Random random = new Random(31L * device.hashCode() + number);
        StringBuilder payload =
                new StringBuilder(device).append(' ').append(number).append(' ');
        for (int left = random.nextInt(MOST_FILLING); left > 0; left--) {
            payload.append((char) ('a' + random.nextInt(26)));
        }
        return payload.toString();
    }

    @Override
    public String toString() {
        return device + "#" + number;
    }
}

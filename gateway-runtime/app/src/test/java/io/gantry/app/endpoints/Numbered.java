// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

/**
 * What a message of the programme says.
 *
 * @param device the one it comes from or goes to
 * @param number from 1, over everything this device sends or is sent this way
 */
record Numbered(String device, int number) {

    /** Reads a payload. */
    static Numbered parse(String payload) {
        String[] words = payload.split(" ", 2);
        return new Numbered(words[0], Integer.parseInt(words[1]));
    }

    String payload() {
        return device + " " + number;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.settings;

/**
 * A value that never prints itself, so that no log line, error or answer can leak it.
 *
 * @param reveal the value, for the one place that hands it to a client library
 */
public record Secret(String reveal) {

    /** Reads the scalar as it stands. */
    public static Secret fromText(String text) {
        return new Secret(text);
    }

    @Override
    public String toString() {
        return "[hidden]";
    }
}

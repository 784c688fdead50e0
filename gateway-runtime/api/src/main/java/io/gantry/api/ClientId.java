// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

/**
 * The name of a device on the wire: its Client Identifier [5.0 §3.1.3.1]. Which characters and lengths are let in is the
 * listener's decision; a {@code ClientId} only promises not to be empty.
 *
 * @param value at least one character
 */
public record ClientId(String value) {

    public ClientId {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a Client Identifier is not empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a message, made once from the packet's slice and shared from there on. Prints only its size. Immutable
 * as long as those who call {@link #sharedBytes()} keep to its rule.
 */
public final class Payload {
    /** No bytes at all; as a Retained Message it deletes the one before. */
    public static final Payload EMPTY = new Payload(new byte[0]);

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes the array over: the caller must not write to it again. */
    public static Payload owning(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(bytes);
    }

    /** The text as UTF-8. */
    public static Payload ofText(String text) {
        return owning(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Number of bytes. */
    public int size() {
        return bytes.length;
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** The array itself, not a copy: for the codec, the store and the connectors, which only read it. */
    public byte[] sharedBytes() {
        return bytes;
    }

    /** The bytes read as UTF-8; malformed input becomes U+FFFD. */
    public String asText() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}

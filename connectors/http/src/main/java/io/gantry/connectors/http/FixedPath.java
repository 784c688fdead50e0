// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.util.List;

/**
 * A path without names in braces.
 *
 * @param pattern which matches nothing else
 */
public record FixedPath(PathPattern pattern) {

    /**
     * Reads the key's value.
     *
     * @throws IllegalArgumentException when it is no path, or has a name in braces
     */
    public static FixedPath fromText(String text) {
        PathPattern pattern = PathPattern.fromText(text);
        if (!pattern.names().isEmpty()) {
            throw new IllegalArgumentException("must not have a {name}");
        }
        return new FixedPath(pattern);
    }

    /** What is left of a path behind this one; empty when it is not under it. */
    List<String> below(List<String> segments) {
        int length = pattern.length();
        return segments.size() > length && pattern.matches(segments.subList(0, length))
                ? segments.subList(length, segments.size())
                : List.of();
    }

    /** Whether a path that matches the other pattern may be under this one. */
    boolean mayHold(PathPattern other) {
        return other.length() > pattern.length() && pattern.overlaps(other.first(pattern.length()));
    }

    @Override
    public String toString() {
        return pattern.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.Optional;

/**
 * Which Topic Names are wanted: a Topic Filter [5.0 §4.7]. {@code +} stands for one level, {@code #} at the end for the
 * level before it and everything below.
 *
 * @param value the filter as subscribed
 */
public record TopicFilter(String value) {
    static final int MAX_BYTES = 65_535;

    public TopicFilter {
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("not a Topic Filter");
        }
    }

    /** Reads what a device sent; empty when the specification forbids it. */
    public static Optional<TopicFilter> parse(String text) {
        return isWellFormed(text) ? Optional.of(new TopicFilter(text)) : Optional.empty();
    }

    /** True when the filter is meant for a Shared Subscription: {@code $share/group/filter} [5.0 §4.8.2]. */
    public boolean isShared() {
        return value.equals("$share") || value.startsWith("$share/");
    }

    /** The filter that the members of a Shared Subscription share; empty when it is not {@code $share/group/filter}. */
    public Optional<TopicFilter> ofSharedSubscription() {
        int group = "$share/".length();
        int slash = value.indexOf('/', group);
        if (!isShared() || slash <= group) {
            return Optional.empty();
        }
        String name = value.substring(group, slash);
        boolean wildcard = name.indexOf('+') >= 0 || name.indexOf('#') >= 0;
        return wildcard ? Optional.empty() : parse(value.substring(slash + 1));
    }

    /** Whether a message published to the Topic Name is wanted. Never recurses, so any number of levels is safe. */
    public boolean matches(TopicName topic) {
        String name = topic.value();
        boolean wildcardFirst = value.charAt(0) == '+' || value.charAt(0) == '#';
        if (wildcardFirst && topic.isReserved()) {
            return false;
        }
        int f = 0;
        int n = 0;
        while (true) {
            int filterEnd = levelEnd(value, f);
            if (filterEnd == f + 1 && value.charAt(f) == '#') {
                return true;
            }
            int nameEnd = levelEnd(name, n);
            boolean oneLevelWildcard = filterEnd == f + 1 && value.charAt(f) == '+';
            if (!oneLevelWildcard && !value.regionMatches(f, name, n, Math.max(filterEnd - f, nameEnd - n))) {
                return false;
            }
            boolean filterDone = filterEnd == value.length();
            if (nameEnd == name.length()) {
                // "sport/#" also matches "sport" itself [5.0 §4.7.1.2]
                return filterDone || (value.startsWith("/#", filterEnd) && filterEnd + 2 == value.length());
            }
            if (filterDone) {
                return false;
            }
            f = filterEnd + 1;
            n = nameEnd + 1;
        }
    }

    private static int levelEnd(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }

    private static boolean isWellFormed(String text) {
        if (text.isEmpty() || text.length() > MAX_BYTES) {
            return false;
        }
        int last = text.length() - 1;
        for (int i = 0; i <= last; i++) {
            char c = text.charAt(i);
            boolean levelStarts = i == 0 || text.charAt(i - 1) == '/';
            boolean levelEnds = i == last || text.charAt(i + 1) == '/';
            if (c == 0 || (c == '+' && !(levelStarts && levelEnds)) || (c == '#' && !(levelStarts && i == last))) {
                return false;
            }
        }
        return fitsOnTheWire(text);
    }

    /**
     * At most 65,535 bytes of UTF-8 without a lone surrogate [5.0/MQTT-1.5.4-1], a control character or a
     * non-character: receivers may close the connection over those [5.0 §1.5.4], so they never get out.
     */
    public static boolean fitsOnTheWire(String text) {
        int bytes = 0;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if (Character.isISOControl(c) || isNoCharacter(c)) {
                return false;
            }
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            i += Character.charCount(c);
        }
        return bytes <= MAX_BYTES;
    }

    /** A surrogate that stands alone, or a code point that Unicode promises never to assign. */
    private static boolean isNoCharacter(int c) {
        boolean loneSurrogate = c >= 0xD800 && c <= 0xDFFF;
        boolean neverAssigned = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
        return loneSurrogate || neverAssigned;
    }

    @Override
    public String toString() {
        return value;
    }
}

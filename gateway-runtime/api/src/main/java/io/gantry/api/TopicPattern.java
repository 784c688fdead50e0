// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Topic Filter whose one-level wildcards may have names: {@code sensors/{site}/{device}/telemetry} is
 * {@code sensors/+/+/telemetry} and calls the second level {@code site} and the third {@code device}.
 */
public final class TopicPattern {
    private static final Pattern NAMED = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_-]*)}");

    private final String text;
    private final TopicFilter filter;
    private final List<String> names;
    private final int[] levels;

    private TopicPattern(String text, TopicFilter filter, List<String> names, int[] levels) {
        this.text = text;
        this.filter = filter;
        this.names = names;
        this.levels = levels;
    }

    /**
     * Reads a pattern of a route.
     *
     * @throws IllegalArgumentException when it is no Topic Filter, or a name is malformed or given twice
     */
    public static TopicPattern fromText(String text) {
        List<String> names = new ArrayList<>();
        List<Integer> levels = new ArrayList<>();
        String[] parts = text.split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            Matcher named = NAMED.matcher(parts[i]);
            if (named.matches()) {
                if (names.contains(named.group(1))) {
                    throw new IllegalArgumentException("uses the name {" + named.group(1) + "} twice");
                }
                names.add(named.group(1));
                levels.add(i);
                parts[i] = "+";
            } else if (parts[i].indexOf('{') >= 0 || parts[i].indexOf('}') >= 0) {
                throw new IllegalArgumentException("'" + parts[i]
                        + "' is not a level: a named wildcard is a whole level in braces, such as {device}");
            }
        }
        TopicFilter filter = TopicFilter.parse(String.join("/", parts))
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is not a Topic Filter: + stands for a whole level, # only at the end"));
        return new TopicPattern(
                text,
                filter,
                List.copyOf(names),
                levels.stream().mapToInt(Integer::intValue).toArray());
    }

    /** The filter with its names taken away. */
    public TopicFilter filter() {
        return filter;
    }

    /** The names of the named wildcards, from left to right. */
    public List<String> names() {
        return names;
    }

    /** What stood at the named wildcard in a Topic Name that matches; null when the pattern has no such name. */
    public @Nullable String capture(String name, TopicName topic) {
        int index = names.indexOf(name);
        if (index < 0) {
            return null;
        }
        String value = topic.value();
        int start = 0;
        for (int level = levels[index]; level > 0; level--) {
            start = value.indexOf('/', start) + 1;
        }
        int end = value.indexOf('/', start);
        return end < 0 ? value.substring(start) : value.substring(start, end);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TopicPattern pattern && text.equals(pattern.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

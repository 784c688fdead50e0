// SPDX-License-Identifier: Apache-2.0
package io.gantry.security;

import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Topic Filter of an access rule, whose levels may have variables: {@code sensors/dev-{client}/#}. What a variable stands
 * for is compared as text, never read as a filter. Any thread.
 */
public final class RuleFilter {
    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern KNOWN = Pattern.compile("client|username|cn|claim\\.[A-Za-z0-9_.:-]{1,64}");
    private static final String VARIABLES = "{client}, {username}, {cn} or {claim.NAME}";

    private final String text;
    private final TopicFilter shape;
    private final List<Level> levels;

    private RuleFilter(String text, TopicFilter shape, List<Level> levels) {
        this.text = text;
        this.shape = shape;
        this.levels = List.copyOf(levels);
    }

    /**
     * One level as written.
     *
     * @param parts texts and names of variables by turns, a text first; one text alone when there is no variable
     */
    private record Level(List<String> parts) {
        boolean hasVariable() {
            return parts.size() > 1;
        }

        boolean is(String text) {
            return !hasVariable() && parts.get(0).equals(text);
        }

        /** With its variables filled in; null when one has no value. */
        @Nullable String filled(Function<String, @Nullable String> values) {
            if (!hasVariable()) {
                return parts.get(0);
            }
            StringBuilder filled = new StringBuilder();
            for (int i = 0; i < parts.size(); i++) {
                String part = i % 2 == 0 ? parts.get(i) : values.apply(parts.get(i));
                if (part == null) {
                    return null;
                }
                filled.append(part);
            }
            return filled.toString();
        }
    }

    /**
     * Reads the form users write.
     *
     * @throws IllegalArgumentException when it is no Topic Filter, or a variable is unknown or beside a wildcard
     */
    public static RuleFilter fromText(String text) {
        List<Level> levels = new ArrayList<>();
        List<String> shape = new ArrayList<>();
        for (String written : text.split("/", -1)) {
            Level level = level(written, text);
            if (level.hasVariable() && levels.isEmpty() && written.startsWith("$")) {
                throw new IllegalArgumentException("'" + text + "' has a variable in a first level that begins with $,"
                        + " expected one in another level");
            }
            levels.add(level);
            shape.add(level.hasVariable() ? "+" : written);
        }
        TopicFilter filter = TopicFilter.parse(String.join("/", shape))
                .filter(known -> !known.isShared())
                .orElseThrow(() -> new IllegalArgumentException("'" + text
                        + "' is not a Topic Filter: + stands for a whole level, # only at the end, and a shared"
                        + " subscription is judged without $share/group/"));
        return new RuleFilter(text, filter, levels);
    }

    private static Level level(String written, String text) {
        List<String> parts = new ArrayList<>();
        Matcher variable = VARIABLE.matcher(written);
        int from = 0;
        while (variable.find()) {
            if (!KNOWN.matcher(variable.group(1)).matches()) {
                throw new IllegalArgumentException(
                        "'" + text + "' has an unknown variable " + variable.group() + ", expected " + VARIABLES);
            }
            parts.add(written.substring(from, variable.start()));
            parts.add(variable.group(1));
            from = variable.end();
        }
        parts.add(written.substring(from));
        for (int i = 0; i < parts.size(); i += 2) {
            String part = parts.get(i);
            if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
                throw new IllegalArgumentException(
                        "'" + text + "' has a brace that belongs to no variable, expected " + VARIABLES);
            }
            if (parts.size() > 1 && (part.indexOf('+') >= 0 || part.indexOf('#') >= 0)) {
                throw new IllegalArgumentException("'" + text
                        + "' has a variable and a wildcard in one level, expected them in levels of their own");
            }
        }
        return new Level(List.copyOf(parts));
    }

    /** What it can match at most: with {@code +} for each level that has a variable. */
    public TopicFilter shape() {
        return shape;
    }

    /** The names of its variables, such as {@code claim.site}. */
    public Set<String> variables() {
        Set<String> names = new LinkedHashSet<>();
        for (Level level : levels) {
            for (int i = 1; i < level.parts().size(); i += 2) {
                names.add(level.parts().get(i));
            }
        }
        return names;
    }

    /**
     * Whether a Topic Name that the shape matches has the values of the variables in their levels.
     *
     * @param values of variables by name; null for one that has none, with which nothing matches
     */
    public boolean fits(TopicName topic, Function<String, @Nullable String> values) {
        String name = topic.value();
        int from = 0;
        for (Level level : levels) {
            if (level.is("#") || from > name.length()) {
                return true;
            }
            int slash = name.indexOf('/', from);
            int end = slash < 0 ? name.length() : slash;
            if (level.hasVariable()) {
                String filled = level.filled(values);
                if (filled == null || filled.length() != end - from || !name.startsWith(filled, from)) {
                    return false;
                }
            }
            from = end + 1;
        }
        return true;
    }

    /**
     * Whether it matches every Topic Name that a subscription's filter matches. Decided level by level, so a no may be too
     * strict where levels together match more than each alone.
     *
     * @param wanted the levels of the subscription's filter
     * @param values as in {@link #fits}
     */
    public boolean covers(List<String> wanted, Function<String, @Nullable String> values) {
        // a wildcard in the first level does not match $SYS and its like [5.0/MQTT-4.7.2-1]
        boolean reserved = wanted.get(0).startsWith("$");
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            boolean literal = i == 0 && reserved;
            if (level.is("#")) {
                return !literal;
            }
            if (i == wanted.size() || wanted.get(i).equals("#") || !covers(level, wanted.get(i), literal, values)) {
                return false;
            }
            // "sport/#" also matches "sport" itself [5.0 §4.7.1.2]
            if (i == wanted.size() - 1
                    && i == levels.size() - 2
                    && levels.get(i + 1).is("#")) {
                return true;
            }
        }
        return wanted.size() == levels.size();
    }

    private static boolean covers(
            Level level, String wanted, boolean literal, Function<String, @Nullable String> values) {
        if (level.is("+")) {
            return !literal;
        }
        // a value that looks like a wildcard is none
        boolean wildcard = wanted.equals("+");
        return !wildcard && !(literal && level.hasVariable()) && wanted.equals(level.filled(values));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RuleFilter filter && text.equals(filter.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As written. */
    @Override
    public String toString() {
        return text;
    }
}

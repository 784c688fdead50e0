// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A text of the YAML in which {@code {name}} is filled in for each message, such as {@code readings-{site}}. */
public final class Template {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_.-]*)}");

    private final String text;
    private final List<Part> parts;

    private Template(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /** Either a fixed text, or the name of a value. */
    private record Part(String text, boolean isName) {}

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException when a brace is not part of a {@code {name}}
     */
    public static Template fromText(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher placeholder = PLACEHOLDER.matcher(text);
        int from = 0;
        while (placeholder.find()) {
            addFixed(parts, text.substring(from, placeholder.start()));
            parts.add(new Part(placeholder.group(1), true));
            from = placeholder.end();
        }
        addFixed(parts, text.substring(from));
        return new Template(text, List.copyOf(parts));
    }

    private static void addFixed(List<Part> parts, String fixed) {
        if (fixed.indexOf('{') >= 0 || fixed.indexOf('}') >= 0) {
            throw new IllegalArgumentException("has a brace that is not part of a {name}");
        }
        if (!fixed.isEmpty()) {
            parts.add(new Part(fixed, false));
        }
    }

    /** The names in braces, in their order. */
    public List<String> names() {
        return parts.stream().filter(Part::isName).map(Part::text).toList();
    }

    /** The texts around the braces, in their order, so that a target can check them at load. */
    public List<String> fixedTexts() {
        return parts.stream().filter(part -> !part.isName).map(Part::text).toList();
    }

    /** True when nothing is filled in. */
    public boolean isFixed() {
        return parts.stream().noneMatch(Part::isName);
    }

    /** True when the whole text is one placeholder, so that data may choose all of it. */
    public boolean isOneValue() {
        return parts.size() == 1 && parts.get(0).isName();
    }

    /** The text with all names filled in as they are, or null when the message has no value for one of them. */
    public @Nullable String render(Values values) {
        return render(values, UnaryOperator.identity());
    }

    /**
     * The text with all names filled in, or null when the message has no value for one of them.
     *
     * @param encoding is applied to each value, not to the fixed text around it
     */
    public @Nullable String render(Values values, UnaryOperator<String> encoding) {
        if (parts.size() == 1) {
            return rendered(parts.get(0), values, encoding);
        }
        StringBuilder rendered = new StringBuilder(text.length() + 32);
        for (Part part : parts) {
            String piece = rendered(part, values, encoding);
            if (piece == null) {
                return null;
            }
            rendered.append(piece);
        }
        return rendered.toString();
    }

    private static @Nullable String rendered(Part part, Values values, UnaryOperator<String> encoding) {
        if (!part.isName) {
            return part.text;
        }
        String value = values.value(part.text);
        return value == null ? null : encoding.apply(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Template template && text.equals(template.text);
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

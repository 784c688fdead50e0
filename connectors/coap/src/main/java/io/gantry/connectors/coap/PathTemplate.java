// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The path of a route's requests. A filled-in value stays within its segment: it can neither add segments nor climb out
 * of the path by dots.
 */
final class PathTemplate {
    private final List<Template> segments;

    private PathTemplate(List<Template> segments) {
        this.segments = segments;
    }

    /**
     * Reads the template of a path; nothing at all is a path too.
     *
     * @throws IllegalArgumentException when no path can come of it
     */
    static PathTemplate of(Template template) {
        String text = template.toString();
        String path = text.startsWith("/") ? text.substring(1) : text;
        if (path.isEmpty()) {
            return new PathTemplate(List.of());
        }
        List<Template> segments =
                Arrays.stream(path.split("/", -1)).map(Template::fromText).toList();
        for (Template segment : segments) {
            if (segment.isFixed() && !OptionText.isSegment(segment.toString())) {
                throw new IllegalArgumentException("must not have segments that are empty, dots or over 255 bytes");
            }
            if (!segment.fixedTexts().stream().allMatch(OptionText::isPlain)) {
                throw new IllegalArgumentException(
                        "must not have '%', '?', '#', '&' or control characters: it is written"
                                + " as it is, not percent-encoded, and a query is a key of its own");
            }
        }
        return new PathTemplate(segments);
    }

    /** Whether every request of the route goes to the same path. */
    boolean isFixed() {
        return segments.stream().allMatch(Template::isFixed);
    }

    /** The segments, or null when the message has no value for a name, or one that cannot be a segment. */
    @Nullable List<String> render(Values values) {
        List<String> path = new ArrayList<>(segments.size());
        for (Template segment : segments) {
            String text = segment.render(values, OptionText::encode);
            if (text == null || !OptionText.isSegment(text)) {
                return null;
            }
            path.add(text);
        }
        return path;
    }
}

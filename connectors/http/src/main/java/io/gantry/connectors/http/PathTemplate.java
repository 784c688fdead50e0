// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The path of a route's requests. A filled-in value stays within its segment: it can neither add segments nor climb out
 * of the path by dots.
 */
final class PathTemplate {
    private final List<Template> segments;
    private final boolean isFixed;

    private PathTemplate(List<Template> segments) {
        this.segments = segments;
        this.isFixed = segments.stream().allMatch(Template::isFixed);
    }

    /**
     * Reads the template of a path; nothing at all is a path too.
     *
     * @throws IllegalArgumentException when no path can come of it
     */
    static PathTemplate of(Template template) {
        String text = template.toString();
        if (text.isEmpty()) {
            return new PathTemplate(List.of());
        }
        if (text.charAt(0) != '/') {
            throw new IllegalArgumentException("must begin with /");
        }
        List<Template> segments = Arrays.stream(text.substring(1).split("/", -1))
                .map(Template::fromText)
                .toList();
        for (int i = 0; i < segments.size(); i++) {
            Template segment = segments.get(i);
            boolean isTrailingSlash =
                    i == segments.size() - 1 && segment.toString().isEmpty();
            if (segment.isFixed() && !isTrailingSlash && !isSegment(segment.toString())) {
                throw new IllegalArgumentException("must not have empty or dot segments");
            }
            if (!segment.fixedTexts().stream().allMatch(UrlText::isPathText)) {
                throw new IllegalArgumentException("must consist of characters that may stand in the path of a URL,"
                        + " others percent-encoded; a query is a key of its own");
            }
        }
        return new PathTemplate(segments);
    }

    /** Whether a fixed path, which begins with a slash, has only segments that mean themselves. */
    static boolean isWellFormed(String path) {
        return Arrays.stream(path.substring(1).split("/", -1)).allMatch(PathTemplate::isSegment);
    }

    /** Whether every request of the route goes to the same path. */
    boolean isFixed() {
        return isFixed;
    }

    /** The path, or null when the message has no value for a name, or one that cannot be a segment. */
    @Nullable String render(Values values) {
        StringBuilder path = new StringBuilder();
        for (Template segment : segments) {
            String text = segment.render(values, UrlText::encode);
            if (text == null || (!segment.isFixed() && !isSegment(text))) {
                return null;
            }
            path.append('/').append(text);
        }
        return path.toString();
    }

    /** Servers leave dot segments out, also encoded ones, and many join empty ones with their neighbours. */
    private static boolean isSegment(String text) {
        String decoded = text.replace("%2e", ".").replace("%2E", ".");
        return !decoded.isEmpty() && !decoded.equals(".") && !decoded.equals("..");
    }
}

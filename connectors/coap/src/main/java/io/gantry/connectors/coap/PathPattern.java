// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.UserProperty;
import io.gantry.api.settings.InvalidSettingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The path of requests that a route takes: fixed segments, and named ones that any segment fits. */
final class PathPattern {
    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_-]*)}");

    private final List<Segment> segments;

    private PathPattern(List<Segment> segments) {
        this.segments = segments;
    }

    /** Either a fixed text, or a name. */
    private record Segment(String text, boolean isName) {
        String shape() {
            return isName ? "{}" : text;
        }
    }

    /**
     * Reads a path with names in braces.
     *
     * @throws InvalidSettingException when no request could have it
     */
    static PathPattern parse(String path) {
        String text = path.startsWith("/") ? path.substring(1) : path;
        Set<String> names = new HashSet<>();
        List<Segment> segments = new ArrayList<>();
        for (String segment : text.split("/", -1)) {
            Matcher name = NAME.matcher(segment);
            if (name.matches()) {
                require(names.add(name.group(1)), "has a name twice", path);
                segments.add(new Segment(name.group(1), true));
            } else {
                require(
                        OptionText.isSegment(segment) && OptionText.isPlain(segment) && segment.indexOf('{') < 0,
                        "must have segments of 1 to 255 bytes such as devices or {device}",
                        path);
                segments.add(new Segment(segment, false));
            }
        }
        return new PathPattern(List.copyOf(segments));
    }

    private static void require(boolean isMet, String expected, String path) {
        if (!isMet) {
            throw new InvalidSettingException("path", expected + ", was '" + path + "'");
        }
    }

    /** The values of the names, as {@code path.NAME}, or null when the path is another one. */
    @Nullable List<UserProperty> match(List<String> path) {
        if (path.size() != segments.size()) {
            return null;
        }
        List<UserProperty> values = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            Segment segment = segments.get(i);
            if (segment.isName) {
                values.add(new UserProperty("path." + segment.text, path.get(i)));
            } else if (!segment.text.equals(path.get(i))) {
                return null;
            }
        }
        return values;
    }

    /** Whether both fit exactly the same paths. */
    boolean isLike(PathPattern other) {
        return Arrays.equals(shape(), other.shape());
    }

    private String[] shape() {
        return segments.stream().map(Segment::shape).toArray(String[]::new);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which paths of requests a route takes, as {@code /devices/{device}/commands}: a name in braces stands for one whole
 * segment that is not empty.
 */
public final class PathPattern {
    private static final Pattern NAME = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_-]*)}");

    private final String text;
    private final List<Segment> segments;

    private PathPattern(String text, List<Segment> segments) {
        this.text = text;
        this.segments = segments;
    }

    /** Either a text, percent-decoded, or a name. */
    private record Segment(String text, boolean isName) {
        boolean overlaps(Segment other) {
            return isName || other.isName || text.equals(other.text);
        }
    }

    /**
     * Reads the key's value.
     *
     * @throws IllegalArgumentException when no request can have such a path
     */
    public static PathPattern fromText(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("must begin with /");
        }
        List<Segment> segments = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : text.substring(1).split("/", -1)) {
            Matcher name = NAME.matcher(part);
            if (name.matches()) {
                if (!names.add(name.group(1))) {
                    throw new IllegalArgumentException("has {" + name.group(1) + "} twice");
                }
                segments.add(new Segment(name.group(1), true));
            } else {
                segments.add(fixed(part));
            }
        }
        return new PathPattern(text, List.copyOf(segments));
    }

    private static Segment fixed(String part) {
        if (part.indexOf('{') >= 0 || part.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "must have names in braces for whole segments only, such as" + " /devices/{device}/commands");
        }
        String decoded = UrlText.isPathText(part) ? RequestText.decoded(part) : null;
        if (decoded == null || decoded.isEmpty() || decoded.equals(".") || decoded.equals("..")) {
            throw new IllegalArgumentException("must have segments that are not empty, '.' or '..', of characters that"
                    + " may stand in the path of a URL");
        }
        return new Segment(decoded, false);
    }

    /** The names in braces, in their order. */
    List<String> names() {
        return segments.stream().filter(Segment::isName).map(Segment::text).toList();
    }

    /** How many segments it has. */
    int length() {
        return segments.size();
    }

    PathPattern first(int length) {
        return new PathPattern(text, segments.subList(0, length));
    }

    /** Whether a path, decoded, is one of those meant. */
    boolean matches(List<String> path) {
        if (path.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            Segment segment = segments.get(i);
            if (segment.isName ? path.get(i).isEmpty() : !segment.text.equals(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** What stands for the names in a path that matches, in the names' order. */
    List<String> captured(List<String> path) {
        List<String> captured = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            if (segments.get(i).isName) {
                captured.add(path.get(i));
            }
        }
        return captured;
    }

    /** Whether some path matches both. */
    boolean overlaps(PathPattern other) {
        if (other.length() != length()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            if (!segments.get(i).overlaps(other.segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern pattern && segments.equals(pattern.segments);
    }

    @Override
    public int hashCode() {
        return segments.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

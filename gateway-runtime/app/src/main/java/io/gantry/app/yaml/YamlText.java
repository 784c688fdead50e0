// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads one YAML document into elements. Works on SnakeYAML's events rather than on the nodes it composes from them:
 * the limits (depth, aliases, tags, number of elements) then strike at their place in the file, before anything
 * has been built, and no text is ever turned into an object by a tag.
 */
public final class YamlText {
    /** As many characters as a file may have. */
    public static final int MAX_CODE_POINTS = 1 << 20;

    private static final int MAX_DEPTH = 50;
    private static final int MAX_ELEMENTS = 100_000;
    private static final String CORE = "tag:yaml.org,2002:";
    private static final Set<String> CORE_TAGS = Set.of(
            "!", CORE + "str", CORE + "int", CORE + "float", CORE + "bool", CORE + "null", CORE + "map", CORE + "seq");

    private final String file;
    private final Iterator<Event> events;
    private final Placeholders placeholders;
    private final Problems problems;
    private final Map<String, Optional<Element>> anchors = new HashMap<>();
    private int elements;

    private YamlText(String file, Iterator<Event> events, Placeholders placeholders, Problems problems) {
        this.file = file;
        this.events = events;
        this.placeholders = placeholders;
        this.problems = problems;
    }

    /** The reader goes no further. */
    private static final class StopException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Place place;

        StopException(Place place, String message) {
            super(message, null, false, false);
            this.place = place;
        }
    }

    /** The document's root; null when the text is no YAML, or empty, which is then among the problems. */
    public static @Nullable Element read(String file, String text, Placeholders placeholders, Problems problems) {
        try {
            checkCharacters(file, text);
            LoaderOptions options = new LoaderOptions();
            options.setCodePointLimit(MAX_CODE_POINTS + 1);
            ParserImpl parser = new ParserImpl(new StreamReader(text), options);
            return new YamlText(file, new EventsOf(parser), placeholders, problems).document();
        } catch (StopException stop) {
            problems.add(stop.place, String.valueOf(stop.getMessage()));
        } catch (MarkedYAMLException syntax) {
            Mark mark = syntax.getProblemMark() == null ? syntax.getContextMark() : syntax.getProblemMark();
            Place place = mark == null ? Place.startOf(file) : place(file, mark);
            problems.add(place, "not YAML: " + (syntax.getProblem() == null ? "syntax error" : syntax.getProblem()));
        }
        return null;
    }

    private record EventsOf(ParserImpl parser) implements Iterator<Event> {
        @Override
        public boolean hasNext() {
            return parser.peekEvent() != null;
        }

        @Override
        public Event next() {
            return parser.getEvent();
        }
    }

    private static void checkCharacters(String file, String text) {
        if (text.codePointCount(0, text.length()) > MAX_CODE_POINTS) {
            throw new StopException(Place.startOf(file), "the file is larger than 1MiB, expected less");
        }
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            if (!StreamReader.isPrintable(c)) {
                throw new StopException(
                        new Place(file, line, column), "not YAML: the character U+%04X is not allowed".formatted(c));
            }
            column = c == '\n' ? 1 : column + 1;
            line = c == '\n' ? line + 1 : line;
        }
    }

    private @Nullable Element document() {
        events.next();
        if (!(events.next() instanceof DocumentStartEvent)) {
            throw new StopException(Place.startOf(file), "the file is empty");
        }
        Element root = element(events.next(), 1);
        Event end = events.next();
        if (!(end instanceof DocumentEndEvent)) {
            throw new IllegalStateException("expected the document's end");
        }
        Event next = events.next();
        if (next instanceof DocumentStartEvent) {
            throw new StopException(placeOf(next), "a second document begins, expected one");
        }
        if (root.isNothing()) {
            throw new StopException(Place.startOf(file), "the file is empty");
        }
        return root;
    }

    private Element element(Event event, int depth) {
        Place place = placeOf(event);
        if (depth > MAX_DEPTH) {
            throw new StopException(place, "nested deeper than " + MAX_DEPTH + " levels");
        }
        if (event instanceof AliasEvent alias) {
            return aliased(alias, place);
        }
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor != null) {
            anchors.put(anchor, Optional.empty());
        }
        Element element = built(event, place, depth);
        if (anchor != null) {
            anchors.put(anchor, Optional.of(element));
        }
        return element;
    }

    /** Shows no name: what follows a * may be a password that somebody forgot to quote. */
    private Element aliased(AliasEvent alias, Place place) {
        Optional<Element> target = anchors.get(alias.getAnchor());
        if (target == null) {
            throw new StopException(
                    place, "an alias without an anchor before it, expected quotes around a text that starts with *");
        }
        Element element = target.orElseThrow(() -> new StopException(place, "an alias inside what it stands for"));
        count(element.size(), place);
        return element;
    }

    private void count(int more, Place place) {
        elements += more;
        if (elements > MAX_ELEMENTS) {
            throw new StopException(place, "more than " + MAX_ELEMENTS + " elements, counting what aliases stand for");
        }
    }

    private Element built(Event event, Place place, int depth) {
        count(1, place);
        if (event instanceof ScalarEvent scalar) {
            checkTag(scalar.getTag(), place);
            boolean isPlain = scalar.getScalarStyle() == ScalarStyle.PLAIN && scalar.getTag() == null;
            return new Element.Scalar(place, scalar.getValue(), isPlain);
        }
        checkTag(((CollectionStartEvent) event).getTag(), place);
        return event instanceof MappingStartEvent ? mapping(place, depth) : items(place, depth);
    }

    private Element items(Place place, int depth) {
        int before = elements - 1;
        List<Element> items = new ArrayList<>();
        for (Event next = events.next(); !next.is(Event.ID.SequenceEnd); next = events.next()) {
            items.add(filled(element(next, depth + 1)));
        }
        return new Element.Items(place, List.copyOf(items), elements - before);
    }

    private Element mapping(Place place, int depth) {
        int before = elements - 1;
        Map<String, Element.Entry> entries = new LinkedHashMap<>();
        for (Event next = events.next(); !next.is(Event.ID.MappingEnd); next = events.next()) {
            Element key = element(next, depth + 1);
            Element value = filled(element(events.next(), depth + 1));
            if (!(key instanceof Element.Scalar name)) {
                problems.add(key.place(), "a key is " + key.kind() + ", expected a name");
                continue;
            }
            Element.Entry first = entries.putIfAbsent(name.text(), new Element.Entry(name, value));
            if (first != null) {
                problems.add(
                        name.place(),
                        "key '" + name.text() + "' is given twice, first in line "
                                + first.key().place().line());
            }
        }
        return new Element.Mapping(place, List.copyOf(entries.values()), elements - before);
    }

    private Element filled(Element value) {
        return value instanceof Element.Scalar scalar ? placeholders.fill(scalar, problems) : value;
    }

    private static void checkTag(@Nullable String tag, Place place) {
        if (tag != null && !CORE_TAGS.contains(tag)) {
            throw new StopException(
                    place, "a tag that is not allowed, expected quotes around a text that starts with !");
        }
    }

    private Place placeOf(Event event) {
        return place(file, event.getStartMark());
    }

    private static Place place(String file, Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}

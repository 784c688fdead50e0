// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import java.util.List;
import java.util.Optional;

/** A part of a YAML file with its place. Immutable; an alias is the very element its anchor named. */
public sealed interface Element {

    /** Where it begins. */
    Place place();

    /** How many elements it consists of, counting each alias with all it stands for. */
    int size();

    /** What it is, for an error message. Never its content. */
    String kind();

    /** A key written with nothing behind it. */
    default boolean isNothing() {
        return false;
    }

    /** Where a text is from, as far as it matters for a secret. */
    enum Source {
        /** All of it stands in the file itself. */
        WRITTEN,
        /** Something in it came from the environment, or from a file that only some may read. */
        FILLED_IN,
        /** Something in it came from a file that everybody on the machine may read. */
        OPEN_FILE
    }

    /**
     * A text, a number, a truth value: what it is decides who reads it.
     *
     * @param text with its placeholders filled in
     * @param isPlain written without quotes, and without a placeholder
     * @param source where the text is from
     */
    record Scalar(Place place, String text, boolean isPlain, Source source) implements Element {

        /** As it is written. */
        public Scalar(Place place, String text, boolean isPlain) {
            this(place, text, isPlain, Source.WRITTEN);
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public String kind() {
            return isNothing() ? "nothing" : "a single value";
        }

        @Override
        public boolean isNothing() {
            return isPlain && text.isEmpty();
        }

        /** Without the text, which may be a secret. */
        @Override
        public String toString() {
            return "Scalar[" + place + "]";
        }
    }

    /** A list. */
    record Items(Place place, List<Element> items, int size) implements Element {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Keys with their values, in the order of the file, each key once. */
    record Mapping(Place place, List<Entry> entries, int size) implements Element {
        @Override
        public String kind() {
            return "a mapping";
        }

        /** The value of a key. */
        public Optional<Element> value(String key) {
            return entries.stream()
                    .filter(entry -> entry.key().text().equals(key))
                    .map(Entry::value)
                    .findFirst();
        }
    }

    /** One key with its value. */
    record Entry(Scalar key, Element value) {}
}

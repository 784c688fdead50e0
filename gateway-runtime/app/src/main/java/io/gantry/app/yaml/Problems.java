// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers what is wrong, so that the user sees all of it at once. Values that came from outside the file, and secrets,
 * are told to it, and it shows none of them; nor a password in a URI.
 */
public final class Problems {
    /** A shorter value hides nothing worth hiding, and replacing it would garble the text around it. */
    private static final int SHORTEST_HIDDEN = 4;

    /** More than anybody reads at once. */
    private static final int MOST_SHOWN = 100;

    private final List<Problem> found = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final Map<String, String> hidden = new LinkedHashMap<>();
    private int count;

    /** Notes a problem. */
    public void add(Place place, String message) {
        count++;
        if (count <= MOST_SHOWN) {
            found.add(new Problem(place, message));
        }
    }

    /** Notes what is allowed and should not be. */
    void warn(Place place, String message) {
        if (warnings.size() < MOST_SHOWN) {
            warnings.add(new Problem(place, message));
        }
    }

    /** From now on, and for what was noted before, shows the stand-in where a message would show the value. */
    void hide(String value, String standIn) {
        if (value.length() >= SHORTEST_HIDDEN) {
            hidden.put(value, standIn);
        }
    }

    /** How many there are so far. */
    public int count() {
        return count;
    }

    /** The first hundred, in the order of their places, each once. */
    public List<Problem> sorted() {
        return sorted(found);
    }

    /** What is allowed and should not be, in the order of the places. */
    public List<Problem> warnings() {
        return sorted(warnings);
    }

    private List<Problem> sorted(List<Problem> problems) {
        return problems.stream()
                .map(problem -> new Problem(problem.place(), shown(problem.message())))
                .distinct()
                .sorted(Comparator.comparing(Problem::place))
                .toList();
    }

    /**
     * Ends the reading when something is wrong.
     *
     * @throws InvalidConfigException when there is at least one problem
     */
    public void throwIfAny() throws InvalidConfigException {
        if (!found.isEmpty()) {
            throw new InvalidConfigException(sorted());
        }
    }

    private String shown(String message) {
        List<String> longestFirst = new ArrayList<>(hidden.keySet());
        longestFirst.sort(Comparator.comparingInt(String::length).reversed());
        String shown = message;
        for (String value : longestFirst) {
            shown = shown.replace(value, hidden.getOrDefault(value, ""));
        }
        return OneLine.of(UriSecrets.hidden(shown));
    }
}

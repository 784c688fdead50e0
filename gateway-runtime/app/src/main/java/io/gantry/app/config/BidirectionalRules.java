// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.app.yaml.Element;
import io.gantry.app.yaml.Problems;
import io.gantry.app.yaml.SettingsKey;
import io.gantry.app.yaml.SettingsRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * Bidirectional rules: an entry under {@code routes:} with {@code up} and {@code down} is two routes, {@code NAME.up} and
 * {@code NAME.down}. No other route may have a dot in its name.
 */
public final class BidirectionalRules {
    private static final String ROUTES = "routes";
    private static final List<String> HALVES = SettingsRecord.of(BidirectionalRule.class).keys().stream()
            .map(SettingsKey::name)
            .toList();

    private BidirectionalRules() {}

    /** Whether a route is one half of a rule, so that what it carries may come back by the other. */
    public static boolean isHalf(String route) {
        return route.indexOf('.') >= 0;
    }

    /** The settings of a rule, for what is generated from them. */
    public static Class<? extends Record> settings() {
        return BidirectionalRule.class;
    }

    /** The file with each rule as two routes. */
    static Element.Mapping expanded(Element.Mapping root, Problems problems) {
        List<Element.Entry> entries = new ArrayList<>();
        for (Element.Entry entry : root.entries()) {
            boolean isRoutes = entry.key().text().equals(ROUTES);
            entries.add(
                    isRoutes && entry.value() instanceof Element.Mapping routes
                            ? new Element.Entry(entry.key(), withHalves(routes, problems))
                            : entry);
        }
        return new Element.Mapping(root.place(), List.copyOf(entries), root.size());
    }

    private static Element.Mapping withHalves(Element.Mapping routes, Problems problems) {
        List<Element.Entry> entries = new ArrayList<>();
        for (Element.Entry route : routes.entries()) {
            if (route.value() instanceof Element.Mapping keys
                    && HALVES.stream().anyMatch(half -> keys.value(half).isPresent())) {
                addHalves(route.key(), keys, entries, problems);
            } else {
                entries.add(route);
            }
        }
        return new Element.Mapping(routes.place(), List.copyOf(entries), routes.size());
    }

    private static void addHalves(
            Element.Scalar name, Element.Mapping rule, List<Element.Entry> routes, Problems problems) {
        for (String half : HALVES) {
            if (rule.value(half).isEmpty()) {
                problems.add(
                        rule.place(),
                        ROUTES + "." + name.text() + ": a bidirectional rule needs both 'up' and 'down', '" + half
                                + "' is missing; for one way alone write its 'from' and 'to' here");
            }
        }
        for (Element.Entry half : rule.entries()) {
            String key = half.key().text();
            if (HALVES.contains(key)) {
                routes.add(new Element.Entry(
                        new Element.Scalar(half.key().place(), name.text() + "." + key, true), half.value()));
            } else {
                problems.add(
                        half.key().place(),
                        ROUTES + "." + name.text() + ": has '" + key
                                + "' beside 'up' and 'down', expected it within each of them");
            }
        }
    }
}

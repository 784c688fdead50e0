// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.app.yaml.Element;
import io.gantry.app.yaml.Problems;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks the names users give to endpoints and routes: they appear in logs, metrics, URLs and file names. */
final class Names {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Set<String> TAKEN = Set.of(Sides.DEVICES, Sides.CAMEL);

    private Names() {}

    static void check(Element.Mapping root, Problems problems) {
        checkForm("endpoints", entries(root, "endpoints"), problems);
        checkForm("routes", entries(root, "routes"), problems);
        for (Element.Entry endpoint : entries(root, "endpoints")) {
            if (TAKEN.contains(endpoint.key().text())) {
                problems.add(
                        endpoint.key().place(),
                        "endpoints: '" + endpoint.key().text() + "' has a meaning of its own, expected another name");
            }
        }
    }

    static void checkForm(String section, Iterable<Element.Entry> entries, Problems problems) {
        for (Element.Entry entry : entries) {
            String name = entry.key().text();
            if (!FORM.matcher(name).matches()) {
                problems.add(
                        entry.key().place(),
                        section + ": a name must be 1 to 64 letters, digits, '-' and '_', was '"
                                + (name.length() > 80 ? name.substring(0, 80) + "…" : name) + "'");
            }
        }
    }

    static Iterable<Element.Entry> entries(Element.Mapping root, String section) {
        return root.value(section).orElse(null) instanceof Element.Mapping mapping ? mapping.entries() : Set.of();
    }
}

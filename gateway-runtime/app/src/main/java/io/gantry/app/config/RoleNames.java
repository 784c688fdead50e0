// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.app.yaml.Element;
import io.gantry.app.yaml.Guess;
import io.gantry.app.yaml.Problems;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Checks the names of roles, and that the roles which the file gives to somebody are in it. */
final class RoleNames {
    private final Problems problems;
    private final Set<String> known = new TreeSet<>();

    private RoleNames(Problems problems) {
        this.problems = problems;
    }

    static void check(Element.Mapping root, Problems problems) {
        if (root.value("security").orElse(null) instanceof Element.Mapping security) {
            Names.checkForm("roles", Names.entries(security, "roles"), problems);
            new RoleNames(problems).check(security);
        }
    }

    private void check(Element.Mapping security) {
        Names.entries(security, "roles").forEach(role -> known.add(role.key().text()));
        if (known.isEmpty()) {
            // what is missing then is said where the settings are read
            return;
        }
        security.value("anonymous-roles").ifPresent(roles -> checkKnown("anonymous-roles", roles));
        for (Element entry :
                security.value("authenticate").map(RoleNames::items).orElse(List.of())) {
            if (entry instanceof Element.Mapping way) {
                way.entries().forEach(only -> checkRoleOf(only.value()));
            }
        }
    }

    private void checkRoleOf(Element settings) {
        if (settings instanceof Element.Mapping mapping) {
            mapping.value("role").ifPresent(roles -> checkKnown("role", roles));
        }
    }

    private void checkKnown(String label, Element roles) {
        for (Element role : items(roles)) {
            if (role instanceof Element.Scalar name && !name.isNothing() && !known.contains(name.text())) {
                problems.add(
                        name.place(),
                        label + ": no role is called '" + name.text() + "'" + Guess.among(name.text(), known));
            }
        }
    }

    private static List<Element> items(Element element) {
        return element instanceof Element.Items list ? list.items() : List.of(element);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The names that may stand in the braces of a route's templates.
 *
 * @param exact whole names
 * @param prefixes beginnings after which any name may follow, such as {@code header.}
 */
public record ValueNames(List<String> exact, List<String> prefixes) {

    public ValueNames {
        exact = List.copyOf(exact);
        prefixes = List.copyOf(prefixes);
    }

    public static ValueNames of(String... names) {
        return new ValueNames(List.of(names), List.of());
    }

    public ValueNames with(Collection<String> more) {
        List<String> all = new ArrayList<>(more);
        all.addAll(exact);
        return new ValueNames(all, prefixes);
    }

    public ValueNames withPrefix(String prefix) {
        List<String> all = new ArrayList<>(prefixes);
        all.add(prefix);
        return new ValueNames(exact, all);
    }

    /** Whether a template may use the name. */
    public boolean offers(String name) {
        return exact.contains(name)
                || prefixes.stream().anyMatch(prefix -> name.startsWith(prefix) && name.length() > prefix.length());
    }

    /** For error messages: {@code {device}, {topic}, {user.NAME}}. */
    @Override
    public String toString() {
        List<String> shown = new ArrayList<>(exact);
        prefixes.forEach(prefix -> shown.add(prefix + "NAME"));
        return "{" + String.join("}, {", shown) + "}";
    }
}

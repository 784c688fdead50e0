// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.app.yaml.Binder;
import io.gantry.app.yaml.Element;
import io.gantry.app.yaml.Guess;
import io.gantry.app.yaml.Place;
import io.gantry.app.yaml.Problems;
import io.gantry.connectors.spi.Connector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the entries under {@code endpoints:}: the one key of each names its connector. */
final class EndpointReading {
    private final Problems problems;
    private final Binder binder;
    private final List<Connector<?, ?, ?>> connectors;

    EndpointReading(Problems problems, Binder binder, List<Connector<?, ?, ?>> connectors) {
        this.problems = problems;
        this.binder = binder;
        this.connectors = List.copyOf(connectors);
    }

    /** Which connector each endpoint of the file has; empty where that cannot be said. Notes no problems. */
    Map<String, Optional<Connector<?, ?, ?>>> connectorsByName(Element.Mapping root) {
        Map<String, Optional<Connector<?, ?, ?>>> byName = new HashMap<>();
        if (root.value("endpoints").orElse(null) instanceof Element.Mapping endpoints) {
            for (Element.Entry endpoint : endpoints.entries()) {
                byName.put(
                        endpoint.key().text(),
                        onlyKey(endpoint.value())
                                .flatMap(key -> connector(key.key().text())));
            }
        }
        return byName;
    }

    @Nullable EndpointEntry endpoint(Element element, String label) {
        Element.Entry only = onlyKey(element).orElse(null);
        if (only == null) {
            problems.add(
                    element.place(), label + ": expected one connector with its settings, such as {" + example() + "}");
            return null;
        }
        String name = only.key().text();
        Connector<?, ?, ?> connector = connector(name).orElse(null);
        if (connector == null) {
            problems.add(only.key().place(), "no connector is called '" + name + "'" + Guess.among(name, names()));
            return null;
        }
        Record settings = binder.bind(connector.endpointSettings(), only.value(), name);
        return settings == null ? null : new EndpointEntry(connector, settings);
    }

    /** An endpoint that the file need not name. */
    EndpointEntry withoutSettings(Connector<?, ?, ?> connector, Place place) {
        Record settings = binder.bindByConvention(
                connector.endpointSettings(), new Element.Mapping(place, List.of(), 1), connector.name());
        if (settings == null) {
            throw new IllegalStateException("the connector " + connector.name() + " needs settings");
        }
        return new EndpointEntry(connector, settings);
    }

    private static Optional<Element.Entry> onlyKey(Element element) {
        return element instanceof Element.Mapping mapping && mapping.entries().size() == 1
                ? Optional.of(mapping.entries().get(0))
                : Optional.empty();
    }

    private Optional<Connector<?, ?, ?>> connector(String name) {
        return connectors.stream()
                .filter(connector -> connector.name().equals(name))
                .findFirst();
    }

    private List<String> names() {
        return connectors.stream().<String>map(Connector::name).toList();
    }

    private String example() {
        return names().isEmpty() ? "" : names().get(0) + ": {…}";
    }
}

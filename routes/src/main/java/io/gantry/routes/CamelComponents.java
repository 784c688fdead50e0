// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;

/** What the Camel catalogue says about components that may not be on the class path. Slow: it reads a file for each. */
final class CamelComponents {

    private CamelComponents() {}

    /** Maven coordinates of the jar with a component; empty when Camel has none of that scheme. */
    static Optional<String> coordinates(String scheme) {
        ComponentModel component = new DefaultCamelCatalog().componentModel(scheme);
        return component == null
                ? Optional.empty()
                : Optional.of(component.getGroupId() + ":" + component.getArtifactId() + ":" + component.getVersion());
    }

    /** The headers that any component obeys or sets. */
    static Stream<String> headers() {
        CamelCatalog catalog = new DefaultCamelCatalog();
        return catalog.findComponentNames().stream()
                .flatMap(name -> catalog.componentModel(name).getEndpointHeaders().stream())
                .map(BaseOptionModel::getName);
    }
}

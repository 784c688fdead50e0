// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.app.yaml.Binder;
import io.gantry.app.yaml.Problems;
import io.gantry.connectors.spi.Connector;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds what routes want of endpoints against what those endpoints can give, as their connectors say. */
final class SideChecks {
    private final Problems problems;
    private final Binder binder;

    SideChecks(Problems problems, Binder binder) {
        this.problems = problems;
        this.binder = binder;
    }

    void check(GatewaySettings settings) {
        Map<String, EndpointEntry> endpoints = settings.endpoints();
        endpoints.forEach((name, endpoint) -> {
            if (!name.equals(Sides.CAMEL)) {
                attempt(endpoint.settings(), () -> checkEndpoint(endpoint.connector(), endpoint.settings()));
            }
        });
        settings.routes().forEach((name, route) -> {
            checkFrom(endpoints.get(route.from().endpoint()), route.from().settings());
            route.allTargets().forEach(to -> checkTo(endpoints.get(to.endpoint()), to.settings()));
        });
    }

    private void checkFrom(@Nullable EndpointEntry endpoint, Record from) {
        if (endpoint != null) {
            attempt(from, () -> checkFrom(endpoint.connector(), endpoint.settings(), from));
        }
    }

    private void checkTo(@Nullable EndpointEntry endpoint, Record to) {
        if (endpoint != null) {
            attempt(to, () -> checkTo(endpoint.connector(), endpoint.settings(), to));
        }
    }

    private static <E extends Record> void checkEndpoint(Connector<E, ?, ?> connector, Record endpoint) {
        connector.check(connector.endpointSettings().cast(endpoint));
    }

    private static <E extends Record, F extends Record> void checkFrom(
            Connector<E, F, ?> connector, Record endpoint, Record from) {
        connector.checkFrom(
                connector.endpointSettings().cast(endpoint),
                connector.fromSettings().cast(from));
    }

    private static <E extends Record, T extends Record> void checkTo(
            Connector<E, ?, T> connector, Record endpoint, Record to) {
        connector.checkTo(
                connector.endpointSettings().cast(endpoint),
                connector.toSettings().cast(to));
    }

    private void attempt(Record side, Runnable check) {
        try {
            check.run();
        } catch (InvalidSettingException refused) {
            problems.add(
                    binder.placeOf(side), refused.key().map(key -> key + ": ").orElse("") + refused.getMessage());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.config;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.app.yaml.Binder;
import io.gantry.app.yaml.Problems;
import io.gantry.connectors.spi.Connector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks what routes want of an endpoint against the endpoint's settings, and against each other. */
final class EndpointUse {
    private final Problems problems;
    private final Binder binder;
    private final Map<String, List<Record>> starts = new HashMap<>();

    EndpointUse(Problems problems, Binder binder) {
        this.problems = problems;
        this.binder = binder;
    }

    /** Of a file that can be read as a whole. */
    void check(GatewaySettings settings) {
        for (RouteEntry route : settings.routes().values()) {
            RouteFrom from = route.from();
            EndpointEntry start = settings.endpoints().get(from.endpoint());
            if (start != null) {
                List<Record> before = starts.computeIfAbsent(from.endpoint(), name -> new ArrayList<>());
                note(from.settings(), () -> from(start.connector(), start.settings(), from.settings(), before));
                before.add(from.settings());
            }
            route.allTargets().forEach(to -> {
                EndpointEntry target = settings.endpoints().get(to.endpoint());
                if (target != null) {
                    note(to.settings(), () -> to(target.connector(), target.settings(), to.settings()));
                }
            });
        }
    }

    private static <E extends Record, F extends Record, T extends Record> void from(
            Connector<E, F, T> connector, Record endpoint, Record from, List<Record> before) {
        Class<F> type = connector.fromSettings();
        connector.checkFrom(
                connector.endpointSettings().cast(endpoint),
                type.cast(from),
                before.stream().map(type::cast).toList());
    }

    private static <E extends Record, F extends Record, T extends Record> void to(
            Connector<E, F, T> connector, Record endpoint, Record to) {
        connector.checkTo(
                connector.endpointSettings().cast(endpoint),
                connector.toSettings().cast(to));
    }

    private void note(Record settings, Runnable check) {
        try {
            check.run();
        } catch (InvalidSettingException refused) {
            problems.add(
                    binder.placeOf(settings),
                    refused.key().map(key -> key + ": ").orElse("") + refused.getMessage());
        }
    }
}

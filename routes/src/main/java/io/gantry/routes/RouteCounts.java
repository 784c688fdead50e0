// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** How often what has happened to one route, since the start. Any thread. */
final class RouteCounts {
    private final Map<RouteEvent, LongAdder> counts = new EnumMap<>(RouteEvent.class);

    RouteCounts() {
        for (RouteEvent event : RouteEvent.values()) {
            counts.put(event, new LongAdder());
        }
    }

    void count(RouteEvent event) {
        Objects.requireNonNull(counts.get(event)).increment();
    }

    /** All of them, by name. */
    Map<String, Long> now() {
        Map<String, Long> now = new LinkedHashMap<>();
        counts.forEach((event, count) -> now.put(event.toString(), count.sum()));
        return now;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How it goes with one route, or with both halves of a bidirectional rule as one.
 *
 * @param name the route's, or the rule's
 * @param state the worst of its outboxes: {@code delivering}, {@code retrying}, {@code parked} or {@code stopped}
 * @param events what was counted of it besides its outboxes, by name; that of a rule's half as {@code up.looped}
 */
public record RouteStatus(String name, String state, Map<String, Long> events) {
    private static final List<String> FROM_BEST_TO_WORST = List.of("delivering", "retrying", "parked", "stopped");

    static List<RouteStatus> of(List<OutboxStatus> outboxes, Map<String, Map<String, Long>> counters) {
        TreeSet<String> names = new TreeSet<>();
        outboxes.forEach(outbox -> names.add(unit(outbox.route())));
        counters.keySet().forEach(route -> names.add(unit(route)));
        List<RouteStatus> all = new ArrayList<>();
        for (String name : names) {
            Map<String, Long> events = new LinkedHashMap<>();
            counters.forEach((route, counts) -> {
                if (unit(route).equals(name)) {
                    String prefix = route.equals(name) ? "" : route.substring(name.length() + 1) + ".";
                    counts.forEach((event, count) -> events.put(prefix + event, count));
                }
            });
            all.add(new RouteStatus(name, worst(name, outboxes), events));
        }
        return all;
    }

    /** A rule's name stands before the dot of its halves. */
    private static String unit(String route) {
        int dot = route.indexOf('.');
        return dot < 0 ? route : route.substring(0, dot);
    }

    private static String worst(String name, List<OutboxStatus> outboxes) {
        return outboxes.stream()
                .filter(outbox -> unit(outbox.route()).equals(name))
                .map(OutboxStatus::state)
                .max(Comparator.comparingInt(FROM_BEST_TO_WORST::indexOf))
                .orElse(FROM_BEST_TO_WORST.get(0));
    }

    JsonObject toJson() {
        return new JsonObject().put("name", name).put("state", state).put("events", Events.toJson(events));
    }

    static RouteStatus from(JsonObject json) {
        return new RouteStatus(
                json.getString("name"), json.getString("state"), Events.from(json.getJsonObject("events")));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was counted, by the names of events, as JSON and back. */
final class Events {
    private Events() {}

    static JsonObject toJson(Map<String, Long> events) {
        JsonObject counts = new JsonObject();
        events.forEach(counts::put);
        return counts;
    }

    static Map<String, Long> from(JsonObject counts) {
        Map<String, Long> events = new LinkedHashMap<>();
        counts.fieldNames().forEach(event -> events.put(event, counts.getLong(event)));
        return events;
    }
}

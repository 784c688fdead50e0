// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * How it goes with an endpoint.
 *
 * @param name as in the YAML
 * @param connected whether the target system is reached
 * @param detail why not, in a few words without secrets; empty when there is nothing to say
 * @param events what was counted of it that belongs to none of its routes, by name
 */
public record EndpointStatus(String name, boolean connected, String detail, Map<String, Long> events) {

    /** The same with what was counted. */
    public EndpointStatus withEvents(Map<String, Long> counted) {
        return new EndpointStatus(name, connected, detail, counted);
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("name", name)
                .put("connected", connected)
                .put("detail", detail)
                .put("events", Events.toJson(events));
    }

    static EndpointStatus from(JsonObject json) {
        return new EndpointStatus(
                json.getString("name"),
                json.getBoolean("connected"),
                json.getString("detail"),
                Events.from(json.getJsonObject("events")));
    }
}

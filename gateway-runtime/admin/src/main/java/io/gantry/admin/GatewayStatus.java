// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How it goes with a gateway.
 *
 * @param started whether everything has started and nothing has begun to stop
 * @param uptimeSeconds since the admin port was opened, which is nearly the first thing a gateway does
 * @param connections devices that are connected
 * @param deadLetters how many there are
 * @param deadLettersBytes what they take of their bound
 */
public record GatewayStatus(
        String version,
        boolean started,
        long uptimeSeconds,
        StoreStatus store,
        int connections,
        List<EndpointStatus> endpoints,
        List<RouteStatus> routes,
        List<OutboxStatus> outboxes,
        long deadLetters,
        long deadLettersBytes) {

    static GatewayStatus of(Administration gateway, long uptimeSeconds) {
        List<OutboxStatus> outboxes =
                gateway.ledgers().stream().map(OutboxStatus::of).toList();
        return new GatewayStatus(
                gateway.version(),
                gateway.started(),
                uptimeSeconds,
                StoreStatus.of(gateway.storeHealth()),
                gateway.connections(),
                gateway.endpoints(),
                RouteStatus.of(outboxes, gateway.routeCounters()),
                outboxes,
                gateway.deadLetters().messages(),
                gateway.deadLetters().bytes());
    }

    JsonObject toJson() {
        JsonArray endpointList = new JsonArray();
        endpoints.forEach(endpoint -> endpointList.add(endpoint.toJson()));
        JsonArray routeList = new JsonArray();
        routes.forEach(route -> routeList.add(route.toJson()));
        JsonArray outboxList = new JsonArray();
        outboxes.forEach(outbox -> outboxList.add(outbox.toJson()));
        return new JsonObject()
                .put("version", version)
                .put("started", started)
                .put("uptimeSeconds", uptimeSeconds)
                .put("store", store.toJson())
                .put("connections", connections)
                .put("endpoints", endpointList)
                .put("routes", routeList)
                .put("outboxes", outboxList)
                .put(
                        "deadLetters",
                        new JsonObject().put("messages", deadLetters).put("bytes", deadLettersBytes));
    }

    static GatewayStatus from(JsonObject json) {
        JsonObject store = json.getJsonObject("store");
        JsonObject letters = json.getJsonObject("deadLetters");
        return new GatewayStatus(
                json.getString("version"),
                json.getBoolean("started"),
                json.getLong("uptimeSeconds"),
                new StoreStatus(store.getString("state"), store.getString("reason")),
                json.getInteger("connections"),
                objects(json.getJsonArray("endpoints")).stream()
                        .map(EndpointStatus::from)
                        .toList(),
                objects(json.getJsonArray("routes")).stream()
                        .map(RouteStatus::from)
                        .toList(),
                objects(json.getJsonArray("outboxes")).stream()
                        .map(OutboxStatus::from)
                        .toList(),
                letters.getLong("messages"),
                letters.getLong("bytes"));
    }

    static List<JsonObject> objects(JsonArray array) {
        return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
    }
}

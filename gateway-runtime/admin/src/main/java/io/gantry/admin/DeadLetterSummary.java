// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.Message;
import io.gantry.api.Origin;
import io.gantry.api.store.DeadLetter;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A dead letter without its payload.
 *
 * @param number by which it is shown
 * @param id the identity of the message, the same at every attempt and every replay
 * @param from the Client Identifier of the device, or the name of the endpoint it came from
 * @param qos 0, 1 or 2
 * @param received when the gateway received the message
 * @param gaveUp when it was given up
 * @param error what the last attempt said
 * @param size of the payload in bytes
 */
public record DeadLetterSummary(
        long number,
        String route,
        String id,
        String topic,
        String from,
        int qos,
        Instant received,
        Instant gaveUp,
        int attempts,
        String error,
        int size) {

    static DeadLetterSummary of(DeadLetter letter) {
        Message message = letter.message();
        return new DeadLetterSummary(
                letter.number(),
                letter.route(),
                message.id().toString(),
                message.topic().value(),
                from(message.origin()),
                message.qos().level(),
                Instant.ofEpochMilli(message.receivedMillis()),
                Instant.ofEpochMilli(letter.atMillis()),
                letter.attempts(),
                letter.error(),
                message.payload().size());
    }

    private static String from(Origin origin) {
        if (origin instanceof Origin.Device device) {
            return device.clientId().value();
        }
        return origin instanceof Origin.Endpoint endpoint ? endpoint.endpoint() : "";
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("number", number)
                .put("route", route)
                .put("id", id)
                .put("topic", topic)
                .put("from", from)
                .put("qos", qos)
                .put("received", received.toString())
                .put("gaveUp", gaveUp.toString())
                .put("attempts", attempts)
                .put("error", error)
                .put("size", size);
    }

    static DeadLetterSummary from(JsonObject json) {
        return new DeadLetterSummary(
                json.getLong("number"),
                json.getString("route"),
                json.getString("id"),
                json.getString("topic"),
                json.getString("from"),
                json.getInteger("qos"),
                Instant.parse(json.getString("received")),
                Instant.parse(json.getString("gaveUp")),
                json.getInteger("attempts"),
                json.getString("error"),
                json.getInteger("size"));
    }
}

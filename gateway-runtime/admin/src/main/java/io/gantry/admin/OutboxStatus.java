// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.delivery.Ledger;
import io.gantry.delivery.Ledger.DropReason;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The books of one outbox, and how it goes with it: accepted = delivered + deadLettered + expired + dropped + waiting.
 *
 * @param state {@code delivering}, {@code retrying}, {@code parked} or {@code stopped}
 * @param dropped by the reason; all reasons are there
 * @param oldestMillis age of the oldest message waiting, in milliseconds; 0 when none is
 * @param lastError what it last failed with; null when it never did
 */
public record OutboxStatus(
        String route,
        String target,
        String state,
        long accepted,
        long delivered,
        long deadLettered,
        long expired,
        Map<String, Long> dropped,
        long retried,
        long refused,
        long replayed,
        long waiting,
        long waitingBytes,
        long oldestMillis,
        @Nullable String lastError) {

    static OutboxStatus of(Ledger.Snapshot ledger) {
        Map<String, Long> dropped = new LinkedHashMap<>();
        for (DropReason reason : DropReason.values()) {
            dropped.put(Names.of(reason), ledger.dropped().getOrDefault(reason, 0L));
        }
        return new OutboxStatus(
                ledger.route(),
                ledger.target(),
                Names.of(ledger.state()),
                ledger.accepted(),
                ledger.delivered(),
                ledger.deadLettered(),
                ledger.expired(),
                dropped,
                ledger.retried(),
                ledger.refused(),
                ledger.replayed(),
                ledger.waiting(),
                ledger.waitingBytes(),
                ledger.oldestMillis(),
                ledger.lastError());
    }

    /** All that was dropped, whatever the reason. */
    public long droppedInAll() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }

    JsonObject toJson() {
        JsonObject reasons = new JsonObject();
        dropped.forEach(reasons::put);
        return new JsonObject()
                .put("route", route)
                .put("target", target)
                .put("state", state)
                .put("accepted", accepted)
                .put("delivered", delivered)
                .put("deadLettered", deadLettered)
                .put("expired", expired)
                .put("dropped", reasons)
                .put("retried", retried)
                .put("refused", refused)
                .put("replayed", replayed)
                .put("waiting", waiting)
                .put("waitingBytes", waitingBytes)
                .put("oldestMillis", oldestMillis)
                .put("lastError", lastError);
    }

    static OutboxStatus from(JsonObject json) {
        Map<String, Long> dropped = new LinkedHashMap<>();
        JsonObject reasons = json.getJsonObject("dropped");
        reasons.fieldNames().forEach(reason -> dropped.put(reason, reasons.getLong(reason)));
        return new OutboxStatus(
                json.getString("route"),
                json.getString("target"),
                json.getString("state"),
                json.getLong("accepted"),
                json.getLong("delivered"),
                json.getLong("deadLettered"),
                json.getLong("expired"),
                dropped,
                json.getLong("retried"),
                json.getLong("refused"),
                json.getLong("replayed"),
                json.getLong("waiting"),
                json.getLong("waitingBytes"),
                json.getLong("oldestMillis"),
                json.getString("lastError"));
    }
}

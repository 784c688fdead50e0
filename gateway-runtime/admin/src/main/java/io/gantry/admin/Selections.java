// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.delivery.DeadLetterSelection;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which dead letters a request means. */
final class Selections {
    private static final Set<String> KEYS = Set.of("route", "id", "from", "to", "all", "dryRun");
    private static final int LONGEST = 200;

    private Selections() {}

    /**
     * What a change is to be done with.
     *
     * @param text of the selection, for the log
     */
    record Change(DeadLetterSelection selection, boolean dryRun, String text) {}

    /** Of a query; nothing said means all. */
    static DeadLetterSelection of(Map<String, String> query) throws Refusal {
        return new DeadLetterSelection(
                name("route", query.get("route")),
                name("id", query.get("id")),
                moment("from", query.get("from"), Long.MIN_VALUE),
                moment("to", query.get("to"), Long.MAX_VALUE));
    }

    /** Of the body of a change; nothing said is refused unless it says {@code all}. */
    static Change ofChange(JsonObject body) throws Refusal {
        Optional<String> unknown =
                body.fieldNames().stream().filter(key -> !KEYS.contains(key)).findFirst();
        if (unknown.isPresent()) {
            throw Refusal.badRequest("unknown key, expected some of route, id, from, to, all, dryRun");
        }
        boolean all = flag(body, "all");
        DeadLetterSelection selection = new DeadLetterSelection(
                name("route", text(body, "route")),
                name("id", text(body, "id")),
                moment("from", text(body, "from"), Long.MIN_VALUE),
                moment("to", text(body, "to"), Long.MAX_VALUE));
        boolean isEmpty = selection.equals(DeadLetterSelection.all());
        if (isEmpty && !all) {
            throw Refusal.badRequest("expected a selection (route, id, from, to), or all: true");
        }
        if (!isEmpty && all) {
            throw Refusal.badRequest("expected either a selection or all: true, found both");
        }
        return new Change(selection, flag(body, "dryRun"), body.encode());
    }

    private static @Nullable String text(JsonObject body, String key) throws Refusal {
        Object value = body.getValue(key);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw Refusal.badRequest(key + ": expected a text");
    }

    private static boolean flag(JsonObject body, String key) throws Refusal {
        Object value = body.getValue(key, false);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw Refusal.badRequest(key + ": expected true or false");
    }

    private static @Nullable String name(String key, @Nullable String value) throws Refusal {
        boolean isPlain = value == null
                || (!value.isEmpty()
                        && value.length() <= LONGEST
                        && value.chars().allMatch(c -> c > ' ' && c < 0x7F));
        if (!isPlain) {
            throw Refusal.badRequest(key + ": expected a name of at most " + LONGEST + " characters, without blanks");
        }
        return value;
    }

    private static long moment(String key, @Nullable String value, long otherwise) throws Refusal {
        if (value == null) {
            return otherwise;
        }
        try {
            return instant(value).toEpochMilli();
        } catch (DateTimeException | ArithmeticException malformed) {
            throw Refusal.badRequest(key + ": expected a time such as 2026-11-21T18:00:00Z");
        }
    }

    private static Instant instant(String value) {
        return OffsetDateTime.parse(value).toInstant();
    }
}

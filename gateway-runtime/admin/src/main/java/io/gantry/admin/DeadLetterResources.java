// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.store.DeadLetter;
import io.gantry.delivery.DeadLetterSelection;
import io.gantry.delivery.DeadLetters;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows dead letters, and has them replayed or dropped. */
final class DeadLetterResources {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterResources.class);

    private static final Set<String> LIST_KEYS = Set.of("route", "id", "from", "to", "after", "limit");
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    /** Letters that are in memory at a time, with their payloads. */
    private static final int CHUNK = 20;

    /** A page ends when its texts have so many characters, however few letters are on it. */
    private static final int PAGE_CHARACTERS = 1 << 20;

    private final Administration gateway;

    DeadLetterResources(Administration gateway) {
        this.gateway = gateway;
    }

    /** A page, oldest first; {@code next} is there when there may be more, and is what {@code after} must say to get them. */
    Answer list(Call call) throws Refusal {
        if (!LIST_KEYS.containsAll(call.query().keySet())) {
            throw Refusal.badRequest("unknown parameter, expected some of route, id, from, to, after, limit");
        }
        DeadLetterSelection selection = Selections.of(call.query());
        long after = whole(call, "after", 0, Long.MAX_VALUE);
        int limit = (int) whole(call, "limit", 1, MAX_LIMIT);
        JsonArray page = new JsonArray();
        int characters = 0;
        boolean isWhole = false;
        while (!isWhole && page.size() < limit && characters < PAGE_CHARACTERS) {
            int most = Math.min(CHUNK, limit - page.size());
            List<DeadLetter> chunk = gateway.deadLetters().list(selection, after, most);
            for (DeadLetter letter : chunk) {
                JsonObject json = DeadLetterSummary.of(letter).toJson();
                characters += letter.message().topic().value().length()
                        + letter.error().length();
                page.add(json);
                after = letter.number();
            }
            isWhole = chunk.size() < most;
        }
        return Answer.ok(new JsonObject()
                .put("deadLetters", page)
                .put("next", isWhole ? null : after)
                .put("messages", gateway.deadLetters().messages())
                .put("bytes", gateway.deadLetters().bytes()));
    }

    /** One with everything. */
    Answer show(long number) throws Refusal {
        List<DeadLetter> found = gateway.deadLetters().list(DeadLetterSelection.all(), number - 1, 1);
        if (found.isEmpty() || found.get(0).number() != number) {
            throw new Refusal(404, "there is no dead letter " + number);
        }
        return Answer.ok(DeadLetterContent.of(found.get(0)).toJson());
    }

    /** Back into the outboxes. */
    Answer replay(Call call) throws Refusal {
        Selections.Change change = Selections.ofChange(body(call));
        DeadLetters.Report report = gateway.deadLetters().replay(change.selection(), change.dryRun());
        return reported("dead letters replayed", change, report);
    }

    /** Gone for good. */
    Answer drop(Call call) throws Refusal {
        Selections.Change change = Selections.ofChange(body(call));
        DeadLetters.Report report = gateway.deadLetters().drop(change.selection(), change.dryRun());
        return reported("dead letters dropped", change, report);
    }

    private static Answer reported(String what, Selections.Change change, DeadLetters.Report report) {
        LOG.atInfo()
                .addKeyValue("asked", change.text())
                .addKeyValue("dry-run", change.dryRun())
                .addKeyValue("done", report.done())
                .addKeyValue("left", report.left())
                .log(what);
        JsonObject left = new JsonObject();
        report.left().forEach(left::put);
        return Answer.ok(
                new JsonObject().put("done", report.done()).put("left", left).put("dryRun", change.dryRun()));
    }

    private static JsonObject body(Call call) throws Refusal {
        try {
            return new JsonObject(call.body());
        } catch (DecodeException | ClassCastException malformed) {
            throw Refusal.badRequest("the body is no JSON object");
        }
    }

    private static long whole(Call call, String key, long least, long most) throws Refusal {
        String text = call.query().get(key);
        if (text == null) {
            return key.equals("limit") ? DEFAULT_LIMIT : 0;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException malformed) {
            throw Refusal.badRequest(key + ": expected a whole number");
        }
        throw Refusal.badRequest(key + ": expected " + least + " to " + most);
    }
}

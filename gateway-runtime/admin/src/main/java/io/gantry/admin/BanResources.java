// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Shows who is banned, bans, and lets in again. */
final class BanResources {
    private static final Set<String> OF_ADD = Set.of("address", "clientId", "clientAtAddress", "username", "seconds");
    private static final Set<String> OF_REMOVE = Set.of("address", "clientId", "clientAtAddress", "username");
    private static final String ONE_OF = "address, clientId, clientAtAddress, username";
    private static final int LONGEST = 1_000;
    private static final long LONGEST_SECONDS = Duration.ofDays(3_650).toSeconds();

    private final Administration gateway;

    private record Subject(Bans.Kind kind, String value) {}

    BanResources(Administration gateway) {
        this.gateway = gateway;
    }

    /** All of them, the latest first. */
    Answer list(Call call) throws Refusal {
        if (!call.query().isEmpty()) {
            throw Refusal.badRequest("unknown parameter, expected none");
        }
        List<JsonObject> bans =
                gateway.bans().list().stream().map(Bans.Ban::toJson).toList();
        return Answer.ok(new JsonObject().put("bans", new JsonArray(bans)));
    }

    /** One more, or longer. */
    Answer add(Call call) throws Refusal {
        JsonObject body = body(call, OF_ADD);
        Subject subject = subject(body);
        Instant until = until(body);
        try {
            gateway.bans().add(subject.kind, subject.value, until);
        } catch (IllegalArgumentException malformed) {
            throw malformed(subject, malformed);
        } catch (IllegalStateException full) {
            throw new Refusal(409, String.valueOf(full.getMessage()));
        }
        return Answer.ok(new JsonObject().put("added", true));
    }

    /** One less. */
    Answer remove(Call call) throws Refusal {
        Subject subject = subject(body(call, OF_REMOVE));
        try {
            return Answer.ok(new JsonObject().put("removed", gateway.bans().remove(subject.kind, subject.value)));
        } catch (IllegalArgumentException malformed) {
            throw malformed(subject, malformed);
        }
    }

    private static Refusal malformed(Subject subject, IllegalArgumentException malformed) {
        return Refusal.badRequest(subject.kind.key() + ": " + malformed.getMessage());
    }

    private static JsonObject body(Call call, Set<String> keys) throws Refusal {
        try {
            JsonObject body = new JsonObject(call.body());
            if (keys.containsAll(body.fieldNames())) {
                return body;
            }
        } catch (DecodeException | ClassCastException malformed) {
            throw Refusal.badRequest("the body is no JSON object");
        }
        throw Refusal.badRequest(
                "unknown key, expected " + (keys == OF_ADD ? "seconds and " : "") + "one of " + ONE_OF);
    }

    private static Subject subject(JsonObject body) throws Refusal {
        List<Bans.Kind> given = Arrays.stream(Bans.Kind.values())
                .filter(kind -> body.containsKey(kind.key()))
                .toList();
        if (given.size() != 1) {
            throw Refusal.badRequest("expected one of " + ONE_OF + ", found " + given.size());
        }
        String key = given.get(0).key();
        Optional<String> value = Optional.ofNullable(body.getValue(key))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(text -> !text.isEmpty() && text.length() <= LONGEST);
        return new Subject(
                given.get(0),
                value.orElseThrow(
                        () -> Refusal.badRequest(key + ": expected a text of 1 to " + LONGEST + " characters")));
    }

    private static @Nullable Instant until(JsonObject body) throws Refusal {
        Object seconds = body.getValue("seconds");
        if (seconds == null) {
            return null;
        }
        if (seconds instanceof Integer || seconds instanceof Long) {
            long value = ((Number) seconds).longValue();
            if (value >= 1 && value <= LONGEST_SECONDS) {
                return Instant.now().plusSeconds(value);
            }
        }
        throw Refusal.badRequest("seconds: expected a whole number from 1 to " + LONGEST_SECONDS);
    }
}

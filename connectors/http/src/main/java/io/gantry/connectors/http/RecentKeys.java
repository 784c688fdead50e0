// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Payload;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests with an {@code Idempotency-Key} that were taken lately, so that one whose answer was lost is not taken
 * twice: the newest 10,000, for at most an hour, and not over a restart. Safe for any thread.
 */
final class RecentKeys {
    static final int MOST = 10_000;
    private static final int LONGEST_KEY = 255;
    private static final long KEPT_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final HttpAnswer UNDER_WAY = HttpAnswer.error(
                    409, "a request with this Idempotency-Key is under way")
            .with("Retry-After", "1");

    private final LongSupplier nanos;
    private final Map<Key, Entry> entries = new LinkedHashMap<>();

    RecentKeys(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Key(String route, String path, String key) {}

    private record Entry(boolean isTaken, int size, int hash, long sinceNanos) {}

    /**
     * Notes that a request is to be taken.
     *
     * @return the answer when it is not to be, because it has been or is being taken
     */
    synchronized Optional<HttpAnswer> begin(String route, ReceivedRequest request) {
        Key key = key(route, request);
        if (key == null) {
            return Optional.empty();
        }
        if (key.key.isEmpty() || key.key.length() > LONGEST_KEY) {
            return Optional.of(HttpAnswer.error(400, "Idempotency-Key must have 1 to " + LONGEST_KEY + " characters"));
        }
        forgetOld();
        Payload body = request.body();
        Entry before = entries.get(key);
        if (before == null) {
            entries.put(key, new Entry(false, body.size(), body.hashCode(), nanos.getAsLong()));
            return Optional.empty();
        }
        if (before.size != body.size() || before.hash != body.hashCode()) {
            return Optional.of(HttpAnswer.error(422, "this Idempotency-Key belongs to a request with another body"));
        }
        return Optional.of(before.isTaken ? HttpAnswer.taken() : UNDER_WAY);
    }

    /** What became of a request that was to be taken: one that was not may come again. */
    synchronized void end(String route, ReceivedRequest request, boolean isTaken) {
        Key key = key(route, request);
        Entry begun = key == null ? null : entries.remove(key);
        if (key != null && begun != null && isTaken) {
            entries.put(key, new Entry(true, begun.size, begun.hash, nanos.getAsLong()));
        }
    }

    private void forgetOld() {
        long now = nanos.getAsLong();
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            boolean isOld = now - oldest.next().sinceNanos > KEPT_NANOS;
            if (!isOld && entries.size() < MOST) {
                return;
            }
            oldest.remove();
        }
    }

    private static @Nullable Key key(String route, ReceivedRequest request) {
        return request.headers()
                .only("idempotency-key")
                .map(key -> new Key(route, String.join("/", request.path()), key))
                .orElse(null);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Payload;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreWrite;

/**
 * When dead letters were last put back into an outbox: whoever waits there since then, or longer, is as old as that, for a
 * message that was given up for its age must not be given up again at once. Any thread.
 */
final class Replays {
    private final String cursor;
    private volatile Last last = new Last(0, Long.MIN_VALUE);

    /** The place of the last one put back, and the wall-clock time. */
    private record Last(long sequence, long atMillis) {}

    /** Those of an outbox that the store knows of. */
    Replays(OutboxName outbox, Store store) {
        cursor = "replayed/" + outbox;
        store.cursor(cursor).ifPresent(known -> {
            String[] parts = known.asText().split(" ", -1);
            last = new Last(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        });
    }

    /** One is put back, within a write. */
    void add(long sequence, long nowMillis, StoreWrite write) {
        last = new Last(sequence, nowMillis);
        write.putCursor(cursor, Payload.ofText(sequence + " " + nowMillis));
    }

    /** From when on the age of a message counts. */
    long ageFrom(Entry entry) {
        Last known = last;
        long received = entry.message().receivedMillis();
        return entry.sequence() <= known.sequence() && entry.isStored()
                ? Math.max(received, known.atMillis())
                : received;
    }
}

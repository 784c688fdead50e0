// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.store.OutboxSize;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.RocksDBException;

/**
 * The marks of all outboxes. Emptying one only moves its mark; the entries below it are deleted by range once there are
 * many, because every range deletion costs later reads. Moved by the writer thread; any thread reads what is stored.
 */
final class OutboxMarks {
    /** The dead letters are counted like an outbox; outboxes are numbered from 1. */
    static final long DEAD_LETTERS = 0;

    private static final long RANGE_ENTRIES = 10_000;
    private static final long RANGE_BYTES = 16L << 20;

    private final Map<Long, OutboxMark> stored = new ConcurrentHashMap<>();
    private final Map<Long, OutboxMark> moved = new HashMap<>();
    private final Map<Long, Leftover> leftovers = new HashMap<>();
    private final Map<Long, Leftover> movedLeftovers = new HashMap<>();

    /**
     * What has been taken out and not been deleted yet.
     *
     * @param after the sequence up to which entries have been deleted
     */
    private record Leftover(long after, long bytes) {
        static final Leftover UNKNOWN = new Leftover(0, 0);
    }

    /** Takes over what an earlier start left. */
    void found(long outbox, OutboxMark mark) {
        stored.put(outbox, mark);
    }

    OutboxMark stored(long outbox) {
        return stored.getOrDefault(outbox, OutboxMark.NONE);
    }

    /** Begins a group; what an unsuccessful one had moved is as it was. */
    void start() {
        moved.clear();
        movedLeftovers.clear();
    }

    private OutboxMark mark(long outbox) {
        OutboxMark mark = moved.get(outbox);
        return mark == null ? stored(outbox) : mark;
    }

    void put(long outbox, long sequence, long bytes) {
        moved.put(outbox, mark(outbox).with(sequence, bytes));
    }

    void taken(long outbox, long sequence, long bytes) {
        moved.put(outbox, mark(outbox).without(sequence, bytes));
    }

    void trim(long outbox, long through, OutboxSize removed, Group group) throws RocksDBException {
        OutboxMark mark = mark(outbox);
        if (through <= mark.through()) {
            return;
        }
        moved.put(outbox, mark.trimmed(through, removed));
        Leftover before = leftover(outbox);
        Leftover left = new Leftover(before.after, before.bytes + removed.bytes());
        if (through - left.after >= RANGE_ENTRIES || left.bytes >= RANGE_BYTES) {
            group.deletePlaces(Family.OUTBOXES, Keys.place(outbox, left.after + 1), Keys.place(outbox, through + 1));
            left = new Leftover(through, 0);
        }
        movedLeftovers.put(outbox, left);
    }

    private Leftover leftover(long outbox) {
        Leftover left = movedLeftovers.get(outbox);
        return left == null ? leftovers.getOrDefault(outbox, Leftover.UNKNOWN) : left;
    }

    void finish(Group group) throws RocksDBException {
        for (Map.Entry<Long, OutboxMark> entry : moved.entrySet()) {
            byte[] key = Keys.mark(entry.getKey());
            group.put(Family.META, key, Checked.seal(Family.META, key, Records.mark(entry.getValue())));
        }
    }

    /** What waits in all outboxes together. */
    long bytes() {
        return stored.entrySet().stream()
                .filter(entry -> entry.getKey() != DEAD_LETTERS)
                .mapToLong(entry -> entry.getValue().bytes())
                .sum();
    }

    /** The outboxes that have ever had anything. */
    List<Long> outboxes() {
        return stored.keySet().stream().filter(outbox -> outbox != DEAD_LETTERS).toList();
    }

    /** Whether the group has deleted entries that were taken out before. */
    boolean deletes() {
        return movedLeftovers.values().stream().anyMatch(left -> left.bytes == 0);
    }

    /** The group is stored. */
    void stored() {
        stored.putAll(moved);
        leftovers.putAll(movedLeftovers);
    }
}

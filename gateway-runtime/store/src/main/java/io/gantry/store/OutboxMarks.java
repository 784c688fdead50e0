// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.RocksDBException;

/**
 * How far each outbox is emptied. Emptying one only moves a mark; the entries below it are deleted by range once there
 * are many, because every range deletion costs later reads. Moved by the writer thread; any thread reads what is stored.
 */
final class OutboxMarks {
    private static final long RANGE = 10_000;

    private final Map<Long, Mark> stored = new ConcurrentHashMap<>();
    private final Map<Long, Mark> moved = new HashMap<>();
    private final Set<Long> trimmed = new HashSet<>();

    /**
     * @param through everything up to it is taken out
     * @param highest the highest sequence that has been taken out
     * @param deleted the sequence up to which the entries have been deleted by range
     */
    private record Mark(long through, long highest, long deleted) {
        static final Mark NONE = new Mark(0, 0, 0);
    }

    void found(long outbox, long through) {
        stored.merge(outbox, new Mark(through, through, 0), OutboxMarks::later);
    }

    void foundHighest(long outbox, long sequence) {
        stored.merge(outbox, new Mark(0, sequence, 0), OutboxMarks::later);
    }

    private static Mark later(Mark one, Mark other) {
        return new Mark(Math.max(one.through, other.through), Math.max(one.highest, other.highest), 0);
    }

    /** Everything up to it is taken out, whether or not it has been deleted. */
    long through(long outbox) {
        return stored.getOrDefault(outbox, Mark.NONE).through;
    }

    /** The highest sequence that has been taken out. */
    long highest(long outbox) {
        return stored.getOrDefault(outbox, Mark.NONE).highest;
    }

    /** Begins a group; what an unsuccessful one had moved is as it was. */
    void start() {
        moved.clear();
        trimmed.clear();
    }

    private Mark mark(long outbox) {
        Mark mark = moved.get(outbox);
        return mark == null ? stored.getOrDefault(outbox, Mark.NONE) : mark;
    }

    void taken(long outbox, long sequence) {
        Mark mark = mark(outbox);
        if (sequence > mark.highest) {
            moved.put(outbox, new Mark(mark.through, sequence, mark.deleted));
        }
    }

    void trim(long outbox, long through, Group group) throws RocksDBException {
        Mark mark = mark(outbox);
        if (through <= mark.through) {
            return;
        }
        long deleted = mark.deleted;
        if (through - deleted >= RANGE) {
            group.deletePlaces(Family.OUTBOXES, Keys.place(outbox, 0), Keys.place(outbox, through + 1));
            deleted = through;
        }
        moved.put(outbox, new Mark(through, Math.max(through, mark.highest), deleted));
        trimmed.add(outbox);
    }

    void finish(Group group) throws RocksDBException {
        for (Map.Entry<Long, Mark> entry : moved.entrySet()) {
            put(group, Keys.highest(entry.getKey()), entry.getValue().highest);
            if (trimmed.contains(entry.getKey())) {
                put(group, Keys.trimmed(entry.getKey()), entry.getValue().through);
            }
        }
    }

    private static void put(Group group, byte[] key, long sequence) throws RocksDBException {
        group.put(Family.META, key, Checked.seal(Family.META, key, Records.number(sequence)));
    }

    /** The group is stored. */
    void stored() {
        stored.putAll(moved);
    }
}

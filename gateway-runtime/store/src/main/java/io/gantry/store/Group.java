// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The writes that are committed together, as they are turned into one batch. Knows what the batch has done to shared
 * messages so far, which the database does not show yet: the counts come out exact, and are in the same atomic batch as
 * what they count. Used by the writer thread only.
 */
final class Group implements AutoCloseable {
    /** In place of a count that cannot be read: the message rather stays for ever than goes too early. */
    private static final int UNKNOWN = 1 << 30;

    private final Database database;
    private final OutboxMarks marks;
    private final Housekeeping housekeeping;
    private final WriteBatch batch = new WriteBatch();
    private final TreeMap<byte[], Optional<byte[]>> shares = new TreeMap<>(Arrays::compareUnsigned);
    private final TreeMap<byte[], Integer> counts = new TreeMap<>(Arrays::compareUnsigned);
    private final Map<Long, Boolean> deadLetters = new HashMap<>();
    private long droppedMessages;

    Group(Database database, OutboxMarks marks, Housekeeping housekeeping) {
        this.housekeeping = housekeeping;
        this.database = database;
        this.marks = marks;
    }

    void start() {
        batch.clear();
        shares.clear();
        counts.clear();
        deadLetters.clear();
        droppedMessages = 0;
        marks.start();
    }

    /** The whole as one batch. */
    WriteBatch finish() throws RocksDBException {
        marks.finish(this);
        return batch;
    }

    OutboxMarks marks() {
        return marks;
    }

    /** The whole is stored. */
    void stored() {
        marks.stored();
        if (droppedMessages > 0 || marks.deletes()) {
            housekeeping.deleted(droppedMessages);
        }
    }

    void put(Family family, byte[] key, byte[] value) throws RocksDBException {
        batch.put(database.handle(family), key, value);
    }

    void delete(Family family, byte[] key) throws RocksDBException {
        batch.delete(database.handle(family), key);
    }

    void deleteRange(Family family, byte[] from, byte[] to) throws RocksDBException {
        batch.deleteRange(database.handle(family), from, to);
    }

    /** A dead letter comes or goes; one that comes again, or goes twice, is counted once. */
    void deadLetter(long number, int size, boolean comes) throws RocksDBException {
        Boolean pending = deadLetters.put(number, comes);
        boolean there = pending != null
                ? pending
                : database.get(Family.DEAD_LETTERS, Keys.number(number)).isPresent();
        if (comes && !there) {
            marks.put(OutboxMarks.DEAD_LETTERS, number, size);
        } else if (!comes && there) {
            marks.taken(OutboxMarks.DEAD_LETTERS, number, size);
        }
    }

    /** Deletes places and what only they refer to. */
    void deletePlaces(Family family, byte[] from, byte[] to) throws RocksDBException {
        byte[] first = Keys.share(family, from);
        byte[] end = Keys.share(family, to);
        TreeMap<byte[], byte[]> found = new TreeMap<>(Arrays::compareUnsigned);
        database.scan(Family.SHARES, first, end, (key, id) -> {
            found.put(key, id);
            return true;
        });
        shares.subMap(first, end)
                .forEach((key, id) -> id.ifPresentOrElse(i -> found.put(key, i), () -> found.remove(key)));
        for (var share : found.entrySet()) {
            drop(share.getKey(), share.getValue());
        }
        deleteRange(family, from, to);
    }

    /** A place refers to a message. */
    void share(Family family, byte[] place, byte[] id, byte[] message) throws RocksDBException {
        byte[] share = Keys.share(family, place);
        if (shared(share).isPresent()) {
            release(family, place);
        }
        int count = count(id);
        if (count == 0) {
            put(Family.MESSAGES, id, message);
        }
        shares.put(share, Optional.of(id));
        put(Family.SHARES, share, id);
        counted(id, count + 1);
    }

    /** A place no longer refers to a message, if it did. */
    void release(Family family, byte[] place) throws RocksDBException {
        byte[] share = Keys.share(family, place);
        Optional<byte[]> id = shared(share);
        if (id.isPresent()) {
            drop(share, id.get());
        }
    }

    private void drop(byte[] share, byte[] id) throws RocksDBException {
        shares.put(share, Optional.empty());
        delete(Family.SHARES, share);
        int left = count(id) - 1;
        if (left <= 0) {
            delete(Family.MESSAGES, id);
            delete(Family.COUNTS, id);
            counts.put(id, 0);
            droppedMessages++;
        } else {
            counted(id, left);
        }
    }

    private void counted(byte[] id, int count) throws RocksDBException {
        counts.put(id, count);
        put(Family.COUNTS, id, Checked.seal(Family.COUNTS, id, Records.number(count)));
    }

    private Optional<byte[]> shared(byte[] share) throws RocksDBException {
        Optional<byte[]> pending = shares.get(share);
        return pending != null ? pending : database.get(Family.SHARES, share);
    }

    private int count(byte[] id) throws RocksDBException {
        Integer pending = counts.get(id);
        if (pending != null) {
            return pending;
        }
        Optional<byte[]> stored = database.get(Family.COUNTS, id);
        try {
            return stored.isEmpty() ? 0 : (int) Records.number(Checked.open(Family.COUNTS, id, stored.get()));
        } catch (DamagedRecordException damaged) {
            return UNKNOWN;
        }
    }

    @Override
    public void close() {
        batch.close();
    }
}

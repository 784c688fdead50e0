// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the disk the space of what was deleted back. RocksDB by itself does so when new data pushes out the old, so never
 * for an outbox that was large and is empty. Works on a thread of its own, whenever much has been deleted; a failure is
 * logged, and the space comes back later.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final Database database;
    private final OutboxMarks marks;
    private final long smallest;
    private final Thread thread;

    private final Object lock = new Object();
    private boolean due = true;
    private long droppedMessages;
    private boolean closed;

    private long wasteThatStays;

    /** @param smallest bytes that are not worth the effort */
    Housekeeping(Database database, OutboxMarks marks, long smallest) {
        this.database = database;
        this.marks = marks;
        this.smallest = smallest;
        this.thread = new Thread(this::run, "store-housekeeping");
        thread.setDaemon(true);
        thread.start();
    }

    /** Entries of outboxes, or so many large messages, have been deleted. Returns at once. */
    void deleted(long messages) {
        synchronized (lock) {
            due = true;
            droppedMessages += messages;
            lock.notifyAll();
        }
    }

    private void run() {
        while (awaitWork()) {
            try {
                emptyOutboxes();
                emptyMessages();
            } catch (RocksDBException failure) {
                LOG.atWarn()
                        .addKeyValue("reason", String.valueOf(failure.getMessage()))
                        .log("the space of what was deleted is not given back yet");
            }
        }
    }

    private boolean awaitWork() {
        synchronized (lock) {
            while (!due && !closed) {
                try {
                    lock.wait();
                } catch (InterruptedException nobodysBusiness) {
                    // close() ends this thread, and nothing else does
                }
            }
            due = false;
            return !closed;
        }
    }

    /** Once more than half of the files is what has been taken out; a part of it may be kept by what still waits. */
    private void emptyOutboxes() throws RocksDBException {
        if (waste() < Math.max(marks.bytes(), smallest) + Math.max(0, wasteThatStays)) {
            return;
        }
        Map<Long, Long> through = new HashMap<>();
        for (long outbox : marks.outboxes()) {
            through.put(outbox, marks.stored(outbox).through());
        }
        // so that the marks are on the disk before the files go, with durability `os` too, and the log can go with them
        database.flush();
        for (Map.Entry<Long, Long> outbox : through.entrySet()) {
            database.compact(
                    Family.OUTBOXES,
                    Keys.place(outbox.getKey(), 0),
                    Keys.place(outbox.getKey(), outbox.getValue() + 1));
        }
        wasteThatStays = waste();
    }

    private long waste() throws RocksDBException {
        return database.size(Family.OUTBOXES) - marks.bytes();
    }

    /** Once more large messages have been dropped than there are left. */
    private void emptyMessages() throws RocksDBException {
        long dropped;
        synchronized (lock) {
            dropped = droppedMessages;
        }
        if (dropped < database.keys(Family.MESSAGES) || database.size(Family.MESSAGES) < smallest) {
            return;
        }
        synchronized (lock) {
            droppedMessages -= dropped;
        }
        database.flush();
        for (Family family : List.of(Family.MESSAGES, Family.SHARES, Family.COUNTS)) {
            database.compact(family);
        }
    }

    /** Breaks off what it is doing. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        database.cancelCompactions();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                TimeUnit.MILLISECONDS.timedJoin(thread, 1_000);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

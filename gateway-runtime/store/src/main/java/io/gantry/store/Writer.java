// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.store.StoreHealth;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It gathers what has come since its last commit into one batch, syncs it, and then answers
 * for the whole group: the slower the disk, the larger the groups.
 */
final class Writer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int GROUP_WRITES = 4_096;
    private static final long GROUP_BYTES = 8L << 20;
    private static final Delivery BUSY =
            new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "too much waits to be stored");
    private static final Delivery FULL = new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "the store is full");
    private static final Delivery FAILED =
            new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the store has failed");
    private static final Delivery CLOSED =
            new Delivery.Unavailable(ReasonCode.SERVER_SHUTTING_DOWN, "the store is closed");

    private final Group group;
    private final Disk disk;
    private final long mostBytes;
    private final Thread thread;

    private final Object lock = new Object();
    private ArrayDeque<Submission> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean closed;

    private volatile StoreHealth health = new StoreHealth.Ready();

    /** What a write needs of the disk. */
    interface Disk {
        /** Writes all or nothing, and returns when it is as durable as configured. */
        void write(WriteBatch batch) throws RocksDBException;

        /** Whether there is room beyond the reserve. Asked before each group. */
        boolean hasRoom();
    }

    private record Submission(RecordedWrite write, Acknowledgement acknowledgement) {}

    Writer(Group group, Disk disk, long mostBytes) {
        this.group = group;
        this.disk = disk;
        this.mostBytes = mostBytes;
        this.thread = new Thread(this::run, "store-writer");
        thread.start();
    }

    StoreHealth health() {
        return health;
    }

    void commit(RecordedWrite write, Acknowledgement acknowledgement) {
        Delivery refusal = take(write, acknowledgement);
        if (refusal instanceof Delivery.Unavailable) {
            acknowledgement.complete(refusal);
        }
    }

    private Delivery take(RecordedWrite write, Acknowledgement acknowledgement) {
        if (health instanceof StoreHealth.Failed) {
            return FAILED;
        }
        synchronized (lock) {
            if (closed) {
                return CLOSED;
            }
            // what finishes messages gets through when what brings new ones has filled the way
            long most = write.usesReserve() ? mostBytes * 2 : mostBytes;
            if (waitingBytes > 0 && waitingBytes + write.bytes() > most) {
                return BUSY;
            }
            waitingBytes += write.bytes();
            waiting.add(new Submission(write, acknowledgement));
            lock.notifyAll();
        }
        return Delivery.accepted();
    }

    private void run() {
        List<Submission> submissions = new ArrayList<>();
        while (gather(submissions)) {
            try {
                settle(submissions);
            } catch (RuntimeException | Error failure) {
                fail("the store's writer broke: " + failure, failure);
                answer(submissions, FAILED);
            }
            submissions.clear();
        }
    }

    /** Waits for work and takes what is there, up to a group's bounds; false when there will be no more. */
    private boolean gather(List<Submission> into) {
        synchronized (lock) {
            while (waiting.isEmpty() && !closed) {
                try {
                    lock.wait();
                } catch (InterruptedException nobodysBusiness) {
                    // close() ends this thread, and nothing else does: what was taken is still to be stored
                }
            }
            long bytes = 0;
            Submission next = waiting.peek();
            while (next != null && into.size() < GROUP_WRITES && bytes < GROUP_BYTES) {
                into.add(next);
                bytes += next.write().bytes();
                waiting.remove();
                next = waiting.peek();
            }
            waitingBytes -= bytes;
        }
        return !into.isEmpty();
    }

    private void settle(List<Submission> submissions) {
        if (health instanceof StoreHealth.Failed) {
            answer(submissions, FAILED);
            return;
        }
        if (!disk.hasRoom()) {
            full("the disk is full");
            List<Submission> refused = new ArrayList<>(submissions);
            refused.removeIf(submission -> submission.write().usesReserve());
            answer(refused, FULL);
            submissions.removeAll(refused);
            if (submissions.isEmpty()) {
                return;
            }
            answer(submissions, write(submissions, false));
        } else {
            answer(submissions, write(submissions, true));
        }
    }

    private Delivery write(List<Submission> submissions, boolean room) {
        try {
            group.start();
            for (Submission submission : submissions) {
                for (Change change : submission.write().changes()) {
                    change.apply(group);
                }
            }
            disk.write(group.finish());
            group.stored();
            if (room && health instanceof StoreHealth.Full) {
                health = new StoreHealth.Ready();
                LOG.atInfo().log("the store has room again");
            }
            return Delivery.accepted();
        } catch (RocksDBException failure) {
            if (Database.isNoSpace(failure)) {
                full(String.valueOf(failure.getMessage()));
                return FULL;
            }
            fail("a write failed: " + failure.getMessage(), failure);
            return FAILED;
        }
    }

    private void full(String reason) {
        if (!(health instanceof StoreHealth.Full)) {
            LOG.atWarn().addKeyValue("reason", reason).log("the store is full: nothing new is stored");
        }
        health = new StoreHealth.Full(reason);
    }

    private void fail(String reason, Throwable failure) {
        health = new StoreHealth.Failed(reason);
        LOG.atError().setCause(failure).log("the store has failed: nothing is acknowledged until it is opened again");
    }

    private static void answer(List<Submission> submissions, Delivery delivery) {
        for (Submission submission : submissions) {
            try {
                submission.acknowledgement().complete(delivery);
            } catch (RuntimeException failure) {
                LOG.atError().setCause(failure).log("an acknowledgement threw");
            }
        }
    }

    /** Writes what has been taken, and ends. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
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

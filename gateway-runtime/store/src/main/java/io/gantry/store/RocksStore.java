// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.OutboxSize;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.SessionState;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreHealth;
import io.gantry.api.store.StoreWrite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;

/** The store in a directory of this machine: one RocksDB database, one writer thread. */
public final class RocksStore implements Store, AutoCloseable {
    private static final long SMALLEST_TO_GIVE_BACK = 64L << 20;

    private final StoreDirectory directory;
    private final Database database;
    private final Reading reading;
    private final OutboxMarks marks;
    private final Housekeeping housekeeping;
    private final Group group;
    private final Writer writer;
    private final String id;
    private final AtomicLong lastSession;
    private final AtomicLong lastDeadLetter;
    private long lastOutbox;
    private boolean closed;

    private RocksStore(StoreDirectory directory, Database database, StoreLimits limits)
            throws RocksDBException, StoreRefusedException {
        this.directory = directory;
        this.database = database;
        this.reading = new Reading(database);
        this.id = StoreId.of(directory.path(), database);
        this.marks = FoundMarks.in(reading);
        this.lastOutbox = outboxes().values().stream().max(Long::compare).orElse(0L);
        this.lastSession = new AtomicLong(lastNumber(Family.SESSIONS));
        this.lastDeadLetter = new AtomicLong(Math.max(
                lastNumber(Family.DEAD_LETTERS),
                marks.stored(OutboxMarks.DEAD_LETTERS).highest()));
        this.housekeeping = new Housekeeping(database, marks, SMALLEST_TO_GIVE_BACK);
        this.group = new Group(database, marks, housekeeping);
        this.writer = new Writer(
                group, new WatchedDisk(directory, database, limits.reserveBytes()), limits.mostWaitingBytes());
    }

    /**
     * Opens the store of a directory, and makes it when there is none.
     *
     * @throws StoreRefusedException with what was found and what to do
     */
    public static RocksStore open(Path directory, Durability durability) throws StoreRefusedException {
        return open(directory, durability, Optional.empty());
    }

    static RocksStore open(Path path, Durability durability, Optional<StoreLimits> limits)
            throws StoreRefusedException {
        StoreDirectory directory = StoreDirectory.open(path);
        try {
            Database database = Opening.open(directory.path(), durability);
            try {
                return new RocksStore(directory, database, limits.orElse(StoreLimits.forDisk(directory.capacity())));
            } catch (RocksDBException | IOException | RuntimeException | StoreRefusedException failure) {
                database.close();
                throw failure;
            }
        } catch (RocksDBException | IOException | RuntimeException | StoreRefusedException failure) {
            release(directory, failure);
            if (failure instanceof StoreRefusedException refusal) {
                throw refusal;
            }
            throw Opening.refusal(directory.path(), failure);
        }
    }

    private static void release(StoreDirectory directory, Exception failure) {
        try {
            directory.close();
        } catch (IOException another) {
            failure.addSuppressed(another);
        }
    }

    private long lastNumber(Family family) {
        return reading.last(family, new byte[0], Keys.number(-1))
                .map(Keys::owner)
                .orElse(0L);
    }

    @Override
    public StoreWrite newWrite() {
        return new RecordedWrite();
    }

    @Override
    public void commit(StoreWrite write, Acknowledgement acknowledgement) {
        writer.commit((RecordedWrite) write, acknowledgement);
    }

    @Override
    public StoreHealth health() {
        return writer.health();
    }

    @Override
    public long newSessionNumber() {
        return lastSession.incrementAndGet();
    }

    @Override
    public long newDeadLetterNumber() {
        return lastDeadLetter.incrementAndGet();
    }

    @Override
    public synchronized long outboxNumber(String name) {
        byte[] key = Keys.outboxName(name);
        Optional<Long> known = reading.one(Family.META, key, (place, from) -> Records.number(from));
        if (known.isPresent()) {
            return known.get();
        }
        RecordedWrite write = new RecordedWrite();
        write.put(Family.META, key, Records.number(lastOutbox + 1));
        CompletableFuture<Delivery> stored = new CompletableFuture<>();
        writer.commit(write, stored::complete);
        if (!(stored.join() instanceof Delivery.Accepted)) {
            throw new IllegalStateException("the store takes no new outbox: " + health());
        }
        lastOutbox++;
        return lastOutbox;
    }

    @Override
    public void sessions(Consumer<SessionState> visitor) {
        reading.sessions(visitor);
    }

    @Override
    public List<QueuedMessage> queue(long session, long from, int most, long mostBytes) {
        return reading.queue(session, from, most, mostBytes);
    }

    @Override
    public long queueEnd(long session) {
        return 1 + lastPlace(Family.QUEUES, session);
    }

    private long lastPlace(Family family, long owner) {
        return reading.last(family, Keys.number(owner), Keys.number(owner + 1))
                .map(Keys::sequence)
                .orElse(0L);
    }

    @Override
    public void retained(String topicPrefix, Consumer<Message> visitor) {
        reading.retained(topicPrefix, visitor);
    }

    @Override
    public List<OutboxEntry> outbox(long outbox, long from, int most, long mostBytes) {
        return reading.outbox(outbox, Math.max(from, marks.stored(outbox).through() + 1), most, mostBytes);
    }

    @Override
    public long outboxEnd(long outbox) {
        return 1
                + Math.max(
                        lastPlace(Family.OUTBOXES, outbox), marks.stored(outbox).highest());
    }

    @Override
    public Map<String, Long> outboxes() {
        Map<String, Long> found = new HashMap<>();
        byte[] prefix = Keys.outboxName("");
        reading.all(
                Family.META,
                prefix,
                Keys.after(prefix),
                (key, from) -> Map.entry(Keys.outboxName(key), Records.number(from)),
                outbox -> {
                    found.put(outbox.getKey(), outbox.getValue());
                    return true;
                });
        return found;
    }

    @Override
    public OutboxSize outboxSize(long outbox) {
        return marks.stored(outbox).size();
    }

    @Override
    public OutboxSize deadLettersSize() {
        return marks.stored(OutboxMarks.DEAD_LETTERS).size();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Optional<Payload> cursor(String name) {
        return reading.cursor(name);
    }

    @Override
    public List<DeadLetter> deadLetters(long from, int most) {
        return reading.deadLetters(from, most);
    }

    @Override
    public long damagedRecords() {
        return reading.damaged();
    }

    /** Messages that are stored apart from their places. */
    long shared() {
        AtomicLong count = new AtomicLong();
        reading.all(Family.MESSAGES, new byte[0], new byte[0], (key, from) -> Records.message(from), message -> {
            count.incrementAndGet();
            return true;
        });
        return count.get();
    }

    /** Moves what is only in the log into tables. */
    void flush() throws RocksDBException {
        database.flush();
    }

    /** Writes what has been handed over, then closes. Nobody may read or write any longer. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            writer.close();
            housekeeping.close();
            group.close();
            database.close();
            directory.close();
        }
    }
}

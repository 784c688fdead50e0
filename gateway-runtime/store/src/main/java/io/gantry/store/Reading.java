// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.SessionState;
import io.gantry.api.store.StoredInFlight;
import io.gantry.api.store.StoredSession;
import io.gantry.api.store.StoredSubscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads records. One that is damaged is reported with its place and passed over; the others are not affected. */
final class Reading {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    private final Database database;
    private final AtomicLong damaged = new AtomicLong();

    Reading(Database database) {
        this.database = database;
    }

    long damaged() {
        return damaged.get();
    }

    /** One record, if it is there and whole. */
    <T> Optional<T> one(Family family, byte[] key, BiFunction<byte[], ByteReader, T> decoder) {
        try {
            Optional<byte[]> value = database.get(family, key);
            return value.isEmpty() ? Optional.empty() : decoded(family, key, value.get(), decoder);
        } catch (RocksDBException failure) {
            if (Database.isDamage(failure)) {
                report(family, key, String.valueOf(failure.getMessage()));
                return Optional.empty();
            }
            throw new StoreReadException(failure);
        }
    }

    /** Shows the whole records in a range until the visitor says false. */
    <T> void all(
            Family family,
            byte[] from,
            byte[] end,
            BiFunction<byte[], ByteReader, T> decoder,
            java.util.function.Predicate<T> visitor) {
        try {
            boolean block = database.scan(family, from, end, (key, value) -> {
                Optional<T> record = decoded(family, key, value, decoder);
                return record.isEmpty() || visitor.test(record.get());
            });
            if (block) {
                LOG.atError()
                        .addKeyValue("family", family)
                        .addKeyValue("from", Keys.shown(from))
                        .log("a block of the store is damaged; its whole records have been read all the same");
            }
        } catch (RocksDBException failure) {
            if (!Database.isDamage(failure)) {
                throw new StoreReadException(failure);
            }
            report(family, from, "the rest of the range cannot be read: " + failure.getMessage());
        }
    }

    private <T> Optional<T> decoded(
            Family family, byte[] key, byte[] value, BiFunction<byte[], ByteReader, T> decoder) {
        try {
            return Optional.of(decoder.apply(key, Checked.open(family, key, value)));
        } catch (DamagedRecordException | IllegalArgumentException damage) {
            report(family, key, String.valueOf(damage.getMessage()));
            return Optional.empty();
        }
    }

    private void report(Family family, byte[] key, String what) {
        damaged.incrementAndGet();
        LOG.atError()
                .addKeyValue("family", family)
                .addKeyValue("key", Keys.shown(key))
                .addKeyValue("damage", what)
                .log("a stored record is damaged and left out");
    }

    private Message shared(byte[] id) {
        return this.<Message>one(Family.MESSAGES, id, (key, from) -> Records.message(from))
                .orElseThrow(() -> new DamagedRecordException("the message " + Keys.shown(id) + " is missing"));
    }

    Optional<Payload> cursor(String name) {
        return one(Family.META, Keys.cursor(name), (key, from) -> Records.bytes(from));
    }

    void retained(String topicPrefix, Consumer<Message> visitor) {
        byte[] prefix = Keys.utf8(topicPrefix);
        all(Family.RETAINED, prefix, Keys.after(prefix), (key, from) -> Records.bare(from, this::shared), message -> {
            visitor.accept(message);
            return true;
        });
    }

    List<QueuedMessage> queue(long session, long first, int most, long mostBytes) {
        Page<QueuedMessage> page =
                new Page<>(most, mostBytes, queued -> queued.message().payload().size());
        all(
                Family.QUEUES,
                Keys.place(session, first),
                Keys.number(session + 1),
                (key, from) -> Records.queued(Keys.sequence(key), from, this::shared),
                page::add);
        return page.entries;
    }

    List<OutboxEntry> outbox(long outbox, long first, int most, long mostBytes) {
        Page<OutboxEntry> page =
                new Page<>(most, mostBytes, entry -> entry.message().payload().size());
        all(
                Family.OUTBOXES,
                Keys.place(outbox, first),
                Keys.number(outbox + 1),
                (key, from) -> new OutboxEntry(Keys.sequence(key), Records.bare(from, this::shared)),
                page::add);
        return page.entries;
    }

    List<DeadLetter> deadLetters(long first, int most) {
        Page<DeadLetter> page = new Page<>(most, Long.MAX_VALUE, letter -> 0);
        all(
                Family.DEAD_LETTERS,
                Keys.number(first),
                new byte[0],
                (key, from) -> Records.deadLetter(Keys.owner(key), from, this::shared),
                page::add);
        return page.entries;
    }

    /** The first key from another on. */
    Optional<byte[]> first(Family family, byte[] from) {
        try {
            return database.first(family, from);
        } catch (RocksDBException failure) {
            throw new StoreReadException(failure);
        }
    }

    /** The last key before another; a family that ends before it has none. */
    Optional<byte[]> last(Family family, byte[] from, byte[] end) {
        try {
            return database.last(family, from, end);
        } catch (RocksDBException failure) {
            throw new StoreReadException(failure);
        }
    }

    void sessions(Consumer<SessionState> visitor) {
        Sessions found = new Sessions(visitor);
        all(Family.SESSIONS, new byte[0], new byte[0], Reading::part, found::take);
        found.finish();
    }

    /** A session, or something that belongs to one. */
    private record Part(long session, Object value) {}

    private static Part part(byte[] key, ByteReader from) {
        long session = Keys.owner(key);
        Object value =
                switch (Keys.kind(key)) {
                    case Keys.SESSION -> Records.session(session, from);
                    case Keys.SUBSCRIPTION -> Records.subscription(Keys.filter(key), from);
                    case Keys.RECEIVED -> Keys.packetId(key);
                    case Keys.IN_FLIGHT -> Records.inFlight(Keys.packetId(key), from);
                    default -> throw new DamagedRecordException("kind " + Keys.kind(key));
                };
        return new Part(session, value);
    }

    /** Puts sessions together from their parts, which stand one after the other. */
    private static final class Sessions {
        private final Consumer<SessionState> visitor;
        private @Nullable StoredSession session;
        private List<StoredSubscription> subscriptions = new ArrayList<>(0);
        private List<Integer> received = new ArrayList<>(0);
        private List<StoredInFlight> inFlight = new ArrayList<>(0);

        Sessions(Consumer<SessionState> visitor) {
            this.visitor = visitor;
        }

        boolean take(Part part) {
            if (part.value() instanceof StoredSession next) {
                finish();
                session = next;
            } else if (session == null || session.number() != part.session()) {
                LOG.atWarn().addKeyValue("session", part.session()).log("stored state without its session is left out");
            } else if (part.value() instanceof StoredSubscription subscription) {
                subscriptions.add(subscription);
            } else if (part.value() instanceof StoredInFlight message) {
                inFlight.add(message);
            } else {
                received.add((Integer) part.value());
            }
            return true;
        }

        void finish() {
            if (session != null) {
                visitor.accept(new SessionState(session, subscriptions, received, inFlight));
            }
            session = null;
            subscriptions = new ArrayList<>(0);
            received = new ArrayList<>(0);
            inFlight = new ArrayList<>(0);
        }
    }

    /** What fits into the bounds; at least one. */
    private static final class Page<T> {
        private final List<T> entries = new ArrayList<>();
        private final int most;
        private final ToIntFunction<T> size;
        private long bytesLeft;

        Page(int most, long mostBytes, ToIntFunction<T> size) {
            this.most = most;
            this.bytesLeft = mostBytes;
            this.size = size;
        }

        boolean add(T entry) {
            bytesLeft -= size.applyAsInt(entry);
            if (!entries.isEmpty() && bytesLeft < 0) {
                return false;
            }
            entries.add(entry);
            return entries.size() < most && bytesLeft > 0;
        }
    }
}

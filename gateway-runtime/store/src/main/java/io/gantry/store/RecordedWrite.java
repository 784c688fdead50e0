// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.OutboxSize;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.StoreWrite;
import io.gantry.api.store.StoredInFlight;
import io.gantry.api.store.StoredSession;
import io.gantry.api.store.StoredSubscription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A write as the steps it takes. Records become bytes here, on the thread that builds it. */
final class RecordedWrite implements StoreWrite {
    private static final int COST_OF_A_CHANGE = 64;

    private final List<Change> changes = new ArrayList<>(4);
    private long bytes;
    private boolean usesReserve;
    private @Nullable Message lastMessage;
    private byte[] lastInPlace = new byte[0];
    private byte[] lastShared = new byte[0];

    List<Change> changes() {
        return changes;
    }

    /** Memory it takes until it is written. */
    long bytes() {
        return bytes;
    }

    boolean usesReserve() {
        return usesReserve;
    }

    @Override
    public StoreWrite usingReserve() {
        usesReserve = true;
        return this;
    }

    @Override
    public StoreWrite putSession(StoredSession session) {
        return put(Family.SESSIONS, Keys.session(session.number()), Records.session(session));
    }

    @Override
    public StoreWrite deleteSession(long session) {
        byte[] from = Keys.number(session);
        byte[] to = Keys.number(session + 1);
        return record(0, group -> {
            group.deleteRange(Family.SESSIONS, from, to);
            group.deletePlaces(Family.QUEUES, from, to);
        });
    }

    @Override
    public StoreWrite putSubscription(long session, StoredSubscription subscription) {
        return put(
                Family.SESSIONS, Keys.subscription(session, subscription.filter()), Records.subscription(subscription));
    }

    @Override
    public StoreWrite deleteSubscription(long session, TopicFilter filter) {
        return delete(Family.SESSIONS, Keys.subscription(session, filter));
    }

    @Override
    public StoreWrite putReceived(long session, int packetId) {
        return put(Family.SESSIONS, Keys.received(session, packetId), Records.received());
    }

    @Override
    public StoreWrite deleteReceived(long session, int packetId) {
        return delete(Family.SESSIONS, Keys.received(session, packetId));
    }

    @Override
    public StoreWrite putInFlight(long session, StoredInFlight inFlight) {
        return put(Family.SESSIONS, Keys.inFlight(session, inFlight.packetId()), Records.inFlight(inFlight));
    }

    @Override
    public StoreWrite deleteInFlight(long session, int packetId) {
        return delete(Family.SESSIONS, Keys.inFlight(session, packetId));
    }

    @Override
    public StoreWrite enqueue(long session, QueuedMessage message) {
        byte[] key = Keys.place(session, message.sequence());
        return place(Family.QUEUES, key, Records.queued(message, inPlace(message.message())), message.message());
    }

    @Override
    public StoreWrite dequeue(long session, QueuedMessage message) {
        return clear(Family.QUEUES, Keys.place(session, message.sequence()), message.message());
    }

    @Override
    public StoreWrite retain(Message message) {
        byte[] key = Keys.retained(message.topic());
        unretain(key);
        return place(Family.RETAINED, key, Records.bare(inPlace(message)), message);
    }

    @Override
    public StoreWrite unretain(TopicName topic) {
        byte[] key = Keys.retained(topic);
        unretain(key);
        return delete(Family.RETAINED, key);
    }

    private void unretain(byte[] key) {
        record(key.length, group -> group.release(Family.RETAINED, key));
    }

    @Override
    public StoreWrite putOutbox(long outbox, OutboxEntry entry) {
        byte[] key = Keys.place(outbox, entry.sequence());
        place(Family.OUTBOXES, key, Records.bare(inPlace(entry.message())), entry.message());
        int size = entry.bytes();
        return record(0, group -> group.marks().put(outbox, entry.sequence(), size));
    }

    @Override
    public StoreWrite deleteOutbox(long outbox, OutboxEntry entry) {
        clear(Family.OUTBOXES, Keys.place(outbox, entry.sequence()), entry.message());
        int size = entry.bytes();
        return record(0, group -> group.marks().taken(outbox, entry.sequence(), size));
    }

    @Override
    public StoreWrite trimOutbox(long outbox, long throughSequence, OutboxSize removed) {
        return record(0, group -> group.marks().trim(outbox, throughSequence, removed, group));
    }

    @Override
    public StoreWrite putCursor(String name, Payload position) {
        return put(Family.META, Keys.cursor(name), Records.bytes(position));
    }

    @Override
    public StoreWrite putDeadLetter(DeadLetter letter) {
        byte[] key = Keys.number(letter.number());
        int size = OutboxEntry.bytesOf(letter.message());
        record(0, group -> group.deadLetter(letter.number(), size, true));
        return place(Family.DEAD_LETTERS, key, Records.deadLetter(letter, inPlace(letter.message())), letter.message());
    }

    @Override
    public StoreWrite deleteDeadLetter(DeadLetter letter) {
        int size = OutboxEntry.bytesOf(letter.message());
        record(0, group -> group.deadLetter(letter.number(), size, false));
        return clear(Family.DEAD_LETTERS, Keys.number(letter.number()), letter.message());
    }

    StoreWrite put(Family family, byte[] key, ByteWriter record) {
        byte[] value = Checked.seal(family, key, record);
        return record(key.length + value.length, group -> group.put(family, key, value));
    }

    private StoreWrite delete(Family family, byte[] key) {
        return record(key.length, group -> group.delete(family, key));
    }

    private StoreWrite place(Family family, byte[] key, ByteWriter record, Message message) {
        put(family, key, record);
        if (Records.isShared(message)) {
            byte[] id = Keys.message(message.id());
            byte[] whole = lastShared;
            record(whole.length, group -> group.share(family, key, id, whole));
        }
        return this;
    }

    private StoreWrite clear(Family family, byte[] key, Message message) {
        if (Records.isShared(message)) {
            record(key.length, group -> group.release(family, key));
        }
        return delete(family, key);
    }

    /** The message's bytes, made once for all its places. */
    private ByteWriter inPlace(Message message) {
        if (!message.equals(lastMessage)) {
            lastMessage = message;
            lastInPlace = Records.inPlace(message).toBytes();
            if (Records.isShared(message)) {
                lastShared = Checked.seal(Family.MESSAGES, Keys.message(message.id()), Records.message(message));
            }
        }
        return new ByteWriter(lastInPlace.length).raw(lastInPlace);
    }

    private StoreWrite record(int size, Change change) {
        bytes += size + COST_OF_A_CHANGE;
        changes.add(change);
        return this;
    }
}

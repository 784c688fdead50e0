// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

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

/** Changes of a {@link MemoryStore}. */
final class MemoryWrite implements StoreWrite {
    final List<Runnable> changes = new ArrayList<>();
    private final MemoryStore store;

    MemoryWrite(MemoryStore store) {
        this.store = store;
    }

    private StoreWrite with(Runnable change) {
        changes.add(change);
        return this;
    }

    @Override
    public StoreWrite putOutbox(long outbox, OutboxEntry entry) {
        return with(() -> store.put(outbox, entry));
    }

    @Override
    public StoreWrite deleteOutbox(long outbox, OutboxEntry entry) {
        return with(() -> store.delete(outbox, entry));
    }

    @Override
    public StoreWrite trimOutbox(long outbox, long throughSequence, OutboxSize removed) {
        return with(() -> store.trim(outbox, throughSequence, removed));
    }

    @Override
    public StoreWrite putDeadLetter(DeadLetter letter) {
        return with(() -> store.put(letter));
    }

    @Override
    public StoreWrite deleteDeadLetter(DeadLetter letter) {
        return with(() -> store.delete(letter));
    }

    @Override
    public StoreWrite usingReserve() {
        return this;
    }

    @Override
    public StoreWrite putSession(StoredSession session) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite deleteSession(long session) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite putSubscription(long session, StoredSubscription subscription) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite deleteSubscription(long session, TopicFilter filter) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite putReceived(long session, int packetId) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite deleteReceived(long session, int packetId) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite putInFlight(long session, StoredInFlight inFlight) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite deleteInFlight(long session, int packetId) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite enqueue(long session, QueuedMessage message) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite dequeue(long session, QueuedMessage message) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite retain(Message message) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite unretain(TopicName topic) {
        throw MemoryStore.noSessions();
    }

    @Override
    public StoreWrite putCursor(String name, Payload position) {
        return with(() -> store.put(name, position));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.OutboxSize;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.SessionState;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreHealth;
import io.gantry.api.store.StoreWrite;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A store that refuses writes while a test says so. */
final class GatedStore implements Store {
    private static final Delivery REFUSED = new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "the store is full");

    private final Store store;
    private volatile boolean refuses;
    private volatile boolean breaksReading;
    private int refused;
    private int pagesRead;

    GatedStore(Store store) {
        this.store = store;
    }

    void refuses(boolean whether) {
        refuses = whether;
    }

    /** Throws when an outbox is read, as one does whose disk fails. */
    void breaksReading(boolean whether) {
        breaksReading = whether;
    }

    /** Writes refused so far. */
    synchronized int refused() {
        return refused;
    }

    synchronized int pagesRead() {
        return pagesRead;
    }

    /** Waits until all that was handed over is answered. */
    void awaitWritten() {
        CompletableFuture<Delivery> written = new CompletableFuture<>();
        store.commit(store.newWrite(), written::complete);
        written.orTimeout(5, TimeUnit.MINUTES).join();
    }

    @Override
    public StoreWrite newWrite() {
        return store.newWrite();
    }

    @Override
    public void commit(StoreWrite write, Acknowledgement acknowledgement) {
        if (refuses) {
            synchronized (this) {
                refused++;
            }
            acknowledgement.complete(REFUSED);
        } else {
            store.commit(write, acknowledgement);
        }
    }

    @Override
    public StoreHealth health() {
        return store.health();
    }

    @Override
    public long newSessionNumber() {
        return store.newSessionNumber();
    }

    @Override
    public long newDeadLetterNumber() {
        return store.newDeadLetterNumber();
    }

    @Override
    public long outboxNumber(String name) {
        return store.outboxNumber(name);
    }

    @Override
    public Map<String, Long> outboxes() {
        return store.outboxes();
    }

    @Override
    public OutboxSize outboxSize(long outbox) {
        return store.outboxSize(outbox);
    }

    @Override
    public void sessions(Consumer<SessionState> visitor) {
        store.sessions(visitor);
    }

    @Override
    public List<QueuedMessage> queue(long session, long from, int most, long mostBytes) {
        return store.queue(session, from, most, mostBytes);
    }

    @Override
    public long queueEnd(long session) {
        return store.queueEnd(session);
    }

    @Override
    public void retained(String topicPrefix, Consumer<Message> visitor) {
        store.retained(topicPrefix, visitor);
    }

    @Override
    public List<OutboxEntry> outbox(long outbox, long from, int most, long mostBytes) {
        if (breaksReading) {
            throw new IllegalStateException("the disk cannot be read");
        }
        synchronized (this) {
            pagesRead++;
        }
        return store.outbox(outbox, from, most, mostBytes);
    }

    @Override
    public long outboxEnd(long outbox) {
        return store.outboxEnd(outbox);
    }

    @Override
    public Optional<Payload> cursor(String name) {
        return store.cursor(name);
    }

    @Override
    public List<DeadLetter> deadLetters(long from, int most) {
        return store.deadLetters(from, most);
    }

    @Override
    public OutboxSize deadLettersSize() {
        return store.deadLettersSize();
    }

    @Override
    public String id() {
        return store.id();
    }

    @Override
    public long damagedRecords() {
        return store.damagedRecords();
    }
}

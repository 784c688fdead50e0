// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** One write of a {@link HeapStore}. Carried out under the lock of what it changes, so that any thread may read. */
final class HeapStoreWrite implements StoreWrite {
    private final Contents contents;
    private final List<Runnable> changes = new ArrayList<>();
    private boolean usesReserve;

    /** An outbox. */
    static final class Outbox {
        final TreeMap<Long, OutboxEntry> waiting = new TreeMap<>();
        long highest;

        private void put(OutboxEntry entry) {
            waiting.put(entry.sequence(), entry);
            highest = Math.max(highest, entry.sequence());
        }
    }

    /** What a {@link HeapStore} keeps, by the numbers of the sessions and outboxes. */
    static final class Contents {
        final TreeMap<Long, StoredSession> sessions = new TreeMap<>();
        final Map<Long, TreeMap<Long, QueuedMessage>> queues = new HashMap<>();
        final TreeMap<String, Message> retained = new TreeMap<>();
        final Map<Long, Outbox> outboxes = new HashMap<>();
        final TreeMap<Long, DeadLetter> deadLetters = new TreeMap<>();
        final Map<String, Payload> cursors = new HashMap<>();
        private final Map<Long, Map<TopicFilter, StoredSubscription>> subscriptions = new HashMap<>();
        private final Map<Long, TreeSet<Integer>> received = new HashMap<>();
        private final Map<Long, TreeMap<Integer, StoredInFlight>> inFlight = new HashMap<>();

        Map<TopicFilter, StoredSubscription> subscriptionsOf(long session) {
            return subscriptions.computeIfAbsent(session, number -> new HashMap<>());
        }

        TreeSet<Integer> receivedOf(long session) {
            return received.computeIfAbsent(session, number -> new TreeSet<>());
        }

        TreeMap<Integer, StoredInFlight> inFlightOf(long session) {
            return inFlight.computeIfAbsent(session, number -> new TreeMap<>());
        }

        TreeMap<Long, QueuedMessage> queueOf(long session) {
            return queues.computeIfAbsent(session, number -> new TreeMap<>());
        }

        Outbox outboxOf(long outbox) {
            return outboxes.computeIfAbsent(outbox, number -> new Outbox());
        }

        void forget(long session) {
            sessions.remove(session);
            queues.remove(session);
            subscriptions.remove(session);
            received.remove(session);
            inFlight.remove(session);
        }
    }

    HeapStoreWrite(Contents contents) {
        this.contents = contents;
    }

    void apply() {
        synchronized (contents) {
            changes.forEach(Runnable::run);
        }
    }

    boolean usesReserve() {
        return usesReserve;
    }

    private StoreWrite then(Runnable change) {
        changes.add(change);
        return this;
    }

    @Override
    public StoreWrite putSession(StoredSession session) {
        return then(() -> contents.sessions.put(session.number(), session));
    }

    @Override
    public StoreWrite deleteSession(long session) {
        return then(() -> contents.forget(session));
    }

    @Override
    public StoreWrite putSubscription(long session, StoredSubscription subscription) {
        return then(() -> contents.subscriptionsOf(session).put(subscription.filter(), subscription));
    }

    @Override
    public StoreWrite deleteSubscription(long session, TopicFilter filter) {
        return then(() -> contents.subscriptionsOf(session).remove(filter));
    }

    @Override
    public StoreWrite putReceived(long session, int packetId) {
        return then(() -> contents.receivedOf(session).add(packetId));
    }

    @Override
    public StoreWrite deleteReceived(long session, int packetId) {
        return then(() -> contents.receivedOf(session).remove(packetId));
    }

    @Override
    public StoreWrite putInFlight(long session, StoredInFlight inFlight) {
        return then(() -> contents.inFlightOf(session).put(inFlight.packetId(), inFlight));
    }

    @Override
    public StoreWrite deleteInFlight(long session, int packetId) {
        return then(() -> contents.inFlightOf(session).remove(packetId));
    }

    @Override
    public StoreWrite enqueue(long session, QueuedMessage message) {
        return then(() -> contents.queueOf(session).put(message.sequence(), message));
    }

    @Override
    public StoreWrite dequeue(long session, QueuedMessage message) {
        return then(() -> contents.queueOf(session).remove(message.sequence()));
    }

    @Override
    public StoreWrite retain(Message message) {
        return then(() -> contents.retained.put(message.topic().value(), message));
    }

    @Override
    public StoreWrite unretain(TopicName topic) {
        return then(() -> contents.retained.remove(topic.value()));
    }

    @Override
    public StoreWrite putOutbox(long outbox, OutboxEntry entry) {
        return then(() -> contents.outboxOf(outbox).put(entry));
    }

    @Override
    public StoreWrite deleteOutbox(long outbox, OutboxEntry entry) {
        return then(() -> contents.outboxOf(outbox).waiting.remove(entry.sequence()));
    }

    @Override
    public StoreWrite trimOutbox(long outbox, long throughSequence, OutboxSize removed) {
        return then(() ->
                contents.outboxOf(outbox).waiting.headMap(throughSequence, true).clear());
    }

    @Override
    public StoreWrite putCursor(String name, Payload position) {
        return then(() -> contents.cursors.put(name, position));
    }

    @Override
    public StoreWrite putDeadLetter(DeadLetter letter) {
        return then(() -> contents.deadLetters.put(letter.number(), letter));
    }

    @Override
    public StoreWrite deleteDeadLetter(DeadLetter letter) {
        return then(() -> contents.deadLetters.remove(letter.number()));
    }

    @Override
    public StoreWrite usingReserve() {
        usesReserve = true;
        return this;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.SessionState;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreHealth;
import io.gantry.api.store.StoreWrite;
import io.gantry.api.store.StoredSession;
import io.gantry.mqtt.HeapStoreWrite.Contents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store that loses nothing when the server is made anew, because it stays on the heap: so that thousands of restarts can
 * be played in a second, on one thread, in an order that a seed decides. It keeps what the sessions use; the real store is
 * tested in its own module, and with the whole gateway.
 */
public final class HeapStore implements Store {
    private final Contents contents = new Contents();
    private StoreHealth health = new StoreHealth.Ready();
    private long lastSession;
    private @Nullable List<Runnable> held;

    /** From now on writes are refused, except those that may use the reserve. */
    public void fill() {
        health = new StoreHealth.Full("a test filled it");
    }

    /** From now on the disk is so slow that nothing gets done. */
    public void hold() {
        held = new ArrayList<>();
    }

    /** The disk has done what it was given meanwhile, in its order. */
    public void letGo() {
        List<Runnable> waiting = held == null ? List.of() : held;
        held = null;
        waiting.forEach(Runnable::run);
    }

    /** The disk has done what it was given, and goes on being slow with what is to come. */
    public void doWhatIsHeld() {
        letGo();
        hold();
    }

    /** Messages in all queues together. */
    public int queued() {
        return contents.queues.values().stream().mapToInt(TreeMap::size).sum();
    }

    /** Sessions, with what is known of them. */
    public List<StoredSession> stored() {
        return List.copyOf(contents.sessions.values());
    }

    @Override
    public StoreWrite newWrite() {
        return new HeapStoreWrite(contents);
    }

    @Override
    public void commit(StoreWrite write, Acknowledgement acknowledgement) {
        HeapStoreWrite changes = (HeapStoreWrite) write;
        if (held != null) {
            held.add(() -> settle(changes, acknowledgement));
        } else {
            settle(changes, acknowledgement);
        }
    }

    private void settle(HeapStoreWrite changes, Acknowledgement acknowledgement) {
        if (health instanceof StoreHealth.Ready || changes.usesReserve()) {
            changes.apply();
            acknowledgement.complete(Delivery.accepted());
        } else {
            acknowledgement.complete(new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "the store is full"));
        }
    }

    @Override
    public StoreHealth health() {
        return health;
    }

    @Override
    public long newSessionNumber() {
        return ++lastSession;
    }

    @Override
    public void sessions(Consumer<SessionState> visitor) {
        for (StoredSession session : stored()) {
            long number = session.number();
            visitor.accept(new SessionState(
                    session,
                    List.copyOf(contents.subscriptionsOf(number).values()),
                    List.copyOf(contents.receivedOf(number)),
                    List.copyOf(contents.inFlightOf(number).values())));
        }
    }

    @Override
    public List<QueuedMessage> queue(long session, long from, int most, long mostBytes) {
        List<QueuedMessage> page = new ArrayList<>();
        long bytes = 0;
        for (QueuedMessage message : contents.queueOf(session).tailMap(from).values()) {
            if (page.size() == most || bytes >= mostBytes) {
                break;
            }
            bytes += message.message().payload().size();
            page.add(message);
        }
        return page;
    }

    @Override
    public long queueEnd(long session) {
        TreeMap<Long, QueuedMessage> queue = contents.queueOf(session);
        return queue.isEmpty() ? 1 : queue.lastKey() + 1;
    }

    @Override
    public void retained(String topicPrefix, Consumer<Message> visitor) {
        contents.retained.tailMap(topicPrefix).values().stream()
                .filter(message -> message.topic().value().startsWith(topicPrefix))
                .forEach(visitor);
    }

    @Override
    public long newDeadLetterNumber() {
        throw notOfSessions();
    }

    @Override
    public long outboxNumber(String name) {
        throw notOfSessions();
    }

    @Override
    public List<OutboxEntry> outbox(long outbox, long from, int most, long mostBytes) {
        throw notOfSessions();
    }

    @Override
    public long outboxEnd(long outbox) {
        throw notOfSessions();
    }

    @Override
    public Optional<Payload> cursor(String name) {
        throw notOfSessions();
    }

    @Override
    public List<DeadLetter> deadLetters(long from, int most) {
        throw notOfSessions();
    }

    @Override
    public long damagedRecords() {
        return 0;
    }

    static UnsupportedOperationException notOfSessions() {
        return new UnsupportedOperationException("sessions do not use this");
    }
}

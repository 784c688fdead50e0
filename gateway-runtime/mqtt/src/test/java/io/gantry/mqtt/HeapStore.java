// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

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
import io.gantry.api.store.StoredSession;
import io.gantry.mqtt.HeapStoreWrite.Contents;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A store that loses nothing when the server is made anew, because it stays on the heap: so that thousands of restarts can
 * be played in a second, on one thread, in an order that a seed decides. The real store is tested in its own module, and
 * with the whole gateway.
 */
public final class HeapStore implements Store {
    private final Contents contents = new Contents();
    private final Map<String, Long> outboxNumbers = new HashMap<>();
    private final AtomicLong lastSession = new AtomicLong();
    private final AtomicLong lastDeadLetter = new AtomicLong();
    private final String id = UUID.randomUUID().toString().replace("-", "");
    private volatile StoreHealth health = new StoreHealth.Ready();
    private @Nullable List<Runnable> held;

    /** From now on writes are refused, except those that may use the reserve. */
    public void fill() {
        health = new StoreHealth.Full("a test filled it");
    }

    /** From now on the disk is so slow that nothing gets done. */
    public void hold() {
        synchronized (contents) {
            held = new ArrayList<>();
        }
    }

    /** The disk has done what it was given meanwhile, in its order. */
    public void letGo() {
        List<Runnable> waiting;
        synchronized (contents) {
            waiting = held == null ? List.of() : held;
            held = null;
        }
        waiting.forEach(Runnable::run);
    }

    /** The disk has done what it was given, and goes on being slow with what is to come. */
    public void doWhatIsHeld() {
        letGo();
        hold();
    }

    /** Messages in all queues together. */
    public int queued() {
        synchronized (contents) {
            return contents.queues.values().stream().mapToInt(TreeMap::size).sum();
        }
    }

    /** Sessions, with what is known of them. */
    public List<StoredSession> stored() {
        synchronized (contents) {
            return List.copyOf(contents.sessions.values());
        }
    }

    @Override
    public StoreWrite newWrite() {
        return new HeapStoreWrite(contents);
    }

    @Override
    public void commit(StoreWrite write, Acknowledgement acknowledgement) {
        HeapStoreWrite changes = (HeapStoreWrite) write;
        synchronized (contents) {
            if (held != null) {
                held.add(() -> settle(changes, acknowledgement));
                return;
            }
        }
        settle(changes, acknowledgement);
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
        return lastSession.incrementAndGet();
    }

    @Override
    public void sessions(Consumer<SessionState> visitor) {
        List<SessionState> found = new ArrayList<>();
        synchronized (contents) {
            for (StoredSession session : contents.sessions.values()) {
                long number = session.number();
                found.add(new SessionState(
                        session,
                        List.copyOf(contents.subscriptionsOf(number).values()),
                        List.copyOf(contents.receivedOf(number)),
                        List.copyOf(contents.inFlightOf(number).values())));
            }
        }
        found.forEach(visitor);
    }

    @Override
    public List<QueuedMessage> queue(long session, long from, int most, long mostBytes) {
        synchronized (contents) {
            return page(contents.queueOf(session).tailMap(from).values(), most, mostBytes, queued -> queued.message()
                    .payload()
                    .size());
        }
    }

    private static <T> List<T> page(Collection<T> waiting, int most, long mostBytes, ToIntFunction<T> size) {
        List<T> page = new ArrayList<>();
        long bytes = 0;
        for (T entry : waiting) {
            if (page.size() == most || bytes >= mostBytes) {
                break;
            }
            bytes += size.applyAsInt(entry);
            page.add(entry);
        }
        return page;
    }

    @Override
    public long queueEnd(long session) {
        synchronized (contents) {
            TreeMap<Long, QueuedMessage> queue = contents.queueOf(session);
            return queue.isEmpty() ? 1 : queue.lastKey() + 1;
        }
    }

    @Override
    public void retained(String topicPrefix, Consumer<Message> visitor) {
        List<Message> found;
        synchronized (contents) {
            found = contents.retained.tailMap(topicPrefix).values().stream()
                    .filter(message -> message.topic().value().startsWith(topicPrefix))
                    .toList();
        }
        found.forEach(visitor);
    }

    @Override
    public long newDeadLetterNumber() {
        return lastDeadLetter.incrementAndGet();
    }

    @Override
    public long outboxNumber(String name) {
        synchronized (contents) {
            return outboxNumbers.computeIfAbsent(name, unknown -> outboxNumbers.size() + 1L);
        }
    }

    @Override
    public Map<String, Long> outboxes() {
        synchronized (contents) {
            return Map.copyOf(outboxNumbers);
        }
    }

    @Override
    public OutboxSize outboxSize(long outbox) {
        synchronized (contents) {
            return sizeOf(contents.outboxOf(outbox).waiting.values().stream()
                    .map(OutboxEntry::message)
                    .toList());
        }
    }

    private static OutboxSize sizeOf(List<Message> messages) {
        return new OutboxSize(
                messages.size(),
                messages.stream().mapToLong(OutboxEntry::bytesOf).sum());
    }

    @Override
    public List<OutboxEntry> outbox(long outbox, long from, int most, long mostBytes) {
        synchronized (contents) {
            return page(
                    contents.outboxOf(outbox).waiting.tailMap(from).values(), most, mostBytes, entry -> entry.message()
                            .payload()
                            .size());
        }
    }

    @Override
    public long outboxEnd(long outbox) {
        synchronized (contents) {
            return contents.outboxOf(outbox).highest + 1;
        }
    }

    @Override
    public Optional<Payload> cursor(String name) {
        synchronized (contents) {
            return Optional.ofNullable(contents.cursors.get(name));
        }
    }

    @Override
    public List<DeadLetter> deadLetters(long from, int most) {
        synchronized (contents) {
            return contents.deadLetters.tailMap(from).values().stream()
                    .limit(most)
                    .toList();
        }
    }

    @Override
    public OutboxSize deadLettersSize() {
        synchronized (contents) {
            return sizeOf(contents.deadLetters.values().stream()
                    .map(DeadLetter::message)
                    .toList());
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public long damagedRecords() {
        return 0;
    }
}

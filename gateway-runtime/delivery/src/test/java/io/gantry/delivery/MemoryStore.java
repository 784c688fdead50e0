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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A store that outlives the outboxes of a model, writes when it is told, and complains about what a real one would
 * believe: something taken out that is not there, or not as much as was said. It has outboxes, dead letters and cursors.
 */
final class MemoryStore implements Store {
    private static final Delivery REFUSED = new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "the store is full");

    private final Map<String, Long> numbers = new HashMap<>();
    private final Map<Long, NavigableMap<Long, OutboxEntry>> outboxes = new HashMap<>();
    private final Map<Long, Long> highest = new HashMap<>();
    private final TreeMap<Long, DeadLetter> letters = new TreeMap<>();
    private final Map<String, Payload> cursors = new HashMap<>();
    private final ArrayDeque<Submission> waiting = new ArrayDeque<>();
    private long lastLetter;
    private boolean refuses;
    private boolean writesAtOnce;

    private record Submission(MemoryWrite write, Acknowledgement acknowledgement) {}

    void refuses(boolean whether) {
        refuses = whether;
    }

    /** Writes what waits, and from now on everything as it comes. */
    void writesAtOnce(boolean whether) {
        writesAtOnce = whether;
        boolean more = whether;
        while (more) {
            more = writeOne();
        }
    }

    /** Writes what was handed over first; false when nothing waits. */
    boolean writeOne() {
        Submission first = waiting.poll();
        if (first != null) {
            first.write().changes.forEach(Runnable::run);
            first.acknowledgement().complete(Delivery.accepted());
        }
        return first != null;
    }

    /** The process dies: some of what was handed over is written, nobody is told. */
    void crash(int written) {
        for (int i = 0; i < written && !waiting.isEmpty(); i++) {
            waiting.remove().write().changes.forEach(Runnable::run);
        }
        waiting.clear();
    }

    int waiting() {
        return waiting.size();
    }

    @Override
    public StoreWrite newWrite() {
        return new MemoryWrite(this);
    }

    @Override
    public void commit(StoreWrite write, Acknowledgement acknowledgement) {
        if (refuses) {
            acknowledgement.complete(REFUSED);
        } else {
            waiting.add(new Submission((MemoryWrite) write, acknowledgement));
            if (writesAtOnce) {
                writeOne();
            }
        }
    }

    void put(long outbox, OutboxEntry entry) {
        long before = highest.getOrDefault(outbox, 0L);
        expect(entry.sequence() > before, "sequence " + entry.sequence() + " after " + before);
        highest.put(outbox, entry.sequence());
        entries(outbox).put(entry.sequence(), entry);
    }

    void delete(long outbox, OutboxEntry entry) {
        expect(entries(outbox).remove(entry.sequence()) != null, "no " + entry + " to take out");
    }

    void trim(long outbox, long through, OutboxSize removed) {
        SortedMap<Long, OutboxEntry> gone = entries(outbox).headMap(through + 1);
        expect(sizeOf(gone.values()).equals(removed), "takes out " + sizeOf(gone.values()) + " and says " + removed);
        gone.clear();
    }

    void put(DeadLetter letter) {
        letters.put(letter.number(), letter);
    }

    void delete(DeadLetter letter) {
        expect(letters.remove(letter.number()) != null, "no " + letter + " to delete");
    }

    private static void expect(boolean truth, String otherwise) {
        if (!truth) {
            throw new AssertionError(otherwise);
        }
    }

    private NavigableMap<Long, OutboxEntry> entries(long outbox) {
        return outboxes.computeIfAbsent(outbox, number -> new TreeMap<>());
    }

    private static OutboxSize sizeOf(Iterable<OutboxEntry> entries) {
        long messages = 0;
        long bytes = 0;
        for (OutboxEntry entry : entries) {
            messages++;
            bytes += entry.bytes();
        }
        return new OutboxSize(messages, bytes);
    }

    @Override
    public StoreHealth health() {
        return new StoreHealth.Ready();
    }

    @Override
    public long newDeadLetterNumber() {
        return ++lastLetter;
    }

    @Override
    public long outboxNumber(String name) {
        return numbers.computeIfAbsent(name, unknown -> numbers.size() + 1L);
    }

    @Override
    public Map<String, Long> outboxes() {
        return numbers;
    }

    @Override
    public OutboxSize outboxSize(long outbox) {
        return sizeOf(entries(outbox).values());
    }

    @Override
    public List<OutboxEntry> outbox(long outbox, long from, int most, long mostBytes) {
        List<OutboxEntry> page = new ArrayList<>();
        long bytes = 0;
        for (OutboxEntry entry : entries(outbox).tailMap(from).values()) {
            if (page.size() == most || bytes >= mostBytes) {
                break;
            }
            page.add(entry);
            bytes += entry.message().payload().size();
        }
        return page;
    }

    @Override
    public long outboxEnd(long outbox) {
        return 1 + highest.getOrDefault(outbox, 0L);
    }

    @Override
    public List<DeadLetter> deadLetters(long from, int most) {
        return letters.tailMap(from).values().stream().limit(most).toList();
    }

    @Override
    public OutboxSize deadLettersSize() {
        long bytes = letters.values().stream()
                .mapToLong(letter -> OutboxEntry.bytesOf(letter.message()))
                .sum();
        return new OutboxSize(letters.size(), bytes);
    }

    @Override
    public String id() {
        return "memory";
    }

    @Override
    public long damagedRecords() {
        return 0;
    }

    @Override
    public long newSessionNumber() {
        throw noSessions();
    }

    @Override
    public void sessions(Consumer<SessionState> visitor) {
        throw noSessions();
    }

    @Override
    public List<QueuedMessage> queue(long session, long from, int most, long mostBytes) {
        throw noSessions();
    }

    @Override
    public long queueEnd(long session) {
        throw noSessions();
    }

    @Override
    public void retained(String topicPrefix, Consumer<Message> visitor) {
        throw noSessions();
    }

    @Override
    public Optional<Payload> cursor(String name) {
        return Optional.ofNullable(cursors.get(name));
    }

    void put(String cursor, Payload position) {
        cursors.put(cursor, position);
    }

    static UnsupportedOperationException noSessions() {
        return new UnsupportedOperationException("outboxes and dead letters only");
    }
}

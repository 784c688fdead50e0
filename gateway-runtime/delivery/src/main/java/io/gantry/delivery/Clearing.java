// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.store.OutboxSize;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreWrite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what is settled out of the store: by moving one mark as far as everything before it is settled, and one by one
 * behind an entry that is held up. Used on the worker; at most one write is under way, so that the slower the disk is the
 * more each of them does.
 */
final class Clearing {
    /** So many settled ones behind one that is held up are taken out one by one in any case. */
    private static final int MANY_BEHIND = 10_000;

    private static final int MUCH = 1_000;
    private static final int MOST_MESSAGES = 100_000;
    private static final long MOST_BYTES = 32L << 20;

    private final Store store;
    private final long outbox;
    private final ArrayDeque<Entry> open = new ArrayDeque<>();
    private boolean oneByOne;
    private boolean pressing;
    private List<Entry> settledBehind = new ArrayList<>();
    private @Nullable Round round;
    private boolean underWay;

    /** Among the open ones. */
    private int leftEarly;

    // settled, and not yet taken out
    private long messages;
    private long bytes;

    /** What one write takes out; when it is refused the next takes out the same. */
    private record Round(long through, OutboxSize removed, List<Entry> single) {
        boolean isEmpty() {
            return through == 0 && single.isEmpty();
        }
    }

    /**
     * Nothing taken yet.
     *
     * @param oneByOne whether entries may be held up for long by one before them
     */
    Clearing(Store store, long outbox, boolean oneByOne) {
        this.store = store;
        this.outbox = outbox;
        this.oneByOne = oneByOne;
    }

    /** From now on nothing that is settled waits for what is before it. */
    void waitForNone() {
        oneByOne = true;
    }

    /** A stored entry was taken. In the order of the sequences. */
    void taken(Entry entry) {
        open.add(entry);
    }

    /** A stored entry that was taken is settled. */
    void settled(Entry entry) {
        if (entry.hasLeftStore()) {
            leftEarly++;
            return;
        }
        messages++;
        bytes += entry.bytes();
        if (entry != open.peek()) {
            settledBehind.add(entry);
            // what was dropped makes room for others, which must not wait for the target
            pressing |= entry.attempts() == 0;
        }
    }

    /** Whether so much is settled and not taken out that nothing more may be settled: a crash would repeat it all. */
    boolean isBehind() {
        return messages >= MOST_MESSAGES || bytes >= MOST_BYTES;
    }

    /** Entries that are kept in mind. */
    int open() {
        return open.size();
    }

    /** The oldest entry that was taken and not yet taken out; null when there is none. */
    @Nullable Entry oldest() {
        return open.peek();
    }

    /** Whether so much is settled and not taken out that it is worth a write of its own. */
    boolean isMuch() {
        return messages >= MUCH;
    }

    /** Whether there is something to take out and no write under way. */
    boolean isDue() {
        return !underWay && !isDone();
    }

    /** Whether everything settled is out of the store. */
    boolean isDone() {
        return messages == 0 && !underWay;
    }

    /**
     * Begins a write when there is something to take out and none is under way.
     *
     * @param whenWritten is told, on any thread, that {@link #written} is due
     */
    void flush(Acknowledgement whenWritten) {
        if (underWay) {
            return;
        }
        Round now = round == null ? collect() : round;
        if (now.isEmpty()) {
            return;
        }
        round = now;
        underWay = true;
        StoreWrite write = store.newWrite().usingReserve();
        now.single().forEach(entry -> write.deleteOutbox(outbox, entry.stored()));
        if (now.through() > 0) {
            write.trimOutbox(outbox, now.through(), now.removed());
        }
        store.commit(write, whenWritten);
    }

    private Round collect() {
        long through = 0;
        long removed = 0;
        long removedBytes = 0;
        Entry first = open.peek();
        while (first != null && first.isSettled()) {
            open.poll();
            if (first.hasLeftStore()) {
                leftEarly--;
            } else {
                // a mark that would only pass what has left already need not be moved
                through = first.sequence();
                removed++;
                removedBytes += first.bytes();
            }
            first = open.peek();
        }
        return new Round(through, new OutboxSize(removed, removedBytes), single(through));
    }

    private List<Entry> single(long through) {
        long passed = through;
        settledBehind.removeIf(entry -> entry.sequence() <= passed);
        boolean due = oneByOne || pressing || settledBehind.size() >= MANY_BEHIND || isBehind();
        pressing = false;
        if (settledBehind.isEmpty() || !due) {
            return List.of();
        }
        List<Entry> single = settledBehind;
        settledBehind = new ArrayList<>();
        single.forEach(Entry::leaveStore);
        leftEarly += single.size();
        return single;
    }

    /** The write is over. */
    void written(Delivery outcome) {
        underWay = false;
        Round over = round;
        if (over == null || !(outcome instanceof Delivery.Accepted)) {
            return;
        }
        round = null;
        messages -= over.removed().messages() + over.single().size();
        bytes -= over.removed().bytes();
        for (Entry entry : over.single()) {
            bytes -= entry.bytes();
        }
        if (leftEarly > open.size() / 2) {
            // one that is held up for long must not keep the memory of all that went behind it
            open.removeIf(Entry::hasLeftStore);
            leftEarly = 0;
        }
    }
}

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
    private final Store store;
    private final long outbox;
    private final boolean oneByOne;
    private final ArrayDeque<Entry> open = new ArrayDeque<>();
    private List<Entry> settledBehind = new ArrayList<>();
    private @Nullable Round round;
    private boolean underWay;

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

    /** A stored entry was taken. In the order of the sequences. */
    void taken(Entry entry) {
        open.add(entry);
    }

    /** A stored entry is settled. */
    void settled(Entry entry) {
        if (oneByOne && entry != open.peek() && !entry.hasLeftStore()) {
            settledBehind.add(entry);
        }
    }

    /** Entries that were taken and not yet taken out. */
    int open() {
        return open.size();
    }

    /** The oldest entry that was taken and not yet taken out; null when there is none. */
    @Nullable Entry oldest() {
        return open.peek();
    }

    /** Whether everything settled is out of the store. */
    boolean isDone() {
        Entry first = open.peek();
        return !underWay && round == null && settledBehind.isEmpty() && (first == null || !first.isSettled());
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
        long messages = 0;
        long bytes = 0;
        Entry first = open.peek();
        while (first != null && first.isSettled()) {
            open.poll();
            through = first.sequence();
            if (!first.hasLeftStore()) {
                messages++;
                bytes += first.bytes();
            }
            first = open.peek();
        }
        List<Entry> single = new ArrayList<>();
        for (Entry entry : settledBehind) {
            if (entry.sequence() > through) {
                entry.leaveStore();
                single.add(entry);
            }
        }
        settledBehind = new ArrayList<>();
        return new Round(through, new OutboxSize(messages, bytes), single);
    }

    /** The write is over. */
    void written(Delivery outcome) {
        underWay = false;
        if (outcome instanceof Delivery.Accepted) {
            round = null;
        }
    }
}

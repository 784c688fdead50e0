// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.store.OutboxEntry;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits in an outbox, in order: in memory as far as it fits, so that nothing is read back in the steady state; what
 * is stored and does not fit waits on disk alone, and so does all after it until the disk has been read to its end.
 *
 * <p>Any thread adds; one thread takes. An entry counts as in memory until it is {@link #release released}.
 */
final class Backlog {
    private static final int PAGE_MESSAGES = 1_024;
    private static final long PAGE_BYTES = 4L << 20;

    private final Disk disk;
    private final int mostMessages;
    private final long mostBytes;
    private final int pageMessages;
    private final long pageBytes;
    private final ArrayDeque<Waiting> inMemory = new ArrayDeque<>();
    private int messages;
    private long bytes;

    /** The highest sequence that is known to be stored. */
    private long stored;

    /** The first sequence that was neither put into memory nor read. */
    private long unread;

    private boolean onDiskAlone;

    /** Touched by the thread that takes, and by no other. */
    private final ArrayDeque<Entry> page = new ArrayDeque<>();

    /** Reads back. */
    interface Disk {
        List<OutboxEntry> page(long from, int most, long mostBytes);

        /** What was read, as an entry. */
        Entry entry(OutboxEntry found);
    }

    /** An entry, and the sequence it came after. */
    private record Waiting(Entry entry, long behind) {}

    /**
     * Nothing in memory.
     *
     * @param end the sequence after the last one on disk
     * @param isEmpty whether nothing waits there
     */
    Backlog(Disk disk, DeliverySettings settings, long end, boolean isEmpty) {
        this.disk = disk;
        this.mostMessages = settings.maxInFlight();
        this.mostBytes = settings.maxInFlightBytes().bytes();
        this.pageMessages = Math.min(PAGE_MESSAGES, mostMessages);
        this.pageBytes = Math.min(PAGE_BYTES, mostBytes);
        this.stored = end - 1;
        this.unread = isEmpty ? end : 1;
        this.onDiskAlone = !isEmpty;
    }

    /** Adds what has just been stored. In the order of the sequences. */
    synchronized void addStored(Entry entry) {
        stored = entry.sequence();
        if (onDiskAlone) {
            return;
        }
        if (hasRoom(entry)) {
            take(entry);
            inMemory.add(new Waiting(entry, entry.sequence() - 1));
            unread = entry.sequence() + 1;
        } else {
            onDiskAlone = true;
        }
    }

    /** Makes room for what is in memory only; false when there is none. */
    synchronized boolean reserve(Entry entry) {
        if (!hasRoom(entry)) {
            return false;
        }
        take(entry);
        return true;
    }

    /** Adds what room was reserved for. */
    synchronized void addReserved(Entry entry) {
        inMemory.add(new Waiting(entry, stored));
    }

    private boolean hasRoom(Entry entry) {
        return messages < mostMessages && (bytes + entry.bytes() <= mostBytes || messages == 0);
    }

    private void take(Entry entry) {
        messages++;
        bytes += entry.bytes();
    }

    /** An entry that was taken is over. */
    synchronized void release(Entry entry) {
        messages--;
        bytes -= entry.bytes();
    }

    /** Whether nothing is in memory. */
    synchronized boolean isEmpty() {
        return messages == 0;
    }

    /** The next one; null when none waits. Blocks while the disk is read. */
    @Nullable Entry take() {
        Entry read = page.peek();
        long from;
        long through;
        synchronized (this) {
            Waiting head = inMemory.peek();
            boolean inTurn = head != null && (read != null ? head.behind() < read.sequence() : isBeforeUnread(head));
            if (head != null && inTurn) {
                inMemory.poll();
                return head.entry();
            }
            if (read != null) {
                return page.poll();
            }
            if (!onDiskAlone) {
                return null;
            }
            from = unread;
            through = stored;
        }
        return read(from, through);
    }

    private boolean isBeforeUnread(Waiting waiting) {
        return !onDiskAlone || waiting.behind() < unread;
    }

    private @Nullable Entry read(long from, long through) {
        if (from <= through) {
            for (OutboxEntry found : disk.page(from, pageMessages, pageBytes)) {
                if (found.sequence() <= through) {
                    page.add(disk.entry(found));
                }
            }
        }
        Entry last = page.peekLast();
        synchronized (this) {
            page.forEach(this::take);
            unread = 1 + (last == null ? through : last.sequence());
            onDiskAlone = unread <= stored;
        }
        return hasMore() ? take() : null;
    }

    private synchronized boolean hasMore() {
        return onDiskAlone || !page.isEmpty() || !inMemory.isEmpty();
    }

    /** The next one, which stays; null when none is in memory. */
    @Nullable Entry peek() {
        Entry read = page.peek();
        if (read != null) {
            return read;
        }
        synchronized (this) {
            Waiting head = inMemory.peek();
            return head == null ? null : head.entry();
        }
    }
}

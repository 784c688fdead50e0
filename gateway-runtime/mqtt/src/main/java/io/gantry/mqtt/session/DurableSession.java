// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.SessionState;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreWrite;
import io.gantry.api.store.StoredInFlight;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.QueuePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The side of a session that is in the store: its number there, the places in its queue, and the writes that keep it. A
 * session has one when it may outlive its connection.
 */
public final class DurableSession {
    private final SessionStore store;
    private final Mailbox mailbox;
    private final LimitSettings limits;
    private final long number;
    private final Consumer<Delivery> onRefusal;
    private final Set<Long> lent = ConcurrentHashMap.newKeySet();

    // decided with the store's order held
    private long nextSequence;
    private boolean over;

    // on the session's thread
    private final List<Acknowledgement> heldBack = new ArrayList<>(0);
    private boolean connected;

    // written with the store's order held, read by any thread
    private volatile int queued;
    private volatile long queuedBytes;

    /** What a session that is new in the store, or was found there, begins with. */
    public record Start(long number, long nextSequence, int queued) {

        /** Nothing is stored of it yet. */
        static Start anew(long number) {
            return new Start(number, 1, 0);
        }

        /** Found in the store. Blocks. */
        public static Start found(Store store, SessionState state) {
            long number = state.session().number();
            long end = store.queueEnd(number);
            List<QueuedMessage> first = end == 1 ? List.of() : store.queue(number, 0, 1, 1);
            long queued = first.isEmpty() ? 0 : end - first.get(0).sequence();
            long next = end;
            for (StoredInFlight inFlight : state.inFlight()) {
                next = Math.max(next, inFlight.sequence() + 1);
            }
            return new Start(number, next, (int) Math.min(Integer.MAX_VALUE, queued));
        }
    }

    /**
     * A session in the store.
     *
     * @param onRefusal is told on the session's thread that something the device waits for cannot be stored
     */
    DurableSession(
            SessionStore store, Mailbox mailbox, LimitSettings limits, Start start, Consumer<Delivery> onRefusal) {
        this.store = store;
        this.mailbox = mailbox;
        this.limits = limits;
        this.number = start.number();
        this.nextSequence = start.nextSequence();
        this.queued = start.queued();
        this.onRefusal = onRefusal;
    }

    long number() {
        return number;
    }

    long lastSequence() {
        synchronized (store) {
            return nextSequence - 1;
        }
    }

    boolean isEmpty() {
        return queued == 0;
    }

    boolean hasRoom() {
        return limits.allowsQueue(queued + 1L, queuedBytes + 1);
    }

    /** Whether more waits than may, which is so until the oldest has been dropped. */
    boolean isOverfull() {
        return !limits.allowsQueue(queued, queuedBytes);
    }

    /** Whether the session has ended, so that nothing is stored for it. To be asked within a write. */
    boolean isOver() {
        return over;
    }

    /** Whether a source has to wait for room for its message, instead of losing it. To be asked within a write. */
    boolean holdsSourceUp(Outgoing outgoing) {
        return limits.whenQueueFull().holdsSourcesUp() && !fits(outgoing);
    }

    private boolean fits(Outgoing outgoing) {
        return limits.allowsQueue(queued + 1L, queuedBytes + outgoing.size());
    }

    /**
     * Gives the message a place in the queue, within a write; null when there is no room.
     *
     * @param mayExceed whether it gets one all the same, since its source will be held up
     */
    @Nullable Outgoing enqueue(Outgoing outgoing, boolean mayExceed, StoreWrite write) {
        boolean dropsOldest = limits.whenQueueFull() == QueuePolicy.DROP_OLDEST && Backlog.fitsAlone(outgoing, limits);
        if (!mayExceed && !dropsOldest && !fits(outgoing)) {
            return null;
        }
        Outgoing kept = outgoing.kept(nextSequence++);
        count(1, kept.size());
        write.enqueue(number, kept.queued());
        return kept;
    }

    /** Takes a message out of the queue, within a write. */
    void dequeue(Outgoing kept, StoreWrite write) {
        boolean hadRoom = hasRoom();
        count(-1, -kept.size());
        if (!hadRoom && hasRoom()) {
            onThread(this::letGo);
        }
        write.dequeue(number, kept.queued());
        lent.remove(kept.sequence());
    }

    /**
     * Keeps the acknowledgement of a message for which there was no room until there is, so that its source waits. Any
     * thread.
     */
    void holdBack(Acknowledgement acknowledgement) {
        onThread(() -> {
            heldBack.add(acknowledgement);
            letGo();
        });
    }

    /** Whether the device is there to make room. */
    void connected(boolean now) {
        connected = now;
        letGo();
    }

    private void letGo() {
        if (!heldBack.isEmpty() && (hasRoom() || !connected)) {
            List<Acknowledgement> all = List.copyOf(heldBack);
            heldBack.clear();
            all.forEach(each -> each.complete(Delivery.accepted()));
        }
    }

    private void onThread(Runnable step) {
        mailbox.post(new Mailbox.Mail() {
            @Override
            protected void open() {
                step.run();
            }
        });
    }

    /** A write with {@link #enqueue} was refused. */
    void notEnqueued(Outgoing kept) {
        synchronized (store) {
            count(-1, -kept.size());
        }
    }

    // bytes of what was stored before a restart are not known, so they are not counted down either
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void count(int messages, int bytes) {
        queued = Math.max(0, queued + messages);
        queuedBytes = Math.max(0, queuedBytes + bytes);
    }

    /** Drops a message that waits or was answered by nobody. */
    void drop(Outgoing kept) {
        store.finish(write -> dequeue(kept, write));
    }

    /** Takes a message out of the queue within the write that gives it to somebody else. */
    void leave(Outgoing kept, StoreWrite write) {
        if (!over) {
            dequeue(kept, write);
        }
    }

    /** Another member of the message's group has it now, in memory: it stays here until that one has answered. */
    void lend(Outgoing kept) {
        lent.add(kept.sequence());
    }

    /** The other member has answered. Any thread. */
    void lentTo(Outgoing kept, Delivery outcome) {
        if (outcome instanceof Delivery.Unavailable) {
            lent.remove(kept.sequence());
        } else {
            store.finish(write -> leave(kept, write));
        }
    }

    boolean isLent(long sequence) {
        return lent.contains(sequence);
    }

    /** Keeps that the message is in flight; the device may be sent it at once. */
    void sending(int packetId, Outgoing kept) {
        store.finish(write -> write.putInFlight(number, new StoredInFlight(packetId, kept.sequence(), false)));
    }

    /** Keeps that the message is about to be sent: QoS 2 must not be sent before, or a restart could double it. */
    void beforeSending(int packetId, Outgoing kept, Runnable send) {
        finishing(write -> write.putInFlight(number, new StoredInFlight(packetId, kept.sequence(), false)), send);
    }

    /**
     * Keeps that the device has the message, so that it is not sent again.
     *
     * @param kept the message; null when that has been kept before
     */
    void received(int packetId, long sequence, @Nullable Outgoing kept, Runnable release) {
        finishing(
                write -> {
                    write.putInFlight(number, new StoredInFlight(packetId, sequence, true));
                    if (kept != null) {
                        dequeue(kept, write);
                    }
                },
                release);
    }

    /** The message is over: acknowledged, refused, or on its way to somebody else. */
    void finished(int packetId, Outgoing kept) {
        store.finish(write -> {
            write.deleteInFlight(number, packetId);
            dequeue(kept, write);
        });
    }

    /** The packet identifier is free again. */
    void released(int packetId) {
        store.finish(write -> write.deleteInFlight(number, packetId));
    }

    /** Forgets a packet identifier of the device's, which it may use again after the step. */
    void deleteReceived(int packetId, Runnable then) {
        finishing(write -> write.deleteReceived(number, packetId), then);
    }

    /** Runs a step on the session's thread once the changes are stored; the device is told when they cannot be. */
    void keep(Consumer<StoreWrite> changes, Runnable then) {
        store.write(changes, after(outcome -> go(outcome, then)));
    }

    /** An acknowledgement that runs a step on the session's thread. */
    Acknowledgement after(Consumer<Delivery> step) {
        return new AfterCommit(mailbox, step);
    }

    private void finishing(Consumer<StoreWrite> changes, Runnable then) {
        keep(write -> changes.accept(write.usingReserve()), then);
    }

    private void go(Delivery outcome, Runnable then) {
        if (outcome instanceof Delivery.Accepted) {
            then.run();
        } else {
            onRefusal.accept(outcome);
        }
    }

    /** Reads a page of the queue; the step gets it on the session's thread. */
    void read(long from, Consumer<SessionStore.Page> step) {
        store.read(() -> {
            SessionStore.Page page = store.page(number, from);
            onThread(() -> step.accept(page));
        });
    }

    /** Runs a step on the session's thread once everything written so far can be read. */
    void settled(Runnable then) {
        finishing(write -> {}, then);
    }

    /** Forgets the session with all that belongs to it. */
    void end() {
        store.finish(write -> {
            over = true;
            write.deleteSession(number);
        });
    }
}

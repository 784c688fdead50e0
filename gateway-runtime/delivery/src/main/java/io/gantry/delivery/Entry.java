// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Message;
import io.gantry.api.Qos;
import io.gantry.api.store.OutboxEntry;
import org.jspecify.annotations.Nullable;

/** One message in an outbox, from its arrival until it is settled. After it has been taken, used on the worker alone. */
final class Entry {
    private final Message message;
    private final long sequence;
    private final long arrivedNanos;
    private final int bytes;
    private final @Nullable Acknowledgement whenDelivered;

    private long turn;
    private int attempts;
    private boolean settled;
    private boolean leftStore;
    private @Nullable String rejection;

    /**
     * A message that has just arrived.
     *
     * @param sequence its place on disk; 0 when it is in memory only
     * @param whenDelivered is told what became of it; null when its sender has been told already
     */
    Entry(Message message, long sequence, long arrivedNanos, @Nullable Acknowledgement whenDelivered) {
        this.message = message;
        this.sequence = sequence;
        this.arrivedNanos = arrivedNanos;
        this.bytes = OutboxEntry.bytesOf(message);
        this.whenDelivered = whenDelivered;
    }

    /** A message read back from the disk. */
    static Entry found(OutboxEntry stored) {
        return new Entry(stored.message(), stored.sequence(), 0, null);
    }

    Message message() {
        return message;
    }

    long sequence() {
        return sequence;
    }

    boolean isStored() {
        return sequence != 0;
    }

    OutboxEntry stored() {
        return new OutboxEntry(sequence, message);
    }

    int bytes() {
        return bytes;
    }

    /** When it arrived; 0 when that was before it was read back. */
    long arrivedNanos() {
        return arrivedNanos;
    }

    @Nullable Acknowledgement whenDelivered() {
        return whenDelivered;
    }

    /** Whether it is tried once and no more: nobody was promised anything. */
    boolean isAtMostOnce() {
        return message.qos() == Qos.AT_MOST_ONCE;
    }

    /** Which one it was to be taken: the order in which they are to be sent. */
    long turn() {
        return turn;
    }

    void takeTurn(long taken) {
        turn = taken;
    }

    int attempts() {
        return attempts;
    }

    void tried() {
        attempts++;
    }

    boolean isSettled() {
        return settled;
    }

    void settle() {
        settled = true;
    }

    /** Whether it has been taken out of the store by itself. */
    boolean hasLeftStore() {
        return leftStore;
    }

    void leaveStore() {
        leftStore = true;
    }

    /** Why its target never takes it; null as long as that is not known. */
    @Nullable String rejection() {
        return rejection;
    }

    void reject(String why) {
        rejection = why;
    }
}

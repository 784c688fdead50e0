// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Sink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition that were handed on, from the oldest that is not acknowledged. Acknowledgements come in
 * any order on any thread; an offset may be committed once it and all before it are. What was unavailable is offered
 * again after a pause, with the same identity, and is never skipped.
 *
 * <p>All methods are called on the consumer's thread; only {@link Slot#complete} comes from others.
 */
final class PartitionWindow {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Consumer<Delivery> onSettled;
    private final Deque<Slot> slots = new ArrayDeque<>();
    private final List<Slot> troubled = new ArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean failing;
    private long nextOffset = -1;
    private long committed = -1;
    private long pauseNanos = FIRST_PAUSE_NANOS;
    private long retryAtNanos;
    private boolean pausing;

    /**
     * An empty window.
     *
     * @param onSettled told, on any thread, of each record that is accepted or rejected
     */
    PartitionWindow(Consumer<Delivery> onSettled) {
        this.onSettled = onSettled;
    }

    /** Hands a record on; its answer may come before this returns. */
    void offer(long offset, Message message, Sink next) {
        Slot slot = new Slot(offset, message);
        slots.addLast(slot);
        waiting.incrementAndGet();
        slot.offerTo(next);
    }

    /** Offers again what was unavailable, once its pause is over. */
    void retry(long nowNanos, Sink next) {
        if (!failing) {
            return;
        }
        if (!pausing) {
            pausing = true;
            retryAtNanos = nowNanos + pauseNanos;
            pauseNanos = Math.min(pauseNanos * 2, LONGEST_PAUSE_NANOS);
        }
        if (nowNanos - retryAtNanos < 0) {
            return;
        }
        pausing = false;
        failing = false;
        for (Slot slot : slots) {
            if (slot.state == SlotState.UNAVAILABLE) {
                slot.state = SlotState.WAITING;
                if (!troubled.contains(slot)) {
                    troubled.add(slot);
                }
                slot.offerTo(next);
            }
        }
    }

    /** Whether later records have to wait, because earlier ones are still to be offered again. */
    boolean isTroubled() {
        troubled.removeIf(slot -> slot.state == SlotState.SETTLED);
        if (troubled.isEmpty() && !failing) {
            pauseNanos = FIRST_PAUSE_NANOS;
            return false;
        }
        return true;
    }

    /** The offset to commit, when there is a new one: that of the first record to read after a restart. */
    OptionalLong toCommit() {
        while (!slots.isEmpty() && slots.getFirst().state == SlotState.SETTLED) {
            nextOffset = slots.removeFirst().offset + 1;
        }
        return nextOffset > committed ? OptionalLong.of(nextOffset) : OptionalLong.empty();
    }

    /** The offset is committed. */
    void committed(long offset) {
        committed = Math.max(committed, offset);
    }

    /** How many records are handed on and neither accepted nor rejected. */
    int waiting() {
        return waiting.get();
    }

    /** How many records lie between the oldest that is not settled and the newest, both counted. */
    int span() {
        return slots.size();
    }

    private enum SlotState {
        WAITING,
        UNAVAILABLE,
        SETTLED
    }

    /** One record on its way. */
    private final class Slot implements Acknowledgement {
        private final long offset;
        private @Nullable Message message;
        private volatile SlotState state = SlotState.WAITING;

        Slot(long offset, Message message) {
            this.offset = offset;
            this.message = message;
        }

        void offerTo(Sink next) {
            if (message != null) {
                next.offer(message, this);
            }
        }

        @Override
        public void complete(Delivery delivery) {
            if (delivery instanceof Delivery.Unavailable) {
                state = SlotState.UNAVAILABLE;
                failing = true;
            } else {
                message = null;
                state = SlotState.SETTLED;
                waiting.decrementAndGet();
                onSettled.accept(delivery);
            }
        }
    }
}

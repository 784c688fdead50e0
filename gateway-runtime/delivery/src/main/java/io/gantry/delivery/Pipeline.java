// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One lane for everything, to a target that keeps order: messages are sent without waiting for those before. When one is
 * not taken, nothing more is sent until all have been answered; then what was not taken is sent again, in order.
 */
final class Pipeline implements Sending {
    private static final int MOST_MESSAGES = 10_000;
    private static final long MOST_BYTES = 16L << 20;

    /** Sent in one go before the worker looks at its other outboxes. */
    private static final int SLICE = 1_000;

    private final Sink target;
    private final Settlement settlement;
    private final Breaker breaker;
    private final Worker worker;
    private final LongSupplier nanos;
    private final ArrayDeque<Entry> again = new ArrayDeque<>();
    private final List<Entry> failed = new ArrayList<>();
    private @Nullable Retry failure;

    /**
     * Something was not taken, which the worker need not know yet: until then it would send others, which a target that
     * has recovered meanwhile would take before it. Set by any thread.
     */
    private volatile boolean holding;

    private int atTarget;
    private long bytesAtTarget;

    Pipeline(Sink target, Settlement settlement, Breaker breaker, Worker worker, LongSupplier nanos) {
        this.target = target;
        this.settlement = settlement;
        this.breaker = breaker;
        this.worker = worker;
        this.nanos = nanos;
    }

    @Override
    public void send() {
        long now = nanos.getAsLong();
        int left = SLICE;
        while (left > 0 && maySend(now)) {
            Entry entry = nextToSend();
            if (entry == null) {
                return;
            }
            send(entry, now);
            left--;
        }
        if (left == 0) {
            worker.wake();
        }
    }

    private boolean maySend(long now) {
        return !holding
                && !settlement.isHeldUp()
                && atTarget < Math.min(MOST_MESSAGES, breaker.allowed(now))
                && bytesAtTarget < MOST_BYTES;
    }

    private @Nullable Entry nextToSend() {
        Entry entry = again.poll();
        while (entry != null) {
            if (settlement.isDue(entry)) {
                return entry;
            }
            entry = again.poll();
        }
        return settlement.next();
    }

    private void send(Entry entry, long now) {
        entry.tried();
        atTarget++;
        bytesAtTarget += entry.bytes();
        target.offer(entry.message(), new Holding(entry, now));
    }

    /** Stops the sending at once when it is not taken. */
    private final class Holding extends Attempt {
        Holding(Entry entry, long startedNanos) {
            super(entry, worker, startedNanos);
        }

        @Override
        void onNotTaken() {
            holding = true;
        }
    }

    @Override
    public void answered(Attempt attempt) {
        Entry entry = attempt.entry();
        Delivery outcome = attempt.outcome();
        atTarget--;
        bytesAtTarget -= entry.bytes();
        if (outcome instanceof Delivery.Accepted) {
            breaker.succeeded();
            settlement.delivered(entry);
        } else if (outcome instanceof Delivery.Rejected never) {
            breaker.succeeded();
            settlement.rejected(entry, never);
        } else if (outcome instanceof Delivery.Unavailable notNow) {
            notTaken(entry, notNow);
        }
        if (holding && atTarget == 0) {
            startAgain();
        }
    }

    private void notTaken(Entry entry, Delivery.Unavailable notNow) {
        boolean senderKeepsIt = entry.whenDelivered() != null;
        if (settlement.triesAgain(entry, notNow)) {
            failed.add(entry);
        }
        if (!senderKeepsIt) {
            failure = failure == null || notNow.retry().parked() ? notNow.retry() : failure;
        }
    }

    private void startAgain() {
        failed.sort(Comparator.comparingLong(Entry::turn));
        for (int i = failed.size() - 1; i >= 0; i--) {
            again.addFirst(failed.get(i));
        }
        failed.clear();
        holding = false;
        if (failure != null) {
            breaker.failed(failure, nanos.getAsLong());
            failure = null;
        }
    }

    @Override
    public long idleNanos(long nowNanos) {
        long wait = breaker.waitNanos(nowNanos);
        return wait == 0 ? NEVER : wait;
    }

    @Override
    public int atTarget() {
        return atTarget;
    }

    @Override
    public Ledger.State state() {
        return failure == null ? breaker.state() : Ledger.State.RETRYING;
    }
}

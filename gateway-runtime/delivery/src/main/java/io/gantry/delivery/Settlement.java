// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Takes messages out of the backlog and books what becomes of them. Used on the worker. */
final class Settlement {
    private static final long LOOK_AGAIN_NANOS = 1_000_000_000;

    private final Backlog backlog;
    private final Clearing clearing;
    private final Ledger ledger;
    private final DeadLetterBox deadLetters;
    private final DeliverySettings settings;
    private final Worker worker;
    private final Clock clock;
    private final LongSupplier nanos;
    private final DiskSpace space;
    private final Replays replays;
    private final ArrayDeque<Entry> rejected = new ArrayDeque<>();
    private int beingKept;
    private boolean noRoomForRejected;
    private long keepAgainNanos;
    private boolean storeRefuses;
    private long clearAgainNanos;
    private long turns;

    /** What it works on. */
    record Parts(
            Backlog backlog,
            Clearing clearing,
            Ledger ledger,
            DeadLetterBox deadLetters,
            DiskSpace space,
            Replays replays,
            Worker worker) {}

    Settlement(Parts parts, DeliverySettings settings, Clock clock, LongSupplier nanos) {
        this.backlog = parts.backlog();
        this.clearing = parts.clearing();
        this.ledger = parts.ledger();
        this.deadLetters = parts.deadLetters();
        this.space = parts.space();
        this.replays = parts.replays();
        this.worker = parts.worker();
        this.settings = settings;
        this.clock = clock;
        this.nanos = nanos;
        this.clearAgainNanos = nanos.getAsLong();
    }

    /**
     * The next message that is to be tried; null when none waits, or when too much is to be taken out of the store first.
     * May block while the disk is read.
     */
    @Nullable Entry next() {
        while (!clearing.isBehind()) {
            Entry entry = take();
            if (entry == null || isDue(entry)) {
                return entry;
            }
        }
        return null;
    }

    private @Nullable Entry take() {
        Entry entry = backlog.take();
        if (entry != null) {
            entry.takeTurn(++turns);
            if (entry.isStored()) {
                clearing.taken(entry);
            }
        }
        return entry;
    }

    /** Drops the oldest that are not under way when there are too many; whether the target takes any or not. */
    void shed() {
        while (space.isOverfull() && !clearing.isBehind()) {
            Entry oldest = take();
            if (oldest == null) {
                return;
            }
            drop(oldest, Ledger.DropReason.FULL_OLDEST);
        }
    }

    /** Whether a message may still be tried; what may not is settled. */
    boolean isDue(Entry entry) {
        long now = clock.millis();
        if (entry.message().isExpiredAt(now)) {
            ledger.expired(booked(entry));
            release(entry);
            over(entry);
            return false;
        }
        boolean tooOld = entry.attempts() == 0
                && ageMillis(entry, now) > settings.buffer().maxAge().toMillis();
        if (tooOld) {
            drop(entry, Ledger.DropReason.TOO_OLD);
        }
        return !tooOld;
    }

    private long ageMillis(Entry entry, long now) {
        return now - replays.ageFrom(entry);
    }

    /** The target has it. */
    void delivered(Entry entry) {
        long micros = entry.attempts() > 0 && entry.arrivedNanos() != 0
                ? (nanos.getAsLong() - entry.arrivedNanos()) / 1_000
                : ageMillis(entry, clock.millis()) * 1_000;
        ledger.delivered(booked(entry), micros);
        Acknowledgement whenDelivered = entry.whenDelivered();
        if (whenDelivered != null) {
            ledger.acknowledged(micros);
            whenDelivered.complete(Delivery.accepted());
        }
        over(entry);
    }

    /** A message whose sender waits is booked when its fate is known: until then the sender has it. */
    private int booked(Entry entry) {
        if (entry.whenDelivered() != null) {
            ledger.accepted(entry.bytes());
        }
        return entry.bytes();
    }

    /** A message that is over without having been delivered is no business of its sender's any longer. */
    private static void release(Entry entry) {
        Acknowledgement whenDelivered = entry.whenDelivered();
        if (whenDelivered != null) {
            whenDelivered.complete(Delivery.accepted());
        }
    }

    /** The target never takes it: it becomes a dead letter; nobody was promised anything of QoS 0. */
    void rejected(Entry entry, Delivery.Rejected never) {
        Acknowledgement whenDelivered = entry.whenDelivered();
        if (whenDelivered != null) {
            whenDelivered.complete(never);
        }
        failed(never.reason());
        if (entry.isAtMostOnce()) {
            drop(entry, Ledger.DropReason.ATTEMPT_FAILED);
        } else {
            giveUp(entry, never.reason());
        }
    }

    /**
     * The target did not take it now.
     *
     * @return whether it is to be tried again; otherwise it is settled
     */
    boolean triesAgain(Entry entry, Delivery.Unavailable notNow) {
        failed(notNow.reason());
        Acknowledgement whenDelivered = entry.whenDelivered();
        if (whenDelivered != null) {
            ledger.refused();
            whenDelivered.complete(notNow);
            over(entry);
            return false;
        }
        if (entry.isAtMostOnce()) {
            drop(entry, Ledger.DropReason.ATTEMPT_FAILED);
            return false;
        }
        boolean inVain =
                ageMillis(entry, clock.millis()) > settings.givesUpAfter().toMillis();
        if (inVain && !notNow.retry().parked()) {
            giveUp(entry, notNow.reason());
            return false;
        }
        ledger.retried();
        return true;
    }

    /** Something is wrong with the target. */
    void failed(String error) {
        ledger.failed(error);
    }

    private void giveUp(Entry entry, String error) {
        entry.reject(error);
        rejected.add(entry);
        if (!noRoomForRejected) {
            keepRejected();
        }
    }

    private void keepRejected() {
        Entry entry = rejected.poll();
        while (entry != null) {
            Entry kept = entry;
            beingKept++;
            deadLetters.keep(
                    kept, String.valueOf(kept.rejection()), outcome -> worker.post(() -> onKept(kept, outcome)));
            entry = rejected.poll();
        }
    }

    private void onKept(Entry entry, Delivery outcome) {
        beingKept--;
        if (outcome instanceof Delivery.Accepted) {
            ledger.deadLettered(booked(entry));
            entry.leaveStore();
            over(entry);
        } else {
            ledger.failed(outcome instanceof Delivery.Unavailable why ? why.reason() : outcome.toString());
            rejected.add(entry);
            noRoomForRejected = true;
            keepAgainNanos = nanos.getAsLong() + LOOK_AGAIN_NANOS;
        }
        if (hasKeptAll()) {
            noRoomForRejected = false;
        }
    }

    /** Whether nothing may be sent because what the target rejected cannot be kept. */
    boolean isHeldUp() {
        return noRoomForRejected;
    }

    /** Whether every rejected message is kept. */
    boolean hasKeptAll() {
        return beingKept == 0 && rejected.isEmpty();
    }

    void drop(Entry entry, Ledger.DropReason reason) {
        ledger.dropped(reason, booked(entry));
        release(entry);
        over(entry);
    }

    private void over(Entry entry) {
        entry.settle();
        backlog.release(entry);
        if (entry.isStored()) {
            space.free(entry.bytes());
            clearing.settled(entry);
        }
    }

    /** Takes what is settled out of the store, and tries again to keep what could not be kept. */
    void flush() {
        long now = nanos.getAsLong();
        if (noRoomForRejected && beingKept == 0 && now - keepAgainNanos >= 0) {
            keepRejected();
        }
        if (now - clearAgainNanos >= 0 || (!storeRefuses && clearing.isMuch())) {
            clearing.flush(outcome -> worker.post(() -> onCleared(outcome)));
        }
    }

    private void onCleared(Delivery outcome) {
        clearing.written(outcome);
        storeRefuses = !(outcome instanceof Delivery.Accepted);
        // a store that has failed refuses at once: to ask again at once would never end
        clearAgainNanos = nanos.getAsLong() + (storeRefuses ? LOOK_AGAIN_NANOS : worker.gatherNanos());
    }

    /** After how many nanoseconds {@link #flush} has something to do though nothing happens. */
    long idleNanos(long nowNanos) {
        long keep = noRoomForRejected && beingKept == 0 ? Math.max(1, keepAgainNanos - nowNanos) : Sending.NEVER;
        boolean clears = clearing.isDue() && nowNanos - clearAgainNanos < 0;
        long clear = clears ? clearAgainNanos - nowNanos : Sending.NEVER;
        return Math.min(keep, clear);
    }

    /** Takes out of the store whatever is settled, also behind what is not. */
    void finish() {
        clearing.waitForNone();
    }

    /** Whether everything settled is out of the store, and everything rejected is kept. */
    boolean isDone() {
        return clearing.isDone() && hasKeptAll();
    }

    /** Whether dead letters are on their way into the store. */
    boolean isKeeping() {
        return beingKept > 0;
    }

    /** When the oldest message that waits in memory arrived, in milliseconds since 1970; the end of time for none. */
    long oldestMillis() {
        Entry oldest = clearing.oldest();
        if (oldest == null) {
            oldest = backlog.peek();
        }
        return oldest == null ? Long.MAX_VALUE : oldest.message().receivedMillis();
    }
}

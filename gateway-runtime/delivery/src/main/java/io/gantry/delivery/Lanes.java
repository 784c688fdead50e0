// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lane for each order key, to a target that does not keep order by itself: lanes are sent side by side, the messages
 * of one lane one after the other. A message that fails holds up its lane alone.
 */
final class Lanes implements Sending {
    /** Messages taken ahead at most, so that other lanes go on while one is held up. */
    private static final int MOST_TAKEN = 10_000;

    private static final long TICK_NANOS = 250_000_000;
    private static final Delivery.Unavailable NO_ANSWER =
            new Delivery.Unavailable(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the target has not answered in time");

    private final Sink target;
    private final DeliverySettings settings;
    private final Settlement settlement;
    private final Breaker breaker;
    private final Worker worker;
    private final LongSupplier nanos;
    private final Map<Object, Lane> lanes = new HashMap<>();
    private final ArrayDeque<Lane> ready = new ArrayDeque<>();
    private final PriorityQueue<Lane> resting = new PriorityQueue<>(Lane::compareDue);
    private final Map<Attempt, Lane> atTarget = new LinkedHashMap<>();
    private int taken;
    private long bytesTaken;

    Lanes(
            Sink target,
            DeliverySettings settings,
            Settlement settlement,
            Breaker breaker,
            Worker worker,
            LongSupplier nanos) {
        this.target = target;
        this.settings = settings;
        this.settlement = settlement;
        this.breaker = breaker;
        this.worker = worker;
        this.nanos = nanos;
    }

    @Override
    public void send() {
        long now = nanos.getAsLong();
        giveUpOnSilence(now);
        endRests(now);
        int most = Math.min(settings.parallel(), breaker.allowed(now));
        while (!settlement.isHeldUp() && atTarget.size() < most) {
            Lane lane = ready.isEmpty() ? takeUntilReady() : ready.poll();
            if (lane == null) {
                break;
            }
            if (settlement.isDue(lane.first())) {
                send(lane, now);
            } else {
                finishFirst(lane);
            }
        }
    }

    /** Takes messages until one comes whose lane is free; null when none does, or enough are taken. */
    private @Nullable Lane takeUntilReady() {
        while (mayTake()) {
            Entry entry = settlement.next();
            if (entry == null) {
                return null;
            }
            taken++;
            bytesTaken += entry.bytes();
            Lane lane = lanes.computeIfAbsent(settings.order().of(entry.message()), Lane::new);
            if (lane.add(entry)) {
                return lane;
            }
        }
        return null;
    }

    private boolean mayTake() {
        return taken < Math.min(MOST_TAKEN, settings.maxInFlight())
                && bytesTaken < settings.maxInFlightBytes().bytes();
    }

    private void send(Lane lane, long now) {
        Entry entry = lane.first();
        entry.tried();
        Attempt attempt = new Attempt(entry, worker, now);
        atTarget.put(attempt, lane);
        target.offer(entry.message(), attempt);
    }

    @Override
    public void answered(Attempt attempt) {
        Lane lane = atTarget.remove(attempt);
        if (lane != null) {
            settle(lane, attempt.entry(), attempt.outcome());
        }
    }

    private void settle(Lane lane, Entry entry, Delivery outcome) {
        if (outcome instanceof Delivery.Unavailable notNow) {
            notTaken(lane, entry, notNow);
            return;
        }
        breaker.succeeded();
        if (outcome instanceof Delivery.Rejected never) {
            settlement.rejected(entry, never);
        } else {
            settlement.delivered(entry);
        }
        finishFirst(lane);
    }

    private void notTaken(Lane lane, Entry entry, Delivery.Unavailable notNow) {
        long now = nanos.getAsLong();
        if (entry.whenDelivered() == null) {
            breaker.failedOne(notNow.retry(), now);
        }
        if (settlement.triesAgain(entry, notNow)) {
            lane.restUntil(
                    now + breaker.waitAfter(notNow.retry(), lane.fail() - 1).toNanos());
            resting.add(lane);
        } else {
            finishFirst(lane);
        }
    }

    private void finishFirst(Lane lane) {
        taken--;
        bytesTaken -= lane.first().bytes();
        if (lane.finishFirst()) {
            ready.add(lane);
        } else {
            lanes.remove(lane.key());
        }
    }

    private void endRests(long now) {
        Lane lane = resting.peek();
        while (lane != null && lane.dueNanos() - now <= 0) {
            resting.poll();
            ready.add(lane);
            lane = resting.peek();
        }
    }

    /** A target that accepts and never answers must not hold a lane for ever; what it says later is not heard. */
    private void giveUpOnSilence(long now) {
        long most = settings.retry().timeout().toNanos();
        Map.Entry<Attempt, Lane> oldest = oldestAtTarget();
        while (oldest != null && now - oldest.getKey().startedNanos() >= most) {
            atTarget.remove(oldest.getKey());
            settle(oldest.getValue(), oldest.getKey().entry(), NO_ANSWER);
            oldest = oldestAtTarget();
        }
    }

    private Map.@Nullable Entry<Attempt, Lane> oldestAtTarget() {
        return atTarget.isEmpty() ? null : atTarget.entrySet().iterator().next();
    }

    @Override
    public long idleNanos(long nowNanos) {
        long wait = breaker.waitNanos(nowNanos);
        Lane first = resting.peek();
        long next = NEVER;
        if (wait > 0) {
            next = wait;
        } else if (first != null) {
            next = Math.max(1, first.dueNanos() - nowNanos);
        }
        return atTarget.isEmpty() ? next : Math.min(next, TICK_NANOS);
    }

    @Override
    public int atTarget() {
        return atTarget.size();
    }

    @Override
    public Ledger.State state() {
        return resting.isEmpty() || breaker.state() != Ledger.State.DELIVERING
                ? breaker.state()
                : Ledger.State.RETRYING;
    }
}

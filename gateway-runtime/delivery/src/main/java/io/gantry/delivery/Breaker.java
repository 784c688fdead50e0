// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Retry;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Keeps a target that fails from being stormed: after several failures in a row it is left alone for a time that grows,
 * then tried by one message, and with each success by one more, so by twice as many each time around. Used on one
 * thread.
 */
final class Breaker {
    private static final Duration LONGEST_ASKED_FOR = Duration.ofMinutes(15);
    private static final int MOST_DOUBLINGS = 30;

    private final RetrySettings settings;
    private final RandomGenerator chance;
    private int failuresInRow;
    private int restsInRow;
    private int allowed = Integer.MAX_VALUE;
    private long closedUntilNanos;
    private boolean waits;
    private boolean parked;

    Breaker(RetrySettings settings, RandomGenerator chance) {
        this.settings = settings;
        this.chance = chance;
    }

    /** How many messages may be under way now. */
    int allowed(long nowNanos) {
        if (waits && nowNanos - closedUntilNanos >= 0) {
            waits = false;
        }
        return waits ? 0 : allowed;
    }

    /** How long nothing may be sent; zero when something may. */
    long waitNanos(long nowNanos) {
        return waits ? Math.max(0, closedUntilNanos - nowNanos) : 0;
    }

    /** How it goes with the target. */
    Ledger.State state() {
        if (parked) {
            return Ledger.State.PARKED;
        }
        return failuresInRow > 0 ? Ledger.State.RETRYING : Ledger.State.DELIVERING;
    }

    void succeeded() {
        failuresInRow = 0;
        restsInRow = 0;
        parked = false;
        if (!waits && allowed < Integer.MAX_VALUE) {
            allowed++;
        }
    }

    /** One message failed while others may not: the target is left alone only after several. */
    void failedOne(Retry retry, long nowNanos) {
        failuresInRow++;
        if (allowed(nowNanos) == 0) {
            // sent before the rest began: it makes no further rest, but may ask for a longer one
            restLonger(retry, nowNanos);
        } else if (retry.parked() || failuresInRow >= settings.breaker() || allowed < settings.breaker()) {
            rest(retry, nowNanos);
        }
    }

    /** Everything failed that was under way. */
    void failed(Retry retry, long nowNanos) {
        failuresInRow++;
        rest(retry, nowNanos);
    }

    private void rest(Retry retry, long nowNanos) {
        allowed = 1;
        waits = true;
        parked = retry.parked();
        closedUntilNanos = nowNanos + waitAfter(retry, restsInRow++).toNanos();
    }

    private void restLonger(Retry retry, long nowNanos) {
        parked |= retry.parked();
        long asked = nowNanos + (retry.parked() ? settings.parked() : clamped(retry.notBefore())).toNanos();
        if (asked - closedUntilNanos > 0) {
            closedUntilNanos = asked;
        }
    }

    /** The wait before the next attempt. */
    Duration waitAfter(Retry retry, int doublings) {
        if (retry.parked()) {
            return settings.parked();
        }
        int shift = Math.max(0, Math.min(MOST_DOUBLINGS, doublings));
        long grown = Math.min(settings.max().toMillis(), settings.initial().toMillis() << shift);
        long spread = (long) (grown * settings.jitter());
        Duration own = Duration.ofMillis(Math.max(1, grown - spread + (spread == 0 ? 0 : chance.nextLong(spread + 1))));
        Duration asked = clamped(retry.notBefore());
        return own.compareTo(asked) > 0 ? own : asked;
    }

    private static Duration clamped(Duration asked) {
        return asked.compareTo(LONGEST_ASKED_FOR) > 0 ? LONGEST_ASKED_FOR : asked;
    }
}

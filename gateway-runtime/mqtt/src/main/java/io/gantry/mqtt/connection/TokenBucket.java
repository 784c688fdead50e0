// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

/** How many messages a device may send now: so many each second, and one second's worth at once. One thread. */
final class TokenBucket {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long SHORTEST_WAIT_NANOS = 10_000_000L;

    private final int perSecond;
    private long tokens;
    private long filledNanos;

    /**
     * A full bucket.
     *
     * @param perSecond 0 for no limit
     */
    TokenBucket(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.filledNanos = nowNanos;
    }

    /** Takes a token; true when there was none left, so that the clock has to be asked for how long. */
    boolean isEmptied() {
        return perSecond != 0 && --tokens < 0;
    }

    /** Fills in what has come together meanwhile; how long to wait for the next token, 0 for not at all. */
    long waitNanos(long nowNanos) {
        long elapsed = Math.min(nowNanos - filledNanos, SECOND_NANOS);
        long come = elapsed * perSecond / SECOND_NANOS;
        if (come > 0) {
            tokens = Math.min(perSecond, tokens + come);
            filledNanos = nowNanos;
        }
        return tokens >= 0 ? 0 : Math.max(SHORTEST_WAIT_NANOS, -tokens * SECOND_NANOS / perSecond);
    }
}

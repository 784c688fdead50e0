// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before connecting again: at first a little, then ever longer; scattered. One thread. */
final class Pauses {
    private final long firstMillis;
    private final long longestMillis;
    private long millis;

    Pauses(long firstMillis, long longestMillis) {
        this.firstMillis = firstMillis;
        this.longestMillis = longestMillis;
        this.millis = firstMillis;
    }

    /** A connection was a good one. */
    void startOver() {
        millis = firstMillis;
    }

    /**
     * The next one.
     *
     * @param needsMending whether somebody must change something before it can work
     */
    long nextMillis(boolean needsMending) {
        long next = millis / 2 + ThreadLocalRandom.current().nextLong(millis);
        millis = Math.min(longestMillis, needsMending ? 4 * millis : 2 * millis);
        return next;
    }
}

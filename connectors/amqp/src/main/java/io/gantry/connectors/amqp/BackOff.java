// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How long to wait before a broker is asked again: a second, then twice as long each time. One thread. */
final class BackOff {
    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 5_000;

    /** A broker may lock out who shows a wrong password too often. */
    private static final long LONGEST_UNTIL_MENDED_MILLIS = 30_000;

    private long millis;
    private long since = System.nanoTime();

    /** The next attempt may come at once. */
    void reset() {
        millis = 0;
    }

    /** An attempt has failed. */
    void next(boolean untilMended) {
        long longest = untilMended ? LONGEST_UNTIL_MENDED_MILLIS : LONGEST_MILLIS;
        millis = millis == 0 ? FIRST_MILLIS : Math.min(longest, 2 * millis);
        since = System.nanoTime();
    }

    /** The target has asked for more. */
    void atLeast(Duration asked) {
        millis = Math.max(millis, asked.toMillis());
    }

    boolean isOver() {
        return leftMillis() == 0;
    }

    long leftMillis() {
        return Math.max(0, millis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
    }
}

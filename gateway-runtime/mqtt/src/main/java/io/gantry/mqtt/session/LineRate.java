// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import java.util.concurrent.atomic.AtomicLong;

/** So many lines a second and no more. Any thread. */
final class LineRate {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final int perSecond;

    /** Lines asked for in the lower half, the second they belong to in the upper. */
    private final AtomicLong window = new AtomicLong();

    LineRate(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Asks for a line. */
    boolean hasRoom(long nowNanos) {
        long second = nowNanos / SECOND_NANOS & 0x7FFF_FFFFL;
        long asked = window.updateAndGet(before -> before >>> 32 == second ? before + 1 : second << 32 | 1);
        return (asked & 0xFFFF_FFFFL) <= perSecond;
    }
}

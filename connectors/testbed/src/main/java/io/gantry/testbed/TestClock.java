// SPDX-License-Identifier: Apache-2.0
package io.gantry.testbed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A wall clock, of UTC, that stands still until a test sets it. Any thread. */
public final class TestClock extends Clock {
    private Instant now = Instant.ofEpochMilli(1_800_000_000_000L);

    /** Sets it to a time. */
    public synchronized void set(Instant time) {
        now = time;
    }

    /** Sets it forward, or back by less than nothing. */
    public synchronized void move(Duration time) {
        now = now.plus(time);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a test's clock is of UTC");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.AddressBlock;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has of the messages that may come from its address. It takes some at a time, so that event loops seldom
 * meet, but so few that a thousand idle connections do not keep a second's worth from the others. One thread.
 */
final class AddressShare {
    private static final int MOST_AT_ONCE = 64;
    private static final int SHARES = 1_000;

    private final @Nullable SharedBucket bucket;
    private final int atOnce;
    private int left;

    AddressShare(AddressRates rates, AddressBlock address, long nowNanos) {
        this.bucket = rates.of(address, nowNanos);
        this.atOnce = Math.max(1, Math.min(MOST_AT_ONCE, rates.perSecond() / SHARES));
    }

    /** Takes one; true when there was none left, so that the clock has to be asked for how long. */
    boolean isEmptied() {
        return bucket != null && --left < 0;
    }

    /** Takes more; how long to wait for them, 0 for not at all. */
    long waitNanos(long nowNanos) {
        left += atOnce;
        return bucket == null ? 0 : bucket.waitNanosFor(atOnce, nowNanos);
    }
}

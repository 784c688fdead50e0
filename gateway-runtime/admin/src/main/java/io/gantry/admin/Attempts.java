// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Who has shown wrong tokens lately, by address: answers come later and later, and after ten within five minutes an address
 * is locked out for another five. Of the latest 10,000 addresses. On the event loop.
 */
final class Attempts {
    private static final int MOST = 10;
    private static final int ADDRESSES = 10_000;
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final Duration FIRST_DELAY = Duration.ofMillis(50);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);

    private final LongSupplier nanos;
    private final Map<AddressBlock, Past> byAddress = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AddressBlock, Past> eldest) {
            return size() > ADDRESSES;
        }
    };

    /** The time counts from the first failure, and from the last one when there are too many. */
    private record Past(int failures, long sinceNanos) {}

    Attempts(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** How long an address is still locked out; zero when it is not. */
    Duration lockedFor(InetAddress address) {
        Past past = byAddress.get(AddressBlock.of(address));
        return past == null || past.failures < MOST ? Duration.ZERO : left(past);
    }

    /** Counts a wrong token, and says how long the answer is to be held back. */
    Duration failed(InetAddress address) {
        AddressBlock key = AddressBlock.of(address);
        Past past = byAddress.remove(key);
        Past counted = past == null || left(past).isZero() ? new Past(0, nanos.getAsLong()) : past;
        int failures = counted.failures + 1;
        byAddress.put(key, new Past(failures, failures == MOST ? nanos.getAsLong() : counted.sinceNanos));
        Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(failures - 1, MOST));
        return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
    }

    private Duration left(Past past) {
        Duration left = WINDOW.minusNanos(nanos.getAsLong() - past.sinceNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }
}

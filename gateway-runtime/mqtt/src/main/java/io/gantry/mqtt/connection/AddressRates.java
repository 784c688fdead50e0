// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.AddressBlock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How fast something may come from each address. Remembers a bounded number of addresses, those that came last: who has more
 * begins anew with one that was forgotten. Any thread.
 */
final class AddressRates {
    private static final int REMEMBERED = 10_000;

    private final int perSecond;
    private final Map<AddressBlock, SharedBucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<AddressBlock, SharedBucket> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** None seen yet; 0 for no limit. */
    AddressRates(int perSecond) {
        this.perSecond = perSecond;
    }

    int perSecond() {
        return perSecond;
    }

    /** That of an address; null when there is no limit. */
    synchronized @Nullable SharedBucket of(AddressBlock address, long nowNanos) {
        return perSecond == 0
                ? null
                : buckets.computeIfAbsent(address, unknown -> new SharedBucket(perSecond, nowNanos));
    }
}

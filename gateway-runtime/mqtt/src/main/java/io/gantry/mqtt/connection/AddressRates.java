// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.AddressBlock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How fast something may come from each address. Remembers a bounded number of addresses, those that came last: who has more
 * begins anew with one that was forgotten. Any thread; one that knows the address waits for nobody.
 */
final class AddressRates {
    /** Twice as many are remembered at most: those, and as many before them. */
    private static final int RECENT = 5_000;

    private final int perSecond;
    private volatile Map<AddressBlock, SharedBucket> recent = new ConcurrentHashMap<>();
    private Map<AddressBlock, SharedBucket> before = Map.of();

    /** None seen yet; 0 for no limit. */
    AddressRates(int perSecond) {
        this.perSecond = perSecond;
    }

    int perSecond() {
        return perSecond;
    }

    /** That of an address; null when there is no limit. */
    @Nullable SharedBucket of(AddressBlock address, long nowNanos) {
        if (perSecond == 0) {
            return null;
        }
        SharedBucket known = recent.get(address);
        return known == null ? remember(address, nowNanos) : known;
    }

    private synchronized SharedBucket remember(AddressBlock address, long nowNanos) {
        SharedBucket known = recent.get(address);
        if (known != null) {
            return known; // of a thread that was here first
        }
        SharedBucket old = before.get(address);
        if (recent.size() >= RECENT) {
            before = recent;
            recent = new ConcurrentHashMap<>();
        }
        SharedBucket bucket = old == null ? new SharedBucket(perSecond, nowNanos) : old;
        recent.put(address, bucket);
        return bucket;
    }
}

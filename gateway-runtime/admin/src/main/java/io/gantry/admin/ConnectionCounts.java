// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How many connections the admin port has closed for want of room. Any thread. */
final class ConnectionCounts {
    private final Map<Reason, LongAdder> counts = new EnumMap<>(Reason.class);

    /** Why a connection is closed. */
    enum Reason {
        /** A new one, while there are as many as there may be. */
        TOO_MANY,
        /** A new one, while there are as many from its address as there may be. */
        TOO_MANY_OF_ADDRESS,
        /** One that waited for its next request, when a new one needed its place. */
        IDLE
    }

    ConnectionCounts() {
        for (Reason reason : Reason.values()) {
            counts.put(reason, new LongAdder());
        }
    }

    void count(Reason reason) {
        LongAdder count = counts.get(reason);
        if (count != null) {
            count.increment();
        }
    }

    /** Since the start. */
    long of(Reason reason) {
        LongAdder count = counts.get(reason);
        return count == null ? 0 : count.sum();
    }
}

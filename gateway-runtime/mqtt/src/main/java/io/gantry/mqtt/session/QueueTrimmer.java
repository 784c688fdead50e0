// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.store.QueuedMessage;

/**
 * Keeps a stored queue within its bounds by dropping the oldest messages that were not sent yet, where the settings ask
 * for that. Used on the session's thread only.
 */
final class QueueTrimmer {
    private final DurableSession durable;
    private final OutboundFlow outbound;
    private final Counters counters;
    private boolean trimming;

    QueueTrimmer(DurableSession durable, OutboundFlow outbound, Counters counters) {
        this.durable = durable;
        this.outbound = outbound;
        this.counters = counters;
    }

    /** Begins to drop what is too much, unless it is about that. */
    void trim() {
        if (!trimming && durable.isOverfull()) {
            trimming = true;
            durable.settled(() -> durable.read(0, this::drop));
        }
    }

    private void drop(SessionStore.Page page) {
        trimming = false;
        boolean dropped = false;
        for (QueuedMessage queued : page.messages()) {
            if (!durable.isOverfull()) {
                return;
            }
            if (!outbound.inFlight().has(queued.sequence()) && !durable.isLent(queued.sequence())) {
                counters.count(Counter.MESSAGES_DROPPED_QUEUE_FULL);
                outbound.forget(queued.sequence());
                durable.drop(Outgoing.of(queued, null));
                dropped = true;
            }
        }
        if (dropped) {
            trim();
        }
    }
}

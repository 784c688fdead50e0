// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Qos;
import io.gantry.api.store.QueuedMessage;
import java.util.Set;

/**
 * What an ended session leaves in its stored queue to the other members of its Shared Subscriptions [5.0 §4.8.2]. The
 * session is deleted from the store when all of it has been handed over.
 */
final class SharedInheritance {
    private final DurableSession from;
    private final Distributor distributor;
    private final Set<Long> begun;

    /**
     * A queue nobody adds to any longer.
     *
     * @param begun what its device was sent: at QoS 2 that goes to nobody else [5.0/MQTT-4.8.2-5]
     */
    SharedInheritance(DurableSession from, Distributor distributor, Set<Long> begun) {
        this.from = from;
        this.distributor = distributor;
        this.begun = begun;
    }

    void begin() {
        from.settled(() -> from.read(0, this::handOver));
    }

    private void handOver(SessionStore.Page page) {
        long last = 0;
        for (QueuedMessage queued : page.messages()) {
            last = queued.sequence();
            Outgoing kept = distributor.found(queued);
            SharedGroup group = kept.group();
            boolean stays = kept.qos() == Qos.EXACTLY_ONCE && begun.contains(last);
            if (group != null && !stays && !from.isLent(last)) {
                distributor.passOn(kept, group, from);
            }
        }
        if (page.isLast()) {
            from.end();
        } else {
            long next = last + 1;
            from.read(next, this::handOver);
        }
    }
}

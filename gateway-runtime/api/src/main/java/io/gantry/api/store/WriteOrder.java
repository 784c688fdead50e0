// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import java.util.function.Function;

/**
 * Lets one write be decided at a time, for those that give places in queues and outboxes: so places are stored in the
 * order of their sequences, and whoever has been told of one may read all before it. Any thread.
 */
public final class WriteOrder {
    private final Store store;

    /** The order of a store; everybody who gives places there must share it. */
    public WriteOrder(Store store) {
        this.store = store;
    }

    /** The store itself, for reading and for writes that give no places. */
    public Store store() {
        return store;
    }

    /**
     * Hands over one write; returns at once.
     *
     * @param changes says what to change, and answers accepted, or why nothing is to be written; no other write is decided
     *     meanwhile
     * @param acknowledgement is answered on any thread, perhaps before this returns
     */
    public void write(Function<StoreWrite, Delivery> changes, Acknowledgement acknowledgement) {
        Delivery decided;
        synchronized (this) {
            StoreWrite write = store.newWrite();
            decided = changes.apply(write);
            if (decided instanceof Delivery.Accepted) {
                store.commit(write, acknowledgement);
                return;
            }
        }
        acknowledgement.complete(decided);
    }
}

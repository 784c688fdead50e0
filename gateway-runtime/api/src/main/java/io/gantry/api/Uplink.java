// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import io.gantry.api.store.StoreWrite;
import org.jspecify.annotations.Nullable;

/**
 * A route's target as the devices' side sees it: takes a message into memory by {@link #offer}, or as part of the one
 * write that holds everything a PUBLISH leaves behind, by {@link #put}.
 */
@FunctionalInterface
public interface Uplink extends Sink {

    /** Whether messages of that QoS are acknowledged once they are stored, and so are to be {@link #put}. */
    default boolean stores(Qos qos) {
        return false;
    }

    /**
     * Adds the message to a write. Only while that write is being decided, so that places are given in the order in
     * which they are stored.
     *
     * @return is to be told, exactly once, what became of the write; null when there is no room, and nothing was added
     */
    default @Nullable Acknowledgement put(Message message, StoreWrite write) {
        return null;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import org.jspecify.annotations.Nullable;

/** Tells the place that a message got in an outbox what became of the write, and then whoever waits for that. */
final class Placed implements Acknowledgement {
    private final Acknowledgement sender;
    private @Nullable Acknowledgement place;

    Placed(Acknowledgement sender) {
        this.sender = sender;
    }

    /**
     * Remembers the place.
     *
     * @param given null when there is no room
     * @return whether there is one
     */
    boolean at(@Nullable Acknowledgement given) {
        place = given;
        return given != null;
    }

    @Override
    public void complete(Delivery outcome) {
        if (place != null) {
            place.complete(outcome);
        }
        sender.complete(outcome);
    }
}

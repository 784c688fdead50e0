// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Mailbox;
import org.jspecify.annotations.Nullable;

/** A message on its way to a session that lives on another loop. */
final class Handover extends Mailbox.Mail {
    private final Session to;
    private final Outgoing outgoing;
    private final @Nullable FanOut publishers;

    /**
     * Counts as under way until it is opened.
     *
     * @param publishers null when no device waits for those its message goes to
     */
    Handover(Session to, Outgoing outgoing, @Nullable FanOut publishers) {
        this.to = to;
        this.outgoing = outgoing;
        this.publishers = publishers;
        if (publishers != null) {
            publishers.handedOver();
        }
    }

    @Override
    protected void open() {
        try {
            to.take(outgoing);
        } finally {
            if (publishers != null) {
                publishers.taken();
            }
        }
    }
}

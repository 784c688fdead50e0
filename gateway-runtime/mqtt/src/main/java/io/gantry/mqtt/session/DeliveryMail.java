// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import org.jspecify.annotations.Nullable;

/** Completed on any thread; what has become of it is told on the session's. */
abstract class DeliveryMail extends Mailbox.Mail implements Acknowledgement {
    private final Mailbox mailbox;
    private @Nullable Delivery outcome;

    DeliveryMail(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    /** It has been completed. On the session's thread. */
    abstract void onSettled(Delivery delivery);

    @Override
    public final void complete(Delivery delivery) {
        outcome = delivery;
        mailbox.post(this);
    }

    @Override
    protected final void open() {
        Delivery settled = outcome;
        if (settled != null) {
            onSettled(settled);
        }
    }
}

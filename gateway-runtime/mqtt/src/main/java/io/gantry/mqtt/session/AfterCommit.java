// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import java.util.function.Consumer;

/** Goes on with something on a session's thread once a write has been stored, or has not been. */
final class AfterCommit extends DeliveryMail {
    private final Consumer<Delivery> step;

    AfterCommit(Mailbox mailbox, Consumer<Delivery> step) {
        super(mailbox);
        this.step = step;
    }

    @Override
    void onSettled(Delivery delivery) {
        step.accept(delivery);
    }
}

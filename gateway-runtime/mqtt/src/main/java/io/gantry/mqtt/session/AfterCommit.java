// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes on with something on a session's thread once a write has been stored, or has not been. */
final class AfterCommit extends Mailbox.Mail implements Acknowledgement {
    private final Mailbox mailbox;
    private final Consumer<Delivery> step;
    private @Nullable Delivery outcome;

    AfterCommit(Mailbox mailbox, Consumer<Delivery> step) {
        this.mailbox = mailbox;
        this.step = step;
    }

    @Override
    public void complete(Delivery delivery) {
        outcome = delivery;
        mailbox.post(this);
    }

    @Override
    protected void open() {
        Delivery settled = outcome;
        if (settled != null) {
            step.accept(settled);
        }
    }
}

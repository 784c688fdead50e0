// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import jakarta.jms.Message;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message that a broker has sent, and the way to settle it; the first outcome counts. */
final class Received implements Acknowledgement {
    private final Message message;
    private final Acknowledgement settling;
    private final AtomicBoolean isSettled = new AtomicBoolean();

    Received(Message message, Acknowledgement settling) {
        this.message = message;
        this.settling = settling;
    }

    Message message() {
        return message;
    }

    @Override
    public void complete(Delivery delivery) {
        if (isSettled.compareAndSet(false, true)) {
            settling.complete(delivery);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import java.util.concurrent.atomic.AtomicBoolean;

/** One message on its way to the target and back to the worker. The first answer counts. */
final class Attempt extends Mailbox.Mail implements Acknowledgement {
    private final Entry entry;
    private final Worker worker;
    private final long startedNanos;
    private final AtomicBoolean answered = new AtomicBoolean();
    private Delivery outcome = Delivery.accepted();

    Attempt(Entry entry, Worker worker, long startedNanos) {
        this.entry = entry;
        this.worker = worker;
        this.startedNanos = startedNanos;
    }

    Entry entry() {
        return entry;
    }

    long startedNanos() {
        return startedNanos;
    }

    /** Once it is answered. */
    Delivery outcome() {
        return outcome;
    }

    @Override
    public void complete(Delivery delivery) {
        if (answered.compareAndSet(false, true)) {
            outcome = delivery;
            worker.post(this);
        }
    }

    @Override
    protected void open() {
        worker.answered(this);
    }
}

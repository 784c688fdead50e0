// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/** One message on its way to the target and back to the worker. The first answer counts. */
class Attempt extends Mailbox.Mail implements Acknowledgement {
    // one for each message that is sent: a field instead of an object
    private static final AtomicIntegerFieldUpdater<Attempt> ANSWERED =
            AtomicIntegerFieldUpdater.newUpdater(Attempt.class, "answered");

    private final Entry entry;
    private final Worker worker;
    private final long startedNanos;
    private Delivery outcome = Delivery.accepted();

    private volatile int answered;

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
    public final void complete(Delivery delivery) {
        if (answered == 0 && ANSWERED.compareAndSet(this, 0, 1)) {
            outcome = delivery;
            if (delivery instanceof Delivery.Unavailable) {
                onNotTaken();
            }
            worker.post(this);
        }
    }

    /** The answer is not now: said at once, on the thread that answers, before the worker knows. */
    void onNotTaken() {}

    @Override
    protected void open() {
        worker.answered(this);
    }
}

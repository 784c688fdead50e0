// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import io.gantry.api.Acknowledgement;
import io.gantry.api.store.Store;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Kills the gateway at the so-many-th time it comes to a certain moment. */
final class FailPoint implements Fault {
    /** A batch with messages for outboxes is on its way to the disk. */
    static final String AFTER_WRITE = "after-write-before-sync";
    /** Such a batch is on the disk, and nobody has been told. */
    static final String AFTER_SYNC = "after-sync-before-ack";
    /** A target has confirmed messages, and they are still in their outbox. */
    static final String BEFORE_CURSOR = "after-confirmation-before-cursor";
    /** Something of what was stored is being read back. */
    static final String INSIDE_RECOVERY = "inside-recovery";

    private static final Set<String> RECOVERY =
            Set.of("sessions", "retained", "queueEnd", "outboxes", "outboxNumber", "outboxSize", "outboxEnd", "outbox");

    private final String moment;
    private final AtomicInteger left;
    private final SelfKill kill = new SelfKill();

    /**
     * One to come.
     *
     * @param times from 1
     */
    FailPoint(String moment, int times) {
        this.moment = moment;
        this.left = new AtomicInteger(times);
    }

    private boolean isNow(boolean there) {
        return there && left.decrementAndGet() == 0;
    }

    @Override
    public Store store(Store store) {
        return new StoreAround(store) {
            @Override
            void commit(Batch batch, Acknowledgement acknowledgement) {
                boolean taken = batch.has("putOutbox");
                if (isNow(moment.equals(BEFORE_CURSOR) && batch.has("trimOutbox", "deleteOutbox"))) {
                    kill.now();
                } else if (isNow(moment.equals(AFTER_SYNC) && taken)) {
                    super.commit(batch, outcome -> kill.now());
                } else if (isNow(moment.equals(AFTER_WRITE) && taken)) {
                    kill.begin();
                    super.commit(batch, outcome -> kill.now());
                } else {
                    super.commit(batch, acknowledgement);
                }
            }

            @Override
            void beforeReading(String what) {
                if (isNow(moment.equals(INSIDE_RECOVERY) && RECOVERY.contains(what))) {
                    kill.now();
                }
            }
        }.asStore();
    }
}

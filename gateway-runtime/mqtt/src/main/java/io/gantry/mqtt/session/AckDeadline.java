// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches that a device acknowledges something as long as messages are in flight to it: one that only sends PINGREQ would
 * hold up the sources of its messages for ever. On the session's thread.
 */
final class AckDeadline {
    private final ScheduledExecutorService loop;
    private final long millis;
    private final BooleanSupplier waits;
    private final Runnable onOverdue;
    private @Nullable Future<?> timer;
    private long acknowledged;

    /**
     * Not running yet.
     *
     * @param millis the least time without an acknowledgement that is too long; twice that is noticed for sure
     * @param waits whether anything is in flight
     */
    AckDeadline(ScheduledExecutorService loop, long millis, BooleanSupplier waits, Runnable onOverdue) {
        this.loop = loop;
        this.millis = millis;
        this.waits = waits;
        this.onOverdue = onOverdue;
    }

    /** A message is in flight. */
    void sent() {
        if (timer == null) {
            long before = acknowledged;
            timer = loop.schedule(() -> due(before), millis, TimeUnit.MILLISECONDS);
        }
    }

    void acknowledged() {
        acknowledged++;
    }

    private void due(long before) {
        timer = null;
        if (!waits.getAsBoolean()) {
            return;
        }
        if (acknowledged == before) {
            onOverdue.run();
        } else {
            sent();
        }
    }

    /** The connection has ended. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}

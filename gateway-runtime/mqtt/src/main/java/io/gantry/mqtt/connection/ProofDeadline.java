// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.security.Identity;
import java.time.Clock;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When the proof of who a device is ends, such as a token: by the wall clock, which is looked at again each minute since it
 * may be set meanwhile. On the connection's event loop.
 */
final class ProofDeadline {
    private static final long LOOK_AGAIN_MILLIS = 60_000;

    private final ScheduledExecutorService loop;
    private final Clock clock;
    private final Runnable onEnd;
    private long untilMillis = Identity.WITHOUT_END;
    private @Nullable Future<?> next;

    /** Without an end so far. */
    ProofDeadline(ScheduledExecutorService loop, Clock clock, Runnable onEnd) {
        this.loop = loop;
        this.clock = clock;
        this.onEnd = onEnd;
    }

    /** There is a new proof. */
    void proved(Identity identity) {
        cancel();
        untilMillis = identity.validUntilMillis();
        if (untilMillis != Identity.WITHOUT_END) {
            look();
        }
    }

    private void look() {
        long left = untilMillis - clock.millis();
        if (left <= 0) {
            onEnd.run();
        } else {
            next = loop.schedule(this::look, Math.min(left, LOOK_AGAIN_MILLIS), TimeUnit.MILLISECONDS);
        }
    }

    void cancel() {
        if (next != null) {
            next.cancel(false);
        }
    }
}

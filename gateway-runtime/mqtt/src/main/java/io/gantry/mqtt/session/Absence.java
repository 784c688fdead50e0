// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What is due while a session's device is away: its will, and the session's end. */
final class Absence {
    private @Nullable Runnable will;
    private @Nullable Future<?> willDue;
    private @Nullable Future<?> expiryDue;

    void willDue(Runnable publishWill, Future<?> due) {
        will = publishWill;
        willDue = due;
    }

    void expiryDue(Future<?> due) {
        expiryDue = due;
    }

    /** The device is back in time: its will is not published [5.0/MQTT-3.1.3-9]. */
    void end() {
        will = null;
        cancel(willDue);
        cancel(expiryDue);
    }

    /** The session ends: a will that was still to come is published now [5.0 §3.1.3.2.2]. */
    void endWithSession() {
        publishWill();
        end();
    }

    void publishWill() {
        Runnable publish = will;
        will = null;
        if (publish != null) {
            publish.run();
        }
    }

    private static void cancel(@Nullable Future<?> due) {
        if (due != null) {
            due.cancel(false);
        }
    }
}

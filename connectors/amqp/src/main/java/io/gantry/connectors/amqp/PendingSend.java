// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Answer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A message on its way to the broker, and who waits for its outcome. Any thread may tell that; the first counts. */
final class PendingSend {
    private final PreparedMessage message;
    private final Waiter waiter;
    private final AtomicBoolean isDone = new AtomicBoolean();

    PendingSend(PreparedMessage message, Waiter waiter) {
        this.message = message;
        this.waiter = waiter;
    }

    /** Waits for an outcome; told on any thread, which it must not hold up. */
    @FunctionalInterface
    interface Waiter {

        /**
         * The outcome.
         *
         * @param failure null when the broker has accepted the message
         * @param answer what came back, for a request
         */
        void done(@Nullable NotSentException failure, @Nullable Answer answer);
    }

    PreparedMessage message() {
        return message;
    }

    void accepted() {
        done(null, null);
    }

    void answered(Answer answer) {
        done(null, answer);
    }

    void failed(NotSentException failure) {
        done(failure, null);
    }

    private void done(@Nullable NotSentException failure, @Nullable Answer answer) {
        if (isDone.compareAndSet(false, true)) {
            waiter.done(failure, answer);
        }
    }
}

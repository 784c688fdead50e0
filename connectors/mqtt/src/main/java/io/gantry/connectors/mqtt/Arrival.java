// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A message from a broker on its way to the routes that want it; acknowledged when all have answered. Any thread.
 *
 * <p>The fields that are not final are guarded by {@link Inbound}.
 */
final class Arrival {
    private final Incoming message;
    private final long receivedMillis;
    private final Consumer<Arrival> whenSettled;
    private int open;
    private @Nullable Delivery outcome;

    /** The connection on which it came last. */
    int connection;
    /** Whether its routes have answered. */
    boolean settled;

    Arrival(Incoming message, int connection, Consumer<Arrival> whenSettled) {
        this.message = message;
        this.connection = connection;
        this.whenSettled = whenSettled;
        this.receivedMillis = System.currentTimeMillis();
    }

    Incoming message() {
        return message;
    }

    long receivedMillis() {
        return receivedMillis;
    }

    /** To be said once, before any of them may answer. */
    synchronized void awaits(int routes) {
        open = routes;
    }

    /** One of the routes has taken it or never will. */
    void settle(Delivery delivery) {
        synchronized (this) {
            outcome = outcome == null ? delivery : outcome.and(delivery);
            if (--open > 0) {
                return;
            }
        }
        whenSettled.accept(this);
    }

    /** The worst answer of the routes; only once all have answered. */
    synchronized Delivery outcome() {
        return outcome == null ? Delivery.accepted() : outcome;
    }
}

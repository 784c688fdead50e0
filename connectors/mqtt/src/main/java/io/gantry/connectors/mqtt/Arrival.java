// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import java.util.function.Consumer;

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
    void settle() {
        synchronized (this) {
            if (--open > 0) {
                return;
            }
        }
        whenSettled.accept(this);
    }
}

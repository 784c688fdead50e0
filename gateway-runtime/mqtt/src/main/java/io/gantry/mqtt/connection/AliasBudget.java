// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes the Topic Aliases of all devices may take. Any thread. */
final class AliasBudget {
    private final long most;
    private final AtomicLong taken = new AtomicLong();

    AliasBudget(long most) {
        this.most = most;
    }

    /** False when there are not so many left, and then none are taken. */
    boolean take(long bytes) {
        boolean fits = taken.addAndGet(bytes) <= most;
        if (!fits) {
            taken.addAndGet(-bytes);
        }
        return fits;
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import java.util.concurrent.TimeUnit;

/** How long ago something began. */
final class Uptime {
    private final long sinceNanos = System.nanoTime();

    long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos);
    }
}

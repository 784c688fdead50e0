// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import java.util.concurrent.TimeUnit;

/** Keeps a log readable: says of a stream of failures which are worth a line. Any thread. */
public final class ChangesOnly {
    private static final long REPEAT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private String last = "";
    private long lastNanos;

    /** True when the kind differs from the last one, or the last one is a minute old. */
    public synchronized boolean isNews(String kind) {
        long now = System.nanoTime();
        if (kind.equals(last) && now - lastNanos < REPEAT_NANOS) {
            return false;
        }
        last = kind;
        lastNanos = now;
        return true;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends requests whose time is over. All are looked through ten times a second, since there are never many, rather than
 * each having a timer of its own, which nearly none would ever need.
 */
final class Deadlines {
    private static final long INTERVAL_MILLIS = 100;

    private final Map<Sending, Long> ends = new ConcurrentHashMap<>();

    Deadlines(ScheduledExecutorService timers) {
        timers.scheduleWithFixedDelay(this::end, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    void add(Sending sending, long millis) {
        ends.put(sending, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }

    void remove(Sending sending) {
        ends.remove(sending);
    }

    private void end() {
        long now = System.nanoTime();
        ends.forEach((sending, end) -> {
            if (now - end >= 0) {
                sending.fail(new NoAnswerException("time-out"));
            }
        });
    }
}

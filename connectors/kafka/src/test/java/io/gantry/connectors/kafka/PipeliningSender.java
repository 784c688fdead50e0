// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.message;

import io.gantry.api.Delivery;
import io.gantry.api.Sink;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Offers numbered messages as a lane does: in order and without waiting, until one is not taken; then waits for all
 * answers and offers again, in order, what was not accepted. A few at a time, so that they are in batches of different
 * age.
 */
final class PipeliningSender implements AutoCloseable {
    static final int DEVICES = 7;

    private static final int EVERY_MILLIS = 5;
    private static final int AT_A_TIME = 8;

    private final Sink sink;
    private final String prefix;
    private final TreeSet<Integer> waiting = new TreeSet<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> offering;
    private int count;
    private int begun;
    private int inFlight;
    private int accepted;
    private int failures;
    private boolean failed;

    /** @param prefix of each payload, before the number */
    PipeliningSender(Sink sink, String prefix, int count) {
        this.sink = sink;
        this.prefix = prefix;
        this.count = count;
        offering = clock.scheduleAtFixedRate(this::offerSome, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void offerSome() {
        for (int i = 0; i < AT_A_TIME; i++) {
            Integer number = next();
            if (number == null) {
                return;
            }
            String device = "d" + number % DEVICES;
            sink.offer(
                    message(device, "sensors/x/" + device + "/telemetry", prefix + number),
                    delivery -> answered(number, delivery));
        }
    }

    private synchronized @Nullable Integer next() {
        if (failed && inFlight > 0) {
            return null;
        }
        failed = false;
        Integer again = waiting.pollFirst();
        if (again == null && begun == count) {
            return null;
        }
        inFlight++;
        return again == null ? Integer.valueOf(begun++) : again;
    }

    private synchronized void answered(int number, Delivery delivery) {
        inFlight--;
        if (delivery.equals(Delivery.accepted())) {
            accepted++;
        } else {
            waiting.add(number);
            failed = true;
            failures++;
        }
    }

    /** From now on offers only what it has begun with; answers how many these are. */
    synchronized int finish() {
        count = begun;
        return count;
    }

    synchronized int accepted() {
        return accepted;
    }

    synchronized int failures() {
        return failures;
    }

    @Override
    public void close() {
        offering.cancel(false);
        clock.shutdownNow();
    }
}

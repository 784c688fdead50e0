// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Repeats a step so many times a second on a thread of its own. What could not be done in time is not made up for later. */
final class Pacer implements AutoCloseable {
    private static final int TICK_MILLIS = 2;

    private final int rate;
    private final Runnable step;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private Pacer(String name, int rate, Runnable step) {
        this.rate = rate;
        this.step = step;
        this.thread = new Thread(this::run, name);
    }

    static Pacer start(String name, int rate, Runnable step) {
        Pacer pacer = new Pacer(name, rate, step);
        pacer.thread.setDaemon(true);
        pacer.thread.start();
        return pacer;
    }

    private void run() {
        double most = Math.max(1, rate / 20.0);
        double due = 0;
        long last = System.nanoTime();
        try {
            while (!stop.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                due = Math.min(most, due + (now - last) * (double) rate / 1e9);
                last = now;
                while (due >= 1) {
                    due -= 1;
                    step.run();
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the last step is done. */
    @Override
    public void close() throws InterruptedException {
        stop.countDown();
        thread.join();
    }
}

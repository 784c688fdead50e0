// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a demo in this process, and sees to it that Ctrl-C and SIGTERM end it in order too. */
final class DemoProcess {
    private static final int END_SECONDS = 150;

    private DemoProcess() {}

    static int run(DemoPlan plan, PrintWriter out) {
        boolean terminal = Boolean.getBoolean("gantry.terminal") && !"dumb".equals(System.getenv("TERM"));
        Screen screen = new Screen(out, terminal);
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger exitCode = new AtomicInteger(1);
        Thread onSignal = new Thread(() -> endInOrder(stop, done, exitCode), "demo-end");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            exitCode.set(new Demo(plan, screen, stop).run());
        } catch (Exception failure) {
            screen.say("The demo failed: " + failure.getMessage());
        } finally {
            done.countDown();
        }
        forget(onSignal);
        return exitCode.get();
    }

    /** The exit code is the demo's own, not the signal's: a demo that was stopped by hand and lost nothing has succeeded. */
    private static void endInOrder(CountDownLatch stop, CountDownLatch done, AtomicInteger exitCode) {
        stop.countDown();
        try {
            if (!done.await(END_SECONDS, TimeUnit.SECONDS)) {
                exitCode.set(1);
            }
        } catch (InterruptedException impatient) {
            exitCode.set(1);
        }
        Runtime.getRuntime().halt(exitCode.get());
    }

    private static void forget(Thread onSignal) {
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException endingAlready) {
            // The signal came first: its thread ends the process.
            return;
        }
    }
}

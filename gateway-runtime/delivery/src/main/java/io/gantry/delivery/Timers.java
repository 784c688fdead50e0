// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

/** Wakes outboxes later. */
interface Timers extends AutoCloseable {

    /** Runs a step, which must return at once, after a time. Any thread. Forgotten when closed before. */
    void after(long nanos, Runnable step);

    /** For how long small things that nobody waits for may be gathered. */
    long gatherNanos();

    @Override
    void close();
}

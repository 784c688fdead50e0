// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

/** Wakes outboxes later. */
interface Timers extends AutoCloseable {

    /** Runs a step, which must return at once, after a time. Any thread. Forgotten when closed before. */
    void after(long nanos, Runnable step);

    @Override
    void close();
}

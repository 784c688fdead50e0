// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

/** How an outbox's messages are put on their way, in the order they must keep. Used on the worker. */
interface Sending {
    long NEVER = Long.MAX_VALUE;

    /** Sends what may be sent now. */
    void send();

    /** A message that was sent has been answered for. */
    void answered(Attempt attempt);

    /** After how many nanoseconds {@link #send} has something to do though nothing happens; {@link #NEVER} for none. */
    long idleNanos(long nowNanos);

    /** How many messages are with the target now. */
    int atTarget();

    /** How it goes. */
    Ledger.State state();
}

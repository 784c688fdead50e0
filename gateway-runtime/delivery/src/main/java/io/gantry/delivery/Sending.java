// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

/** How an outbox's messages are put on their way, in the order they must keep. Used on the worker. */
interface Sending {

    /** Sends what may be sent now. */
    void send();

    /** A message that was sent has been answered for. */
    void answered(Attempt attempt);

    /** Messages taken and not settled; nothing is lost when they are forgotten, for what is stored is found again. */
    int underWay();

    /** How many of those are with the target now. */
    int atTarget();

    /** How it goes. */
    Ledger.State state();
}

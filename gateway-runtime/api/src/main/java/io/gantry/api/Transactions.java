// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import java.util.OptionalLong;

/**
 * How a target takes messages exactly once: a batch and the position reached with it are kept by the target all or none.
 * Used on one thread, which may be made to wait; between {@link #begin} and {@link #commit} messages are offered to the
 * target's {@link Sink}, in the order of their positions.
 *
 * <p>Every method that answers with a {@link Delivery} has left nothing half done when it says anything but accepted; the
 * caller then starts again with {@link #recover}.
 */
public interface Transactions {

    /** Answers of {@link #recover}: the position of the last message the target has for good, or why that is not known. */
    record Recovered(Delivery outcome, OptionalLong position) {}

    /**
     * Ends what an earlier run, or a failed transaction, has left open, shuts out anybody else who uses the same name,
     * and reads how far the target has come.
     *
     * @param journal names the sequence that positions count in; a position of another one is not an answer
     */
    Recovered recover(String journal);

    /** Opens a transaction. */
    Delivery begin();

    /**
     * Keeps all messages that were offered since {@link #begin}, together with the position.
     *
     * @return accepted when the target has them for good; otherwise it may have all or none
     */
    Delivery commit(long position);

    /** Throws away what was offered since {@link #begin}. */
    void abort();
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.store.DeadLetter;
import java.util.List;
import java.util.Map;

/** The messages that could not be delivered: shown, put back into their outboxes, or dropped. Any thread but an event loop. */
public interface DeadLetters {

    /**
     * What was, or would be, done.
     *
     * @param done how many letters it was done with
     * @param left how many of the selected are left as they were, by the reason
     */
    record Report(long done, Map<String, Long> left) {}

    /**
     * A page of those selected, oldest first. Blocks.
     *
     * @param after the number of the last one seen; 0 for the first page
     * @param most at least 1
     */
    List<DeadLetter> list(DeadLetterSelection selection, long after, int most);

    /** Puts the selected back into the outboxes of their routes, under the same identity; blocks until that is stored. */
    Report replay(DeadLetterSelection selection, boolean dryRun);

    /** Deletes the selected for good; blocks until that is stored. */
    Report drop(DeadLetterSelection selection, boolean dryRun);

    /** How many there are. */
    long messages();

    /** What they take of their bound. */
    long bytes();
}

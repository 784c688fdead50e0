// SPDX-License-Identifier: Apache-2.0
package io.gantry.store;

import io.gantry.api.store.OutboxSize;

/**
 * How far an outbox is filled and emptied, and what is in it. Stored with whatever changes it, in the same batch.
 *
 * @param through everything up to it is taken out
 * @param highest the highest sequence it ever had: it is not given again, although the entry may be gone
 * @param messages that wait
 * @param bytes of those, as their entries count them
 */
record OutboxMark(long through, long highest, long messages, long bytes) {
    static final OutboxMark NONE = new OutboxMark(0, 0, 0, 0);

    OutboxMark with(long sequence, long size) {
        if (sequence <= through) {
            return this;
        }
        return new OutboxMark(through, Math.max(highest, sequence), messages + 1, bytes + size);
    }

    OutboxMark without(long sequence, long size) {
        if (sequence <= through) {
            return this;
        }
        return sized(through, Math.max(highest, sequence), messages - 1, bytes - size);
    }

    /** Without everything up to a sequence beyond {@link #through}. */
    OutboxMark trimmed(long sequence, OutboxSize removed) {
        if (sequence >= highest) {
            // whatever has been miscounted, because a record was damaged, ends here
            return new OutboxMark(sequence, sequence, 0, 0);
        }
        return sized(sequence, highest, messages - removed.messages(), bytes - removed.bytes());
    }

    private static OutboxMark sized(long through, long highest, long messages, long bytes) {
        return new OutboxMark(through, highest, Math.max(0, messages), Math.max(0, bytes));
    }

    OutboxSize size() {
        return new OutboxSize(messages, bytes);
    }
}

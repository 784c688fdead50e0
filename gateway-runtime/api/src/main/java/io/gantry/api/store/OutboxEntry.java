// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

import io.gantry.api.Message;

/**
 * A message that waits for one target of a route.
 *
 * @param sequence its place in the outbox, from 1, ascending
 */
public record OutboxEntry(long sequence, Message message) {
    private static final int BESIDES_PAYLOAD = 128;

    /** What it counts for when space is bounded: its payload, its Topic Name and a fixed share for the rest. */
    public int bytes() {
        return bytesOf(message);
    }

    /** The same for a message that has no place yet. */
    public static int bytesOf(Message message) {
        return message.payload().size() + message.topic().value().length() + BESIDES_PAYLOAD;
    }
}

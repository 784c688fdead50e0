// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;

/**
 * Changes that are kept all or none, in their order. Built by one thread, handed to {@link Store#commit} once.
 *
 * <p>A message may stand in any number of places (queues, outboxes, retained, dead letters) and is stored once: its id
 * names its content, so whoever changes a message gives it another id.
 */
public interface StoreWrite {

    /** Keeps a session, in place of what was known of it. Its subscriptions and queue are not touched. */
    StoreWrite putSession(StoredSession session);

    /** Forgets a session with its subscriptions, packet identifiers and queue. */
    StoreWrite deleteSession(long session);

    /** Keeps a subscription, in place of the one with the same filter. */
    StoreWrite putSubscription(long session, StoredSubscription subscription);

    StoreWrite deleteSubscription(long session, TopicFilter filter);

    /** Keeps a packet identifier of a QoS 2 message the device has sent and not released. */
    StoreWrite putReceived(long session, int packetId);

    StoreWrite deleteReceived(long session, int packetId);

    /** Keeps what a packet identifier towards the device stands for, in place of what it stood for. */
    StoreWrite putInFlight(long session, StoredInFlight inFlight);

    StoreWrite deleteInFlight(long session, int packetId);

    /** Puts a message into a session's queue. A sequence is used once. */
    StoreWrite enqueue(long session, QueuedMessage message);

    /** Takes a message out of a session's queue; it need not be the first. */
    StoreWrite dequeue(long session, QueuedMessage message);

    /** Keeps a Retained Message, in place of the one of the same Topic Name. */
    StoreWrite retain(Message message);

    StoreWrite unretain(TopicName topic);

    /** Puts a message into an outbox. A sequence is used once. */
    StoreWrite putOutbox(long outbox, OutboxEntry entry);

    /** Takes one message out of an outbox; it need not be the first. */
    StoreWrite deleteOutbox(long outbox, OutboxEntry entry);

    /**
     * Takes everything up to and with a sequence out of an outbox. Costs the same for one message and for a million.
     *
     * @param removed what is taken out by this, so what of it was not taken out before
     */
    StoreWrite trimOutbox(long outbox, long throughSequence, OutboxSize removed);

    StoreWrite putCursor(String name, Payload position);

    StoreWrite putDeadLetter(DeadLetter letter);

    StoreWrite deleteDeadLetter(DeadLetter letter);

    /**
     * Lets this write have the space kept back for when the disk is full. For writes that finish messages: cursors, dead
     * letters and deletions.
     */
    StoreWrite usingReserve();
}

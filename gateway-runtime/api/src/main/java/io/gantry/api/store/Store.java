// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What outlives the process: sessions and their queues, Retained Messages, outboxes, cursors and dead letters. Any thread
 * may write and read. A read sees every write that has been acknowledged; it blocks while the disk is read.
 */
public interface Store {

    /** Starts a batch of changes, which are kept all or none. */
    StoreWrite newWrite();

    /**
     * Hands a batch over; returns at once. The acknowledgement comes exactly once, for writes of one thread in their
     * order: accepted when everything in the batch is stored as durably as configured, on the store's writer thread;
     * unavailable when it is not (too much is under way, the disk is full, the store has failed), on any thread, perhaps
     * before this returns. It must return at once: whoever has more to do posts it to a mailbox of its own.
     */
    void commit(StoreWrite write, Acknowledgement acknowledgement);

    /** Whether the store takes writes now. */
    StoreHealth health();

    /** A number for a new session, never given before as long as a session has it. */
    long newSessionNumber();

    /** A number for a new dead letter; a later one gets a higher number. */
    long newDeadLetterNumber();

    /** The number of the outbox of that name; made and stored when it has none. Blocks: for start-up and reload. */
    long outboxNumber(String name);

    /** The outboxes there are, by name, whether or not anything is in them. */
    Map<String, Long> outboxes();

    /** What is in an outbox now. Quick, however much it is. */
    OutboxSize outboxSize(long outbox);

    /** Shows every session with what belongs to it, except its queue. For start-up. */
    void sessions(Consumer<SessionState> visitor);

    /**
     * A page of a session's queue, in order: what waits there from a position on.
     *
     * @param from the lowest sequence wanted
     * @param most messages, at least 1
     * @param mostBytes payload bytes after which the page ends; the first message comes whatever its size
     */
    List<QueuedMessage> queue(long session, long from, int most, long mostBytes);

    /** The sequence after the last one in a session's queue; 1 when it is empty. */
    long queueEnd(long session);

    /** Shows the Retained Messages whose Topic Names start with the text given, in the order of their names. */
    void retained(String topicPrefix, Consumer<Message> visitor);

    /** A page of an outbox, in order; the bounds as for {@link #queue}. */
    List<OutboxEntry> outbox(long outbox, long from, int most, long mostBytes);

    /** The sequence after the last one an outbox has had; 1 when it never had one. */
    long outboxEnd(long outbox);

    /** How far somebody has come, in its own words. */
    Optional<Payload> cursor(String name);

    /** A page of the dead letters, oldest first, from a number on. */
    List<DeadLetter> deadLetters(long from, int most);

    /** Dead letters there are now. */
    OutboxSize deadLettersSize();

    /** Tells this store from every other, and from itself after it was made anew. At most 32 letters and digits. */
    String id();

    /** Stored records found unreadable since the start; each was reported with its place when it was found. */
    long damagedRecords();
}

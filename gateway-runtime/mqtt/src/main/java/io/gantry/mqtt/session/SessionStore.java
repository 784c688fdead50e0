// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.store.QueuedMessage;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreHealth;
import io.gantry.api.store.StoreWrite;
import io.gantry.api.store.WriteOrder;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The store as the sessions use it. What a write holds is decided while no other is: so places in a queue are stored in
 * the order of their sequences, and whoever has been told of one may read all before it. Any thread.
 */
public final class SessionStore {
    /** Messages of a queue that are in memory while a device is connected, and read at once. */
    static final int PAGE_MESSAGES = 256;

    private static final long PAGE_BYTES = 1L << 20;

    private final WriteOrder order;
    private final Executor reader;
    private final Counters counters;

    /**
     * Sessions of one store.
     *
     * @param order shared with everybody who gives places in the store
     * @param reader runs what reads, which blocks; one at a time or several
     */
    public SessionStore(WriteOrder order, Executor reader, Counters counters) {
        this.order = order;
        this.reader = reader;
        this.counters = counters;
    }

    /** Whether something new would be stored now, as far as can be told. */
    public boolean takesNew() {
        return store().health() instanceof StoreHealth.Ready;
    }

    /**
     * Hands over one write; returns at once.
     *
     * @param changes says what to change; nothing else is decided meanwhile
     * @param acknowledgement is answered on any thread, perhaps before this returns
     */
    synchronized void write(Consumer<StoreWrite> changes, Acknowledgement acknowledgement) {
        decide(
                write -> {
                    changes.accept(write);
                    return Delivery.accepted();
                },
                acknowledgement);
    }

    /**
     * The same for a write that may turn out not to be wanted.
     *
     * @param changes answers accepted, or why nothing is to be written
     */
    synchronized void decide(Function<StoreWrite, Delivery> changes, Acknowledgement acknowledgement) {
        order.write(changes, acknowledgement);
    }

    /** Hands over what finishes something and nobody waits for. */
    void finish(Consumer<StoreWrite> changes) {
        write(write -> changes.accept(write.usingReserve()), this::countRefusal);
    }

    private void countRefusal(Delivery outcome) {
        if (!(outcome instanceof Delivery.Accepted)) {
            counters.count(Counter.STORE_REFUSALS);
        }
    }

    /** Runs a step that reads. */
    void read(Runnable step) {
        reader.execute(step);
    }

    /** Some of a session's queue, from a sequence on. Blocks. */
    Page page(long session, long from) {
        List<QueuedMessage> messages = store().queue(session, from, PAGE_MESSAGES, PAGE_BYTES);
        long bytes = 0;
        for (QueuedMessage message : messages) {
            bytes += message.message().payload().size();
        }
        return new Page(messages, messages.size() < PAGE_MESSAGES && bytes < PAGE_BYTES);
    }

    /**
     * Some of a session's queue.
     *
     * @param isLast whether nothing was stored behind it when it was read
     */
    record Page(List<QueuedMessage> messages, boolean isLast) {}

    Store store() {
        return order.store();
    }
}

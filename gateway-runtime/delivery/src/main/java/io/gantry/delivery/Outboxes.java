// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.MessageId;
import io.gantry.api.Target;
import io.gantry.api.store.OutboxSize;
import io.gantry.api.store.Store;
import io.gantry.api.store.WriteOrder;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** All outboxes of a gateway, and the dead letters they leave. */
public final class Outboxes implements AutoCloseable {
    private final Map<String, Outbox> byName = new LinkedHashMap<>();
    private final Timers timers;
    private final Station station;

    /**
     * None yet.
     *
     * @param order of everything that gives places in the store
     * @param ids gives the copies of dead letters their identity
     */
    public Outboxes(WriteOrder order, Clock clock, Supplier<MessageId> ids, DeadLetterSettings deadLetters) {
        this(order, clock, System::nanoTime, ids, new Random(), new TimerThread(), deadLetters);
    }

    Outboxes(
            WriteOrder order,
            Clock clock,
            LongSupplier nanos,
            Supplier<MessageId> ids,
            RandomGenerator chance,
            Timers timers,
            DeadLetterSettings deadLetters) {
        KeptLetters letters = new KeptLetters(order, deadLetters, clock, this::homeOf);
        this.station = new Station(order, clock, nanos, ids, chance, letters);
        this.timers = timers;
    }

    /**
     * Opens the outbox of a route's target, with what was left in it. Blocks. Messages that wait are sent from
     * {@link #start} on.
     *
     * @param worker runs what it is given on one thread. Outboxes of one endpoint may share it, so that a target which
     *     blocks holds up nobody else's; a target with transactions has one of its own
     */
    public Outbox open(OutboxName name, Target target, DeliverySettings settings, Executor worker) {
        if (byName.containsKey(name.toString())) {
            throw new IllegalArgumentException("outbox " + name + " is open already");
        }
        Outbox outbox = new Outbox(
                name, target, settings, station, new Worker(worker, timers, failure -> station.broken(name, failure)));
        byName.put(name.toString(), outbox);
        return outbox;
    }

    /** Starts sending what was found waiting. */
    public void start() {
        byName.values().forEach(Outbox::start);
    }

    /** What waits in outboxes that no route has any longer, by their names. */
    public Map<String, OutboxSize> ownerless() {
        Map<String, OutboxSize> left = new TreeMap<>();
        Store store = station.order().store();
        store.outboxes().forEach((name, number) -> {
            OutboxSize size = store.outboxSize(number);
            if (!byName.containsKey(name) && size.messages() > 0) {
                left.put(name, size);
            }
        });
        return left;
    }

    private Optional<Outbox> homeOf(String name) {
        Outbox same = byName.get(name);
        if (same != null) {
            return Optional.of(same);
        }
        String route = name.substring(0, Math.max(0, name.indexOf('/')));
        List<Outbox> ofRoute = byName.values().stream()
                .filter(outbox -> outbox.name().route().equals(route))
                .toList();
        return ofRoute.size() == 1 ? Optional.of(ofRoute.get(0)) : Optional.empty();
    }

    /** The books of all, in the order in which they were opened. */
    public List<Ledger.Snapshot> ledgers() {
        return byName.values().stream().map(Outbox::ledger).toList();
    }

    /** What could not be delivered. */
    public DeadLetters deadLetters() {
        return station.letters();
    }

    /** Waits until every outbox is empty or can only wait for its target, but not past the time given. */
    public void awaitRest(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        byName.values().forEach(outbox -> outbox.awaitRest(until(deadline)));
    }

    /** Sends nothing any longer; waits, not past the time given, for what is with the targets and its books. */
    public void stop(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        byName.values().forEach(Outbox::stop);
        byName.values().forEach(outbox -> outbox.awaitCleared(until(deadline)));
    }

    private static Duration until(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    @Override
    public void close() {
        timers.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.Transactions;
import io.gantry.api.Uplink;
import io.gantry.api.UserProperty;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.StoreWrite;
import io.gantry.api.store.WriteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where the messages of one route wait for one of its targets, and how they get there: on disk or in memory, in order,
 * tried again as their QoS asks for, and booked. Messages are taken on any thread, and sent on the worker.
 */
public final class Outbox implements Uplink {
    private static final Delivery FULL =
            new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "too many messages wait for this destination");

    private static final Delivery STOPPED =
            new Delivery.Unavailable(ReasonCode.SERVER_SHUTTING_DOWN, "the route is stopped");

    /** What one that drops its oldest may grow beyond its bound before it refuses after all. */
    private static final long SLACK_BYTES = 16L << 20;

    private final OutboxName name;
    private final DeliverySettings settings;
    private final WriteOrder order;
    private final Station station;
    private final long number;
    private final Ledger ledger;
    private final Backlog backlog;
    private final Worker worker;
    private final Settlement settlement;
    private final Sending sending;
    private final AtomicLong bytesOnDisk;

    private @Nullable Outbox copies;
    private boolean isOfCopies;

    // given with the write order held
    private long nextSequence;

    private volatile boolean started;

    // written by the worker
    private volatile long oldestMillis;
    private volatile boolean resting;
    private volatile boolean cleared = true;
    private volatile boolean stopped;

    /**
     * A route's target.
     *
     * @param sink is offered messages on the worker's thread
     * @param keepsOrder whether messages may be offered before those before them are answered: once one has failed for
     *     now, nothing offered after it may still be delivered
     * @param transactions takes batches exactly once; null where that is not asked for
     */
    public record Target(
            Sink sink, boolean keepsOrder, @Nullable Transactions transactions) {}

    Outbox(OutboxName name, Target target, DeliverySettings settings, Station station, Worker worker) {
        this.name = name;
        this.settings = settings;
        this.station = station;
        this.order = station.order();
        this.worker = worker;
        this.ledger = new Ledger(name.route(), name.target());
        this.number = order.store().outboxNumber(name.toString());
        this.nextSequence = order.store().outboxEnd(number);
        var found = order.store().outboxSize(number);
        ledger.found(found.messages(), found.bytes());
        this.bytesOnDisk = new AtomicLong(found.bytes());
        this.backlog = new Backlog(new StoredPages(), settings, nextSequence, found.messages() == 0);
        boolean sideBySide = !target.keepsOrder() && target.transactions() == null;
        Clearing clearing = new Clearing(order.store(), number, sideBySide);
        this.settlement = new Settlement(
                new Settlement.Parts(backlog, clearing, ledger, this::keep, new Bound(), worker),
                settings,
                station.clock(),
                station.nanos());
        this.sending = sending(target);
        worker.does(this::work, sending::answered);
    }

    private Sending sending(Target target) {
        Sink sink = station.guarded(name, target.sink());
        Breaker breaker = new Breaker(settings.retry(), station.chance());
        if (target.transactions() != null) {
            String journal = order.store().id() + "/" + name;
            return new Batches(sink, target.transactions(), journal, settlement, breaker, worker, station.nanos());
        }
        return target.keepsOrder()
                ? new Pipeline(sink, settlement, breaker, worker, station.nanos())
                : new Lanes(sink, settings, settlement, breaker, worker, station.nanos());
    }

    /** The disk as the backlog reads it. */
    private final class StoredPages implements Backlog.Disk {
        @Override
        public List<OutboxEntry> page(long from, int most, long mostBytes) {
            return order.store().outbox(number, from, most, mostBytes);
        }

        @Override
        public Entry entry(OutboxEntry found) {
            return Entry.found(found);
        }
    }

    /** What may wait on disk. */
    private final class Bound implements Settlement.Shedding {
        @Override
        public boolean isOverfull() {
            return settings.buffer().whenFull() == WhenFull.DROP_OLDEST
                    && bytesOnDisk.get() > settings.buffer().maxBytes().bytes();
        }

        @Override
        public void freed(int bytes) {
            bytesOnDisk.addAndGet(-bytes);
        }
    }

    /** Sends a copy of each message that becomes a dead letter by another outbox, whose own are not kept again. */
    public void copyDeadLettersTo(Outbox outbox) {
        copies = outbox;
        outbox.isOfCopies = true;
    }

    /** Which one it is. */
    public OutboxName name() {
        return name;
    }

    @Override
    public boolean stores(Qos qos) {
        return settings.ackOf(qos) == AckPoint.STORED;
    }

    @Override
    public @Nullable Acknowledgement put(Message message, StoreWrite write) {
        int bytes = OutboxEntry.bytesOf(message);
        long most = settings.buffer().maxBytes().bytes();
        if (bytesOnDisk.get() + bytes > most) {
            WhenFull policy = settings.buffer().whenFull();
            if (policy == WhenFull.DROP_NEWEST) {
                return outcome -> dropNewest(bytes, outcome);
            }
            boolean growsTooFar = bytes > most || bytesOnDisk.get() + bytes > most + SLACK_BYTES;
            if (policy == WhenFull.REFUSE || growsTooFar) {
                ledger.refused();
                return null;
            }
        }
        Entry entry = new Entry(message, nextSequence++, station.nanos().getAsLong(), null);
        write.putOutbox(number, entry.stored());
        bytesOnDisk.addAndGet(bytes);
        return outcome -> stored(entry, outcome);
    }

    private void dropNewest(int bytes, Delivery outcome) {
        if (outcome instanceof Delivery.Accepted) {
            ledger.accepted(bytes);
            ledger.dropped(Ledger.DropReason.FULL_NEWEST, bytes);
        }
    }

    private void stored(Entry entry, Delivery outcome) {
        if (outcome instanceof Delivery.Accepted) {
            ledger.accepted(entry.bytes());
            ledger.acknowledged((station.nanos().getAsLong() - entry.arrivedNanos()) / 1_000);
            backlog.addStored(entry);
            worker.wake();
        } else {
            bytesOnDisk.addAndGet(-entry.bytes());
            ledger.refused();
        }
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        AckPoint ack = settings.ackOf(message.qos());
        if (ack == AckPoint.STORED) {
            store(message, acknowledgement);
        } else if (stopped) {
            ledger.refused();
            acknowledgement.complete(STOPPED);
        } else {
            boolean tellsLater = ack == AckPoint.DELIVERED;
            offerInMemory(
                    new Entry(message, 0, station.nanos().getAsLong(), tellsLater ? acknowledgement : null),
                    acknowledgement);
        }
    }

    /** For messages that come alone, such as those of a source: a write of their own. */
    private void store(Message message, Acknowledgement acknowledgement) {
        Placed placed = new Placed(acknowledgement);
        order.write(
                write -> {
                    placed.place = put(message, write);
                    return placed.place == null ? FULL : Delivery.accepted();
                },
                placed);
    }

    /** Tells the place and whoever waits. */
    private static final class Placed implements Acknowledgement {
        private final Acknowledgement sender;
        private @Nullable Acknowledgement place;

        Placed(Acknowledgement sender) {
            this.sender = sender;
        }

        @Override
        public void complete(Delivery outcome) {
            if (place != null) {
                place.complete(outcome);
            }
            sender.complete(outcome);
        }
    }

    private void offerInMemory(Entry entry, Acknowledgement acknowledgement) {
        if (!backlog.reserve(entry)) {
            noMemory(entry, acknowledgement);
            return;
        }
        if (entry.whenDelivered() == null) {
            ledger.accepted(entry.bytes());
            ledger.acknowledged((station.nanos().getAsLong() - entry.arrivedNanos()) / 1_000);
        }
        backlog.addReserved(entry);
        worker.wake();
        if (entry.whenDelivered() == null) {
            acknowledgement.complete(Delivery.accepted());
        }
    }

    private void noMemory(Entry entry, Acknowledgement acknowledgement) {
        if (entry.isAtMostOnce()) {
            ledger.accepted(entry.bytes());
            ledger.dropped(Ledger.DropReason.NO_MEMORY, entry.bytes());
            acknowledgement.complete(Delivery.accepted());
        } else {
            ledger.refused();
            acknowledgement.complete(FULL);
        }
    }

    private void work() {
        if (started && !stopped) {
            sending.send();
        }
        settlement.flush();
        ledger.state(settlement.isHeldUp() ? Ledger.State.PARKED : sending.state());
        oldestMillis = settlement.oldestMillis();
        cleared = settlement.isDone() && sending.atTarget() == 0;
        resting = cleared && sending.state() != Ledger.State.DELIVERING;
    }

    private void keep(Entry entry, String error, Acknowledgement whenKept) {
        if (isOfCopies) {
            order.write(write -> takeOut(entry, write.usingReserve()), whenKept);
            return;
        }
        Placed copied = new Placed(whenKept);
        station.letters()
                .keep(
                        name,
                        entry,
                        error,
                        write -> {
                            takeOut(entry, write);
                            if (copies == null) {
                                return Delivery.accepted();
                            }
                            copied.place = copies.put(copyOf(entry, error), write);
                            return copied.place == null ? FULL : Delivery.accepted();
                        },
                        copied);
    }

    private Delivery takeOut(Entry entry, StoreWrite write) {
        if (entry.isStored()) {
            write.deleteOutbox(number, entry.stored());
        }
        return Delivery.accepted();
    }

    private Message copyOf(Entry entry, String error) {
        Message message = entry.message();
        MessageProperties properties = message.properties()
                .withExpirySeconds(null)
                .withUserProperties(List.of(
                        new UserProperty("gantry-id", message.id().toString()),
                        new UserProperty("gantry-outbox", name.toString()),
                        new UserProperty("gantry-error", error),
                        new UserProperty("gantry-attempts", Integer.toString(entry.attempts()))));
        return new Message(
                station.ids().get(),
                message.topic(),
                message.payload(),
                message.qos(),
                message.retain(),
                properties,
                message.origin(),
                station.clock().millis());
    }

    /**
     * Puts a dead letter back; it comes in again, under its identity. Blocks until that is stored.
     *
     * @return why it was left; empty when it was put back
     */
    Optional<String> replay(DeadLetter letter) {
        Message message = letter.message();
        long now = station.clock().millis();
        if (message.isExpiredAt(now)) {
            return Optional.of("its Message Expiry Interval has run out");
        }
        if (now - message.receivedMillis() > settings.buffer().maxAge().toMillis()) {
            return Optional.of("it is older than buffer.max-age of its route");
        }
        CompletableFuture<Delivery> outcome = new CompletableFuture<>();
        Placed placed = new Placed(outcome::complete);
        order.write(
                write -> {
                    placed.place = put(message, write);
                    write.usingReserve().deleteDeadLetter(letter);
                    return placed.place == null ? FULL : Delivery.accepted();
                },
                placed);
        if (outcome.join() instanceof Delivery.Unavailable refused) {
            return Optional.of(refused.reason());
        }
        ledger.replayed();
        return Optional.empty();
    }

    /** The books now. */
    public Ledger.Snapshot ledger() {
        return ledger.snapshot(oldestMillis);
    }

    /**
     * Waits until everything is delivered, or until what is left can only wait, because the target is away; not past the
     * time given.
     */
    public void awaitRest(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!(cleared && ledger.waiting() == 0 && backlog.isEmpty())
                && !resting
                && System.nanoTime() - deadline < 0) {
            worker.wake();
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Begins to send. */
    void start() {
        started = true;
        worker.wake();
    }

    /** Sends nothing any longer. What is with the target may still be answered. */
    void stop() {
        stopped = true;
    }

    /** Waits until everything that was answered is out of the store, but not past the time given. */
    void awaitCleared(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        do {
            worker.wake();
            LockSupport.parkNanos(2_000_000);
        } while (!cleared && System.nanoTime() - deadline < 0);
    }
}

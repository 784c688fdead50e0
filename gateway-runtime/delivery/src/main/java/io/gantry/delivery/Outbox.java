// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.Target;
import io.gantry.api.Transactions;
import io.gantry.api.Uplink;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.StoreWrite;
import io.gantry.api.store.WriteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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

    private final OutboxName name;
    private final DeliverySettings settings;
    private final WriteOrder order;
    private final Station station;
    private final long number;
    private final Ledger ledger;
    private final Backlog backlog;
    private final Worker worker;
    private final Replays replays;
    private final Settlement settlement;
    private final Sending sending;
    private final DiskSpace space;
    private final DeadLetterBox deadLetters;

    // given with the write order held
    private long nextSequence;

    private volatile boolean started;

    private volatile boolean stopped;

    // written by the worker
    private volatile long oldestMillis = Long.MAX_VALUE;

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
        this.space = new DiskSpace(settings.buffer(), found.bytes());
        this.deadLetters = new DeadLetterBox(name, number, station);
        this.backlog = new Backlog(new StoredPages(), settings, nextSequence, found.messages() == 0);
        this.replays = new Replays(name, order.store());
        boolean sideBySide = !target.keepsOrder() && target.transactions() == null;
        Clearing clearing = new Clearing(order.store(), number, sideBySide);
        this.settlement = new Settlement(
                new Settlement.Parts(backlog, clearing, ledger, deadLetters, space, replays, worker),
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
            Transactions transactions = station.guarded(name, target.transactions());
            return new Batches(sink, transactions, journal, settlement, breaker, worker, station.nanos());
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

    /** Sends a copy of each message that becomes a dead letter by another outbox, whose own are not kept again. */
    public void copyDeadLettersTo(Outbox outbox) {
        deadLetters.copyTo(outbox);
        outbox.deadLetters.isOfCopies();
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
        return switch (space.take(bytes)) {
            case TAKEN -> place(message, write);
            case DROPPED -> outcome -> dropNewest(bytes, outcome);
            case REFUSED -> refused();
        };
    }

    private Acknowledgement place(Message message, StoreWrite write) {
        Entry entry = new Entry(message, nextSequence++, station.nanos().getAsLong(), null);
        write.putOutbox(number, entry.stored());
        return outcome -> stored(entry, outcome);
    }

    private @Nullable Acknowledgement refused() {
        ledger.refused();
        return null;
    }

    private void dropNewest(int bytes, Delivery outcome) {
        if (outcome instanceof Delivery.Accepted) {
            ledger.accepted(bytes);
            ledger.dropped(Ledger.DropReason.FULL_NEWEST, bytes);
        }
    }

    private void stored(Entry entry, Delivery outcome) {
        if (outcome instanceof Delivery.Accepted) {
            ledger.acceptedAndAcknowledged(entry.bytes(), (station.nanos().getAsLong() - entry.arrivedNanos()) / 1_000);
            backlog.addStored(entry);
            worker.wake();
        } else {
            space.free(entry.bytes());
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
        write(write -> put(message, write), acknowledgement);
    }

    private void write(Function<StoreWrite, @Nullable Acknowledgement> change, Acknowledgement sender) {
        Placed placed = new Placed(sender);
        order.write(write -> placed.at(change.apply(write)) ? Delivery.accepted() : FULL, placed);
    }

    private void offerInMemory(Entry entry, Acknowledgement acknowledgement) {
        if (!backlog.reserve(entry)) {
            noMemory(entry, acknowledgement);
            return;
        }
        if (entry.whenDelivered() == null) {
            ledger.acceptedAndAcknowledged(entry.bytes(), (station.nanos().getAsLong() - entry.arrivedNanos()) / 1_000);
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
        boolean sends = started && !stopped;
        try {
            if (sends) {
                settlement.shed();
                sending.send();
            }
        } finally {
            settlement.flush();
            ledger.state(settlement.isHeldUp() ? Ledger.State.PARKED : sending.state());
            oldestMillis = settlement.oldestMillis();
            long now = station.nanos().getAsLong();
            worker.wakeIn(Math.min(settlement.idleNanos(now), sends ? sending.idleNanos(now) : Sending.NEVER), now);
        }
    }

    /**
     * Puts a dead letter back; it comes in again, under its identity.
     *
     * @return why it was left; empty once it is stored here and gone from there
     */
    CompletableFuture<Optional<String>> replay(DeadLetter letter) {
        if (letter.message().isExpiredAt(station.clock().millis())) {
            return CompletableFuture.completedFuture(Optional.of("its Message Expiry Interval has run out"));
        }
        CompletableFuture<Delivery> outcome = new CompletableFuture<>();
        write(write -> placeIfFree(letter, write), outcome::complete);
        return outcome.thenApply(this::replayed);
    }

    private @Nullable Acknowledgement placeIfFree(DeadLetter letter, StoreWrite write) {
        Message message = letter.message();
        if (!space.takeIfFree(OutboxEntry.bytesOf(message))) {
            // nothing is dropped for it: here it would be lost, there it is kept
            return refused();
        }
        write.usingReserve().deleteDeadLetter(letter);
        replays.add(nextSequence, station.clock().millis(), write);
        return place(message, write);
    }

    private Optional<String> replayed(Delivery outcome) {
        if (outcome instanceof Delivery.Unavailable refused) {
            return Optional.of(refused.reason());
        }
        ledger.replayed();
        return Optional.empty();
    }

    /** The books now. */
    public Ledger.Snapshot ledger() {
        return ledger.snapshot(Math.max(0, station.clock().millis() - oldestMillis));
    }

    /** Waits until everything is delivered or can only wait for its target; not past the time given. */
    void awaitRest(Duration atMost) {
        worker.await(this::isAtRest, atMost);
    }

    private boolean isAtRest() {
        if (sending.atTarget() > 0 || settlement.isKeeping()) {
            return false;
        }
        boolean nothingWaits = ledger.waiting() == 0 && backlog.isEmpty() && settlement.isDone();
        return nothingWaits || settlement.isHeldUp() || sending.state() != Ledger.State.DELIVERING;
    }

    /** Begins to send. */
    void start() {
        started = true;
        worker.wake();
    }

    /** Sends nothing any longer. What is with the target may still be answered. */
    void stop() {
        stopped = true;
        worker.post(settlement::finish);
    }

    /** Waits until everything that was answered is out of the store; not past the time given. */
    void awaitCleared(Duration atMost) {
        worker.await(() -> settlement.isDone() && sending.atTarget() == 0, atMost);
    }
}

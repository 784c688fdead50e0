// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.store.DeadLetter;
import io.gantry.api.store.OutboxEntry;
import io.gantry.api.store.OutboxSize;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreWrite;
import io.gantry.api.store.WriteOrder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dead letters in the store. */
final class KeptLetters implements DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(KeptLetters.class);
    private static final int PAGE = 500;
    private static final CompletableFuture<Optional<String>> DONE = CompletableFuture.completedFuture(Optional.empty());
    private static final Delivery FULL = new Delivery.Unavailable(
            ReasonCode.QUOTA_EXCEEDED, "there is no room for another dead letter: replay or drop some");

    private final WriteOrder order;
    private final DeadLetterSettings settings;
    private final Clock clock;
    private final Function<String, Optional<Outbox>> outboxes;
    private final Object turn = new Object();
    private boolean alarmed;

    // with those on their way into the store, of which the store says nothing
    private long messages;
    private long bytes;

    /**
     * What the store has.
     *
     * @param outboxes finds the outbox that a letter goes back to, by the name it was kept under
     */
    KeptLetters(
            WriteOrder order, DeadLetterSettings settings, Clock clock, Function<String, Optional<Outbox>> outboxes) {
        this.order = order;
        this.settings = settings;
        this.clock = clock;
        this.outboxes = outboxes;
        OutboxSize found = order.store().deadLettersSize();
        this.messages = found.messages();
        this.bytes = found.bytes();
    }

    /**
     * Keeps a message, in the write that takes it out of its outbox.
     *
     * @param outOfOutbox adds to the write; answers why it may not be
     */
    void keep(
            OutboxName from,
            Entry entry,
            String error,
            Function<StoreWrite, Delivery> outOfOutbox,
            Acknowledgement whenKept) {
        if (!takeRoomFor(entry.message())) {
            alarm();
            whenKept.complete(FULL);
            return;
        }
        order.write(
                write -> {
                    write.usingReserve()
                            .putDeadLetter(new DeadLetter(
                                    store().newDeadLetterNumber(),
                                    from.toString(),
                                    entry.message(),
                                    entry.attempts(),
                                    error,
                                    clock.millis()));
                    return outOfOutbox.apply(write);
                },
                outcome -> {
                    if (!(outcome instanceof Delivery.Accepted)) {
                        giveRoomBack(entry.message());
                    }
                    whenKept.complete(outcome);
                });
    }

    private synchronized boolean takeRoomFor(Message message) {
        int bytes = OutboxEntry.bytesOf(message);
        boolean fits = messages < settings.maxMessages()
                && this.bytes + bytes <= settings.maxBytes().bytes();
        if (fits) {
            messages++;
            this.bytes += bytes;
        }
        return fits;
    }

    private synchronized void giveRoomBack(Message message) {
        messages--;
        bytes -= OutboxEntry.bytesOf(message);
    }

    private synchronized void alarm() {
        if (!alarmed) {
            alarmed = true;
            LOG.atError()
                    .addKeyValue("messages", messages())
                    .addKeyValue("bytes", bytes())
                    .log("the dead letters are full: routes with another one stop until some are replayed or dropped");
        }
    }

    private synchronized void calm() {
        alarmed = false;
    }

    private Store store() {
        return order.store();
    }

    @Override
    public List<DeadLetter> list(DeadLetterSelection selection, long after, int most) {
        List<DeadLetter> found = new ArrayList<>();
        long from = after + 1;
        while (found.size() < most) {
            List<DeadLetter> page = store().deadLetters(from, PAGE);
            for (DeadLetter letter : page) {
                if (found.size() < most && selection.fits(letter)) {
                    found.add(letter);
                }
            }
            if (page.size() < PAGE) {
                return found;
            }
            from = page.get(page.size() - 1).number() + 1;
        }
        return found;
    }

    @Override
    public Report replay(DeadLetterSelection selection, boolean dryRun) {
        return oneAfterTheOther(selection, dryRun, this::putBack);
    }

    @Override
    public Report drop(DeadLetterSelection selection, boolean dryRun) {
        return oneAfterTheOther(
                selection,
                dryRun,
                letter -> stored(write -> {
                    write.usingReserve().deleteDeadLetter(letter);
                    return Delivery.accepted();
                }));
    }

    /** What is done with one letter; empty when it was done, otherwise why it was left. */
    private interface Step {
        CompletableFuture<Optional<String>> take(DeadLetter letter);
    }

    /** Two at a time might put the same letter back twice. */
    private Report oneAfterTheOther(DeadLetterSelection selection, boolean dryRun, Step step) {
        synchronized (turn) {
            return each(selection, dryRun, step);
        }
    }

    private Report each(DeadLetterSelection selection, boolean dryRun, Step step) {
        long done = 0;
        Map<String, Long> left = new TreeMap<>();
        long last = store().newDeadLetterNumber();
        long after = 0;
        List<DeadLetter> page = list(selection, after, PAGE);
        while (!page.isEmpty()) {
            List<CompletableFuture<Optional<String>>> underWay = new ArrayList<>();
            for (DeadLetter letter : page) {
                // what is kept anew meanwhile, perhaps by this replay, is for the next time
                if (letter.number() < last) {
                    underWay.add(dryRun ? DONE : taken(letter, step));
                }
                after = letter.number();
            }
            for (CompletableFuture<Optional<String>> one : underWay) {
                Optional<String> why = one.join();
                why.ifPresent(reason -> left.merge(reason, 1L, Long::sum));
                done += why.isPresent() ? 0 : 1;
            }
            page = list(selection, after, PAGE);
        }
        if (!dryRun) {
            calm();
        }
        return new Report(done, left);
    }

    private CompletableFuture<Optional<String>> taken(DeadLetter letter, Step step) {
        return step.take(letter).thenApply(why -> {
            if (why.isEmpty()) {
                giveRoomBack(letter.message());
            }
            return why;
        });
    }

    private CompletableFuture<Optional<String>> putBack(DeadLetter letter) {
        Optional<Outbox> outbox = outboxes.apply(letter.route());
        if (outbox.isEmpty()) {
            return CompletableFuture.completedFuture(
                    Optional.of("no route has the outbox " + letter.route() + " any longer"));
        }
        return outbox.get().replay(letter);
    }

    private CompletableFuture<Optional<String>> stored(Function<StoreWrite, Delivery> changes) {
        CompletableFuture<Delivery> outcome = new CompletableFuture<>();
        order.write(changes, outcome::complete);
        return outcome.thenApply(stored ->
                stored instanceof Delivery.Unavailable refused ? Optional.of(refused.reason()) : Optional.empty());
    }

    @Override
    public long messages() {
        return store().deadLettersSize().messages();
    }

    @Override
    public long bytes() {
        return store().deadLettersSize().bytes();
    }
}

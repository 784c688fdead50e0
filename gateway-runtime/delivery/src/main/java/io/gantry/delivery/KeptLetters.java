// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.store.DeadLetter;
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
    private static final Delivery FULL = new Delivery.Unavailable(
            ReasonCode.QUOTA_EXCEEDED, "there is no room for another dead letter: replay or drop some");

    private final WriteOrder order;
    private final DeadLetterSettings settings;
    private final Clock clock;
    private final Function<String, Optional<Outbox>> outboxes;
    private boolean alarmed;

    // on their way into the store
    private long messagesUnderWay;
    private long bytesUnderWay;

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
        if (!takeRoomFor(entry)) {
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
                    giveRoomBack(entry);
                    whenKept.complete(outcome);
                });
    }

    private synchronized boolean takeRoomFor(Entry entry) {
        OutboxSize size = store().deadLettersSize();
        boolean fits = size.messages() + messagesUnderWay < settings.maxMessages()
                && size.bytes() + bytesUnderWay + entry.bytes()
                        <= settings.maxBytes().bytes();
        if (fits) {
            messagesUnderWay++;
            bytesUnderWay += entry.bytes();
        }
        return fits;
    }

    /** What is stored counts by itself. */
    private synchronized void giveRoomBack(Entry entry) {
        messagesUnderWay--;
        bytesUnderWay -= entry.bytes();
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
        return each(selection, dryRun, this::putBack);
    }

    @Override
    public Report drop(DeadLetterSelection selection, boolean dryRun) {
        return each(
                selection,
                dryRun,
                letter -> stored(write -> {
                    write.usingReserve().deleteDeadLetter(letter);
                    return Delivery.accepted();
                }));
    }

    /** What one letter takes; empty when it was done, otherwise why it was left. */
    private interface Step {
        Optional<String> take(DeadLetter letter);
    }

    private Report each(DeadLetterSelection selection, boolean dryRun, Step step) {
        long done = 0;
        Map<String, Long> left = new TreeMap<>();
        long last = store().newDeadLetterNumber();
        long after = 0;
        List<DeadLetter> page = list(selection, after, PAGE);
        while (!page.isEmpty()) {
            for (DeadLetter letter : page) {
                // what is kept anew meanwhile, perhaps by this replay, is for the next time
                if (letter.number() < last) {
                    Optional<String> why = dryRun ? Optional.empty() : step.take(letter);
                    why.ifPresent(reason -> left.merge(reason, 1L, Long::sum));
                    done += why.isPresent() ? 0 : 1;
                }
                after = letter.number();
            }
            page = list(selection, after, PAGE);
        }
        if (!dryRun) {
            calm();
        }
        return new Report(done, left);
    }

    private Optional<String> putBack(DeadLetter letter) {
        Optional<Outbox> outbox = outboxes.apply(letter.route());
        if (outbox.isEmpty()) {
            return Optional.of("no route has the outbox " + letter.route() + " any longer");
        }
        return outbox.get().replay(letter);
    }

    private Optional<String> stored(Function<StoreWrite, Delivery> changes) {
        CompletableFuture<Delivery> outcome = new CompletableFuture<>();
        order.write(changes, outcome::complete);
        return outcome.join() instanceof Delivery.Unavailable refused
                ? Optional.of(refused.reason())
                : Optional.empty();
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

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.Qos;
import io.gantry.api.Target;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.store.WriteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** An outbox to which anything may happen, and what must hold all the same. All that chance decides comes from the seed. */
final class OutboxModel {
    private static final int ROOM = 64 * 1_024;

    private enum Kind {
        LANES,
        PIPELINE,
        BATCHES
    }

    private final Random chance;
    private final Kind kind;
    private final boolean mayCrash;
    private final AckPoint ack;
    private final WhenFull whenFull;
    private final int padding;
    private final DeliverySettings settings;
    private final MemoryStore store = new MemoryStore();
    private final HandTime time = new HandTime();
    private final Messages messages = new Messages(new MessageId.Sequence(1, 1), time.clock::millis);
    private final ModelTarget target;
    private final List<Message> published = new ArrayList<>();
    private final Set<MessageId> promised = new HashSet<>();
    private final Set<MessageId> refused = new HashSet<>();
    private final Set<MessageId> letters = new HashSet<>();
    private final Set<MessageId> replayed = new HashSet<>();
    private HandRunThread worker = new HandRunThread();
    private Outboxes outboxes;
    private Outbox outbox;
    private int crashes;

    OutboxModel(long seed) {
        chance = new Random(seed);
        kind = one(Kind.values());
        mayCrash = chance.nextBoolean();
        ack = chance.nextBoolean() ? AckPoint.STORED : one(AckPoint.values());
        whenFull = one(WhenFull.values());
        padding = chance.nextInt(4) == 0 ? 5_000 : 0;
        SettingsInHand hand = new SettingsInHand()
                .ack(ack)
                .buffer(ROOM, whenFull)
                .parallel(1 + chance.nextInt(4))
                .memory(1 + chance.nextInt(20), 200 + chance.nextInt(10_000))
                .retry(SettingsInHand.retry(1 + chance.nextInt(5), Duration.ofHours(1)));
        // one that was given up when the process died may be found again, behind others that were taken meanwhile
        boolean givesUp = !mayCrash && chance.nextBoolean();
        settings = (givesUp ? hand.giveUpAfter(Duration.ofSeconds(20)) : hand).made();
        target = new ModelTarget(chance, kind != Kind.LANES);
        open();
    }

    @SafeVarargs
    private final <T> T one(T... of) {
        return of[chance.nextInt(of.length)];
    }

    private void open() {
        outboxes = new Outboxes(
                new WriteOrder(store),
                time.clock,
                time::nanos,
                new MessageId.Sequence(2, 2)::next,
                chance,
                time,
                new DeadLetterSettings(5, new ByteSize(1 << 20)));
        outbox = outboxes.open(
                OutboxUnderTest.NAME,
                new Target(target, kind == Kind.PIPELINE, kind == Kind.BATCHES ? target : null),
                settings,
                worker);
        outboxes.start();
    }

    void step() {
        switch (chance.nextInt(12)) {
            case 0, 1, 2 -> publish();
            case 3, 4 -> store.writeOne();
            case 5, 6, 7 -> worker.runOne();
            case 8, 9 -> target.answer(kind == Kind.BATCHES);
            case 10 -> time.pass(Duration.ofMillis(chance.nextInt(3_000)), () -> {});
            default -> somethingRare();
        }
        OutboxUnderTest.assertCloses(outbox.ledger());
    }

    private void somethingRare() {
        switch (chance.nextInt(6)) {
            case 0, 1 -> store.refuses(chance.nextInt(3) == 0);
            case 2 -> takeLettersAway(chance.nextBoolean());
            case 3 -> {
                if (mayCrash) {
                    crash();
                }
            }
            case 4 -> time.pass(Duration.ofMinutes(1), () -> {});
            default -> goOn();
        }
    }

    private void publish() {
        String device = one("a", "b", "c");
        Qos qos = chance.nextInt(4) == 0 ? Qos.AT_MOST_ONCE : Qos.AT_LEAST_ONCE;
        String payload = device + published.size() + " ".repeat(padding);
        Message message = chance.nextInt(8) == 0 ? messages.expiring(payload, 5) : messages.named(payload, qos);
        published.add(message);
        offer(message);
    }

    private void offer(Message message) {
        outbox.offer(message, outcome -> {
            if (outcome instanceof Delivery.Accepted) {
                promised.add(message.id());
            } else {
                refused.add(message.id());
            }
        });
    }

    /** Somebody looks at the dead letters, and puts them back or drops them. */
    private void takeLettersAway(boolean putsBack) {
        store.refuses(false);
        store.writesAtOnce(true);
        List<MessageId> ids = store.deadLetters(1, 100).stream()
                .map(letter -> letter.message().id())
                .toList();
        if (putsBack) {
            replayed.addAll(ids);
            outboxes.deadLetters().replay(DeadLetterSelection.all(), false);
        } else {
            ids.forEach(id -> assertThat(letters.add(id))
                    .as("%s is a dead letter once", id)
                    .isTrue());
            outboxes.deadLetters().drop(DeadLetterSelection.all(), false);
        }
        store.writesAtOnce(false);
    }

    private void crash() {
        crashes++;
        store.refuses(false);
        store.crash(chance.nextInt(store.waiting() + 1));
        target.forgets(kind == Kind.BATCHES);
        time.close();
        worker = new HandRunThread();
        open();
    }

    private void goOn() {
        boolean any = true;
        while (any) {
            any = store.writeOne();
            any |= worker.runAll();
        }
    }

    /** All trouble ends: then everything must be settled, and as it was promised. */
    void finish() {
        target.recovers();
        store.refuses(false);
        for (int i = 0; i < 100 && !(outbox.ledger().waiting() == 0 && store.waiting() == 0 && i > 2); i++) {
            goOn();
            while (target.isOpen()) {
                target.answer(kind == Kind.BATCHES);
                goOn();
            }
            takeLettersAway(false);
            time.pass(Duration.ofMinutes(1), this::goOn);
        }
        takeLettersAway(false);
        OutboxUnderTest.assertCloses(outbox.ledger());
        assertThat(outbox.ledger().waiting()).as("waiting").isZero();
        assertThat(outbox.ledger().waitingBytes()).isZero();
        assertThat(store.outboxSize(1).messages()).as("left in the store").isZero();
        if (padding == 0) {
            // nothing was dropped because the outbox was full
            assertNothingIsLost();
        }
        assertRoomIsFree();
        // one that was dropped when the process died may be found again, behind others that were taken meanwhile
        boolean droppedOnesReturn = crashes > 0 && whenFull == WhenFull.DROP_OLDEST && padding > 0;
        if (!droppedOnesReturn) {
            assertOrder(Qos.AT_LEAST_ONCE);
        }
        if (crashes == 0) {
            assertOrder(Qos.AT_MOST_ONCE);
        }
    }

    private void assertNothingIsLost() {
        Map<MessageId, Integer> times = new HashMap<>();
        target.taken().forEach(message -> times.merge(message.id(), 1, Integer::sum));
        for (Message message : published) {
            int taken = times.getOrDefault(message.id(), 0);
            boolean atLeastOnce = message.qos() != Qos.AT_MOST_ONCE;
            boolean kept = message.properties().expirySeconds() == null && (ack == AckPoint.STORED || crashes == 0);
            if (atLeastOnce && kept && promised.contains(message.id())) {
                assertThat(taken > 0 || letters.contains(message.id()))
                        .as("%s is delivered or a dead letter", message)
                        .isTrue();
            }
            // a commit whose outcome is unknown may have happened before another attempt failed
            boolean answersSayAll = kind != Kind.BATCHES || ack == AckPoint.STORED;
            if (answersSayAll && refused.contains(message.id())) {
                assertThat(taken).as("%s was refused", message).isZero();
            }
            boolean exactlyOnce = kind == Kind.BATCHES && ack == AckPoint.STORED;
            if (atLeastOnce && (exactlyOnce || crashes == 0 && kind != Kind.BATCHES)) {
                assertThat(taken + (letters.contains(message.id()) ? 1 : 0))
                        .as("%s ends once", message)
                        .isLessThanOrEqualTo(1);
            }
        }
    }

    /** One that needs nearly all the room there is gets it. */
    private void assertRoomIsFree() {
        Message large = messages.sized('d', ROOM - 1_000);
        long refusedBefore = outbox.ledger().refused();
        offer(large);
        goOn();
        if (target.isOpen()) {
            target.answer(kind == Kind.BATCHES);
            goOn();
        }
        assertThat(outbox.ledger().refused()).as("refused").isEqualTo(refusedBefore);
        assertThat(outbox.ledger().waiting()).as("waiting").isZero();
        assertThat(promised.contains(large.id()) || target.neverTakes(large)).isTrue();
    }

    /** Of each device, by the first time the target had them. */
    private void assertOrder(Qos qos) {
        Map<Object, Long> last = new HashMap<>();
        Set<MessageId> seen = new HashSet<>();
        for (Message message : target.taken()) {
            boolean inTurn = message.qos() == qos && !replayed.contains(message.id());
            if (inTurn && seen.add(message.id())) {
                Long before = last.put(message.origin(), message.id().number());
                assertThat(before == null || before < message.id().number())
                        .as("%s after %s", message, before)
                        .isTrue();
            }
        }
    }

    @Override
    public String toString() {
        return kind + ", " + published.size() + " published, " + crashes + " crashes, " + outbox.ledger();
    }
}

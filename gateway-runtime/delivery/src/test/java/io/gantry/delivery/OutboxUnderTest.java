// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.Qos;
import io.gantry.api.Target;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.store.OutboxSize;
import io.gantry.api.store.WriteOrder;
import io.gantry.store.Durability;
import io.gantry.store.RocksStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * An outbox over a real store, whose worker and time go on when a test says so. After each step its books must close.
 */
final class OutboxUnderTest implements AutoCloseable {
    static final OutboxName NAME = new OutboxName("telemetry", "kafka");

    final HandTime time = new HandTime();
    final ScriptedTarget target;
    final Messages messages = new Messages(new MessageId.Sequence(1, 1), time.clock::millis);
    final List<Delivery> answers = new ArrayList<>();

    private final Path directory;
    private final Target door;
    private final DeliverySettings settings;
    private final DeadLetterSettings deadLetters;
    private RocksStore rocks;
    private GatedStore store;
    private HandRunThread worker = new HandRunThread();
    private Outboxes outboxes;
    private Outbox outbox;

    /** What the target can do. */
    enum Kind {
        /** Takes messages side by side, in no order: lanes. */
        SIDE_BY_SIDE,
        /** Keeps order itself: a pipeline. */
        IN_ORDER
    }

    OutboxUnderTest(Path directory, Kind kind, SettingsInHand settings) throws Exception {
        this(directory, kind, settings, new DeadLetterSettings(1_000, new ByteSize(1 << 20)));
    }

    OutboxUnderTest(Path directory, Kind kind, SettingsInHand settings, DeadLetterSettings deadLetters)
            throws Exception {
        this(directory, kind, new ScriptedTarget(), settings, deadLetters);
    }

    /** To a target that takes batches. */
    static OutboxUnderTest withTransactions(Path directory, SettingsInHand settings, DeadLetterSettings deadLetters)
            throws Exception {
        ScriptedTarget target = new ScriptedTarget();
        return new OutboxUnderTest(
                directory, new Target(target, true, new ScriptedTransactions(target)), target, settings, deadLetters);
    }

    private OutboxUnderTest(
            Path directory, Kind kind, ScriptedTarget target, SettingsInHand settings, DeadLetterSettings deadLetters)
            throws Exception {
        this(directory, new Target(target, kind == Kind.IN_ORDER, null), target, settings, deadLetters);
    }

    private OutboxUnderTest(
            Path directory, Target door, ScriptedTarget target, SettingsInHand settings, DeadLetterSettings deadLetters)
            throws Exception {
        this.directory = directory;
        this.door = door;
        this.target = target;
        this.settings = settings.made();
        this.deadLetters = deadLetters;
        this.rocks = RocksStore.open(directory, Durability.OS);
        this.store = new GatedStore(rocks);
        this.outboxes = newOutboxes();
        this.outbox = open(NAME, door);
    }

    private Outboxes newOutboxes() {
        return new Outboxes(
                new WriteOrder(store),
                time.clock,
                time::nanos,
                new MessageId.Sequence(2, 2)::next,
                new Random(1),
                time,
                deadLetters);
    }

    /** Opens another one, with the same settings and worker. */
    Outbox open(OutboxName name, Target to) {
        return outboxes.open(name, to, settings, worker);
    }

    OutboxUnderTest started() {
        outboxes.start();
        run();
        return this;
    }

    /** Lets the process die and start again; what was not stored is gone. */
    OutboxUnderTest restarted() throws Exception {
        store.awaitWritten();
        time.close();
        rocks.close();
        worker = new HandRunThread();
        rocks = RocksStore.open(directory, Durability.OS);
        store = new GatedStore(rocks);
        outboxes = newOutboxes();
        outbox = open(NAME, door);
        assertBooksClose();
        return this;
    }

    /** Devices publish these, at QoS 1. */
    void publish(String... payloads) {
        for (String payload : payloads) {
            publish(messages.named(payload));
        }
    }

    void publish(String payload, Qos qos) {
        publish(messages.named(payload, qos));
    }

    /** Takes a message into the outbox and lets everything go on; the answer is the last of {@link #answers}. */
    void publish(Message message) {
        take(message);
        run();
    }

    /** Takes a message into the outbox, whose worker does not run yet. */
    void take(Message message) {
        outbox.offer(message, answers::add);
        store.awaitWritten();
        assertBooksClose();
    }

    Delivery lastAnswer() {
        return answers.get(answers.size() - 1);
    }

    /** Lets the worker and the store go on until neither has anything to do. */
    void run() {
        do {
            store.awaitWritten();
            assertBooksClose();
        } while (worker.runAll());
    }

    /** Lets time pass, and everybody do what is due meanwhile. */
    void pass(Duration duration) {
        time.pass(duration, this::run);
        run();
    }

    void answer(String payload, Delivery answer) {
        target.answer(payload, answer);
        run();
    }

    void answerAll(Delivery answer) {
        target.answerAll(answer);
        run();
    }

    /** Ends it in order, without waiting for what the target has not answered. */
    void stop() {
        outboxes.stop(Duration.ZERO);
        run();
    }

    ScriptedTransactions transactions() {
        return (ScriptedTransactions) Objects.requireNonNull(door.transactions());
    }

    Outboxes outboxes() {
        return outboxes;
    }

    Outbox outbox() {
        return outbox;
    }

    GatedStore store() {
        return store;
    }

    HandRunThread worker() {
        return worker;
    }

    Ledger.Snapshot ledger() {
        return outbox.ledger();
    }

    long dropped(Ledger.DropReason reason) {
        return ledger().dropped().getOrDefault(reason, 0L);
    }

    /** What is in the store. */
    OutboxSize onDisk() {
        return store.outboxSize(store.outboxNumber(NAME.toString()));
    }

    /** Payloads of what is in the store, in order. */
    List<String> stored() {
        return store.outbox(store.outboxNumber(NAME.toString()), 1, 100_000, 1L << 30).stream()
                .map(entry -> entry.message().payload().asText())
                .toList();
    }

    /** Accepted is what became of it, at every moment. */
    void assertBooksClose() {
        outboxes.ledgers().forEach(OutboxUnderTest::assertCloses);
    }

    static void assertCloses(Ledger.Snapshot books) {
        long dropped =
                books.dropped().values().stream().mapToLong(Long::longValue).sum();
        assertThat(books.delivered() + books.deadLettered() + books.expired() + dropped + books.waiting())
                .as("%s", books)
                .isEqualTo(books.accepted());
        assertThat(books.waiting()).isNotNegative();
        assertThat(books.waitingBytes()).isNotNegative();
    }

    /** Nothing waits, nowhere, and all space is free. */
    void assertEmpty() {
        assertThat(ledger().waiting()).isZero();
        assertThat(ledger().waitingBytes()).isZero();
        assertThat(onDisk()).isEqualTo(new OutboxSize(0, 0));
        assertThat(stored()).isEmpty();
    }

    @Override
    public void close() throws Exception {
        outboxes.close();
        rocks.close();
    }
}

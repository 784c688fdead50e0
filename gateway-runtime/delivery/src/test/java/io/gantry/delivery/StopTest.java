// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Stopping")
class StopTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "sends nothing more, takes out what is confirmed though what was before it is not, and leaves the rest")
    void stop(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = new OutboxUnderTest(directory, kind, new SettingsInHand()).started()) {
            test.publish("a1", "b1", "c1");
            test.stop();
            test.publish("d1");
            test.answer("b1", Delivery.accepted());

            assertThat(test.target.offered()).containsExactly("a1", "b1", "c1");
            assertThat(test.stored()).containsExactly("a1", "c1", "d1");
        }
    }

    @Test
    @DisplayName("takes nothing into memory any longer")
    void noMemory() throws Exception {
        try (OutboxUnderTest test =
                new OutboxUnderTest(directory, OutboxUnderTest.Kind.IN_ORDER, new SettingsInHand()).started()) {
            test.stop();
            test.publish("a1", Qos.AT_MOST_ONCE);

            assertThat(test.lastAnswer()).isInstanceOf(Delivery.Unavailable.class);
            assertThat(test.ledger().refused()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("an outbox that no route has any longer is named, with what is in it")
    void ownerless() throws Exception {
        try (OutboxUnderTest test =
                new OutboxUnderTest(directory, OutboxUnderTest.Kind.IN_ORDER, new SettingsInHand()).started()) {
            OutboxName name = new OutboxName("old", "queue");
            Outbox gone = test.open(name, new Target(new ScriptedTarget(), false, null));
            gone.offer(test.messages.named("a1"), delivery -> {});
            assertThat(test.outboxes().ownerless()).isEmpty();
            assertThatThrownBy(() -> test.open(name, new Target(new ScriptedTarget(), false, null)))
                    .hasMessageContaining("old/queue");

            test.restarted();

            assertThat(test.outboxes().ownerless()).containsExactly(Map.entry("old/queue", new OutboxSize(1, 137)));
        }
    }

    @Test
    @DisplayName("waits until all is delivered and out of the store, on real threads")
    void awaitsRest() throws Exception {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        ExecutorService target = Executors.newSingleThreadExecutor();
        try (RocksStore store = RocksStore.open(directory, Durability.OS);
                Outboxes outboxes = outboxes(store)) {
            Target slow = new Target(
                    (message, acknowledgement) -> target.execute(() -> acknowledgement.complete(Delivery.accepted())),
                    true,
                    null);
            Outbox outbox = outboxes.open(OutboxUnderTest.NAME, slow, new SettingsInHand().made(), worker);
            outboxes.start();
            Messages messages = new Messages(new MessageId.Sequence(1, 1), System::currentTimeMillis);
            CountDownLatch stored = new CountDownLatch(20_000);
            for (int i = 0; i < 20_000; i++) {
                Message message = messages.named("a" + i);
                outbox.offer(message, delivery -> stored.countDown());
            }
            stored.await();

            outboxes.awaitRest(LONG);
            outboxes.stop(LONG);

            assertThat(outbox.ledger().delivered()).isEqualTo(20_000);
            assertThat(store.outboxSize(store.outboxNumber(OutboxUnderTest.NAME.toString()))
                            .messages())
                    .isZero();
        } finally {
            worker.shutdownNow();
            target.shutdownNow();
        }
    }

    @Test
    @DisplayName("does not wait for a target that is away")
    void awayIsRest() throws Exception {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try (RocksStore store = RocksStore.open(directory, Durability.OS);
                Outboxes outboxes = outboxes(store)) {
            ScriptedTarget target = new ScriptedTarget();
            target.answers(ScriptedTarget.MEND);
            Outbox outbox = outboxes.open(
                    OutboxUnderTest.NAME, new Target(target, true, null), new SettingsInHand().made(), worker);
            outboxes.start();
            CountDownLatch stored = new CountDownLatch(1);
            Messages messages = new Messages(new MessageId.Sequence(1, 1), System::currentTimeMillis);
            outbox.offer(messages.named("a1"), delivery -> stored.countDown());
            stored.await();

            outboxes.awaitRest(LONG);
            outboxes.stop(LONG);

            assertThat(outbox.ledger().waiting()).isEqualTo(1);
        } finally {
            worker.shutdownNow();
        }
    }

    private static Outboxes outboxes(RocksStore store) {
        return new Outboxes(
                new WriteOrder(store),
                Clock.systemUTC(),
                new MessageId.Sequence(2, 2)::next,
                new DeadLetterSettings(1_000, new ByteSize(1 << 20)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.settings.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Batches to a target that takes them exactly once")
class BatchesTest {
    @TempDir
    Path directory;

    private OutboxUnderTest test;
    private ScriptedTransactions transactions;

    @BeforeEach
    void open() throws Exception {
        test = OutboxUnderTest.withTransactions(
                directory, new SettingsInHand(), new DeadLetterSettings(2, new ByteSize(1 << 20)));
        transactions = test.transactions();
        test.target.answers(Delivery.accepted());
    }

    @AfterEach
    void close() throws Exception {
        test.close();
    }

    @Test
    @DisplayName("what waits goes in one batch, committed with the position it reaches")
    void oneBatch() {
        takeThree();
        test.started();

        assertThat(transactions.steps()).containsExactly("recover", "begin", "commit 3");
        assertThat(transactions.kept()).containsExactly("a1", "a2", "a3");
        test.assertEmpty();

        test.publish("a4");
        assertThat(transactions.position()).isEqualTo(4);
        test.assertEmpty();
    }

    @Test
    @DisplayName("the next batch waits for the one under way")
    void oneAtATime() {
        test.target.answersLater();
        test.started();
        test.publish("a1", "a2");
        assertThat(test.target.open()).containsExactly("a1");

        test.answer("a1", Delivery.accepted());
        assertThat(test.target.open()).containsExactly("a2");
    }

    @Test
    @DisplayName("nothing is delivered before its batch is committed")
    void notBeforeCommit() {
        transactions.commits(ScriptedTarget.AWAY, false);
        takeThree();
        test.started();

        assertThat(test.ledger().delivered()).isZero();
        assertThat(test.stored()).containsExactly("a1", "a2", "a3");
    }

    @Test
    @DisplayName("after a commit of unknown outcome what the target has is not sent again")
    void unknownCommitThatHappened() {
        transactions.commits(ScriptedTarget.AWAY, true);
        takeThree();
        test.started();
        transactions.commits(Delivery.accepted(), true);
        test.pass(Duration.ofSeconds(1));

        assertThat(transactions.kept()).containsExactly("a1", "a2", "a3");
        assertThat(test.target.offered()).hasSize(3);
        assertThat(test.ledger().delivered()).isEqualTo(3);
        test.assertEmpty();
    }

    @Test
    @DisplayName("after a commit of unknown outcome what the target has not is sent again, in order")
    void unknownCommitThatDidNot() {
        transactions.commits(ScriptedTarget.AWAY, false);
        takeThree();
        test.started();
        transactions.commits(Delivery.accepted(), true);
        test.pass(Duration.ofSeconds(1));

        assertThat(transactions.kept()).containsExactly("a1", "a2", "a3");
        assertThat(test.target.offered()).hasSize(6);
        test.assertEmpty();
    }

    @Test
    @DisplayName("after a restart what the target has is not sent again")
    void restart() throws Exception {
        transactions.commits(ScriptedTarget.AWAY, true);
        takeThree();
        test.started();

        transactions.commits(Delivery.accepted(), true);
        test.restarted();
        test.take(test.messages.named("a4"));
        test.target.forget();
        test.started();

        assertThat(test.target.offered()).containsExactly("a4");
        assertThat(transactions.kept()).containsExactly("a1", "a2", "a3", "a4");
        assertThat(test.ledger().delivered()).isEqualTo(4);
        test.assertEmpty();
    }

    @Test
    @DisplayName("a position in another journal says nothing")
    void otherJournal() {
        transactions.recover("some other store");
        transactions.commit(1_000);
        takeThree();
        test.started();

        assertThat(transactions.kept()).containsExactly("a1", "a2", "a3");
        test.assertEmpty();
    }

    @Test
    @DisplayName("a rejected message becomes a dead letter, and the others of its batch go without it")
    void rejected() {
        test.target.answers(
                message -> message.payload().asText().equals("a2") ? ScriptedTarget.NEVER : Delivery.accepted());
        takeThree();
        test.started();

        assertThat(transactions.steps()).containsExactly("recover", "begin", "abort", "recover", "begin", "commit 3");
        assertThat(transactions.kept()).containsExactly("a1", "a3");
        assertThat(test.ledger().deadLettered()).isEqualTo(1);
        assertThat(test.ledger().retried()).isZero();
        test.assertEmpty();
    }

    @Test
    @DisplayName("what was rejected is kept before the position passes it")
    void rejectedWithoutRoom() {
        test.target.answers(
                message -> message.payload().asText().startsWith("a") ? ScriptedTarget.NEVER : Delivery.accepted());
        takeThree();
        test.take(test.messages.named("b1"));
        test.started();
        test.pass(Duration.ofSeconds(10));

        assertThat(transactions.kept()).isEmpty();
        assertThat(test.ledger().state()).isEqualTo(Ledger.State.PARKED);
        test.outboxes().deadLetters().drop(DeadLetterSelection.all(), false);
        test.pass(Duration.ofSeconds(1));

        assertThat(transactions.kept()).containsExactly("b1");
        assertThat(test.ledger().deadLettered()).isEqualTo(3);
        test.assertEmpty();
    }

    @Test
    @DisplayName("a message that is not taken now takes the batch with it, and the back-off follows")
    void notNow() {
        test.target.answers(
                message -> message.payload().asText().equals("a2") ? ScriptedTarget.AWAY : Delivery.accepted());
        takeThree();
        test.started();
        assertThat(transactions.steps()).containsExactly("recover", "begin", "abort");
        assertThat(test.ledger().state()).isEqualTo(Ledger.State.RETRYING);

        test.target.answers(Delivery.accepted());
        test.pass(Duration.ofMillis(200));

        assertThat(transactions.kept()).containsExactly("a1", "a2", "a3");
        test.assertEmpty();
    }

    @Test
    @DisplayName("both at once: the rejected one is kept, the others wait as long as the target needs")
    void rejectedAndNotNow() {
        test.target.answers(message -> switch (message.payload().asText()) {
            case "a1" -> ScriptedTarget.AWAY;
            case "a2" -> ScriptedTarget.NEVER;
            default -> Delivery.accepted();
        });
        takeThree();
        test.started();

        assertThat(test.ledger().deadLettered()).isEqualTo(1);
        assertThat(test.ledger().state()).isEqualTo(Ledger.State.RETRYING);
        test.target.answers(Delivery.accepted());
        test.pass(Duration.ofMillis(200));

        assertThat(transactions.kept()).containsExactly("a1", "a3");
        test.assertEmpty();
    }

    @Test
    @DisplayName("nothing is sent while the position cannot be read, or no transaction begun")
    void awayAtTheStart() {
        transactions.recovers(ScriptedTarget.AWAY);
        takeThree();
        test.started();
        assertThat(test.target.offered()).isEmpty();

        transactions.recovers(Delivery.accepted());
        transactions.begins(ScriptedTarget.MEND);
        test.pass(Duration.ofSeconds(1));
        assertThat(test.target.offered()).isEmpty();
        assertThat(test.ledger().state()).isEqualTo(Ledger.State.PARKED);

        transactions.begins(Delivery.accepted());
        test.pass(Duration.ofMinutes(1));
        assertThat(transactions.kept()).containsExactly("a1", "a2", "a3");
        test.assertEmpty();
    }

    @Test
    @DisplayName("whoever is shut out by another gateway stops for good, and keeps what it has")
    void fenced() {
        transactions.commits(new Delivery.Unavailable(ReasonCode.SESSION_TAKEN_OVER, "another gateway"), false);
        takeThree();
        test.started();
        int steps = transactions.steps().size();
        transactions.commits(Delivery.accepted(), false);
        test.pass(Duration.ofHours(1));
        test.publish("a4");

        assertThat(transactions.steps()).hasSize(steps);
        assertThat(test.ledger().state()).isEqualTo(Ledger.State.STOPPED);
        assertThat(test.ledger().lastError()).isEqualTo("another gateway");
        assertThat(test.stored()).containsExactly("a1", "a2", "a3", "a4");
    }

    @Test
    @DisplayName("transactions that throw have failed for now, at every step")
    void broken() {
        transactions.breaks(true);
        takeThree();
        test.started();
        transactions.breaks(false);
        test.target.answers(message -> {
            transactions.breaks(true);
            return Delivery.accepted();
        });
        test.pass(Duration.ofMillis(200));
        assertThat(transactions.steps()).endsWith("recover", "begin", "commit 3");

        transactions.breaks(false);
        test.target.answers(Delivery.accepted());
        test.pass(Duration.ofSeconds(1));

        assertThat(transactions.kept()).containsExactly("a1", "a2", "a3");
        test.assertEmpty();
    }

    @Test
    @DisplayName("QoS 0 goes with the others, without a position")
    void qos0() {
        test.started();
        test.publish("a1");
        test.publish("a2", Qos.AT_MOST_ONCE);

        assertThat(transactions.kept()).containsExactly("a1", "a2");
        assertThat(transactions.position()).isEqualTo(1);
        test.assertEmpty();
    }

    @Test
    @DisplayName("ten thousand go in two batches")
    void tenThousand() {
        for (int i = 0; i < 10_000; i++) {
            test.outbox().offer(test.messages.named("a" + i), test.answers::add);
        }
        test.store().awaitWritten();
        test.started();

        assertThat(transactions.steps()).containsExactly("recover", "begin", "commit 5000", "begin", "commit 10000");
        assertThat(transactions.kept()).hasSize(10_000);
        test.assertEmpty();
    }

    private void takeThree() {
        test.take(test.messages.named("a1"));
        test.take(test.messages.named("a2"));
        test.take(test.messages.named("a3"));
    }
}

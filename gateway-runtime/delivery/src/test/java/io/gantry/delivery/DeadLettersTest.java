// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Target;
import io.gantry.api.UserProperty;
import io.gantry.api.settings.ByteSize;
import io.gantry.api.store.DeadLetter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Dead letters")
class DeadLettersTest {
    private static final OutboxName COPIES = new OutboxName("failed", "archive");

    @TempDir
    Path directory;

    @Test
    @DisplayName("are kept with the route, the attempts, the last error and the time")
    void kept() throws Exception {
        try (OutboxUnderTest test = lanes(new SettingsInHand())) {
            Message message = test.messages.named("a1");
            test.target.answers(ScriptedTarget.AWAY);
            test.publish(message);
            test.target.answers(ScriptedTarget.NEVER);
            test.pass(Duration.ofMillis(200));

            DeadLetter letter = letters(test).get(0);
            assertThat(letter.message()).isEqualTo(message);
            assertThat(letter.route()).isEqualTo("telemetry/kafka");
            assertThat(letter.attempts()).isEqualTo(2);
            assertThat(letter.error()).isEqualTo("cannot be read");
            assertThat(letter.atMillis()).isEqualTo(test.time.clock.millis());
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("do not hold up their lane")
    void laneGoesOn() throws Exception {
        try (OutboxUnderTest test = lanes(new SettingsInHand())) {
            test.publish("a1", "a2");
            test.answer("a1", ScriptedTarget.NEVER);
            test.answer("a2", Delivery.accepted());

            assertThat(test.target.taken()).containsExactly("a2");
            test.assertEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("that have no room hold up the outbox, which loses nothing, says so, and goes on when there is room")
    void full(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = new OutboxUnderTest(
                        directory,
                        kind,
                        new SettingsInHand().order(OrderKey.NONE),
                        new DeadLetterSettings(3, new ByteSize(1 << 20)))
                .started()) {
            test.publish("a1", "a2", "a3", "a4", "a5");
            test.answerAll(ScriptedTarget.NEVER);
            test.publish("b1");

            assertThat(letters(test)).hasSize(3);
            assertThat(test.ledger().state()).isEqualTo(Ledger.State.PARKED);
            assertThat(test.ledger().lastError()).contains("no room for another dead letter");
            assertThat(test.ledger().waiting()).isEqualTo(3);
            assertThat(test.stored()).containsExactly("a4", "a5", "b1");
            assertThat(test.target.open()).isEmpty();

            test.outboxes().deadLetters().drop(new DeadLetterSelection(null, null, 0, Long.MAX_VALUE), false);
            test.pass(Duration.ofSeconds(1));
            test.answer("b1", Delivery.accepted());

            assertThat(letters(test)).hasSize(2);
            assertThat(test.ledger().deadLettered()).isEqualTo(5);
            assertThat(test.ledger().state()).isEqualTo(Ledger.State.DELIVERING);
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("are bounded in bytes too")
    void fullOfBytes() throws Exception {
        try (OutboxUnderTest test = new OutboxUnderTest(
                        directory,
                        OutboxUnderTest.Kind.IN_ORDER,
                        new SettingsInHand(),
                        new DeadLetterSettings(1_000, new ByteSize(64 * 1_024)))
                .started()) {
            test.publish(test.messages.sized('a', 40_000));
            test.publish(test.messages.sized('b', 40_000));
            test.answerAll(ScriptedTarget.NEVER);

            assertThat(letters(test)).hasSize(1);
            assertThat(test.ledger().waiting()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("that no room was found for are found again by a restart")
    void fullAndRestarted() throws Exception {
        try (OutboxUnderTest test = new OutboxUnderTest(
                        directory,
                        OutboxUnderTest.Kind.IN_ORDER,
                        new SettingsInHand(),
                        new DeadLetterSettings(1, new ByteSize(1 << 20)))
                .started()) {
            test.publish("a1", "a2", "a3");
            test.answerAll(ScriptedTarget.NEVER);

            test.restarted();
            test.outboxes().deadLetters().drop(DeadLetterSelection.all(), false);
            test.target.answers(Delivery.accepted());
            test.target.forget();
            test.started();

            assertThat(test.target.taken()).containsExactly("a2", "a3");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("are sent to an endpoint as well, in the same write, with what is known of them")
    void copies() throws Exception {
        try (OutboxUnderTest test = lanes(new SettingsInHand())) {
            ScriptedTarget archive = new ScriptedTarget();
            Outbox copies = test.open(COPIES, new Target(archive, false, null));
            test.outbox().copyDeadLettersTo(copies);
            test.started();
            Message message = test.messages.expiring("a1", 60);
            test.target.answers(ScriptedTarget.NEVER);
            test.publish(message);

            Message copy = archive.first().message();
            assertThat(copy.id()).isNotEqualTo(message.id());
            assertThat(copy.payload()).isEqualTo(message.payload());
            assertThat(copy.properties().expirySeconds()).isNull();
            assertThat(copy.properties().userProperties())
                    .containsExactly(
                            new UserProperty("gantry-id", message.id().toString()),
                            new UserProperty("gantry-outbox", "telemetry/kafka"),
                            new UserProperty("gantry-error", "cannot be read"),
                            new UserProperty("gantry-attempts", "1"));
            assertThat(letters(test)).hasSize(1);
            assertThat(copies.ledger().waiting()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("whose copy is rejected too end there: they are kept once")
    void copyRejected() throws Exception {
        try (OutboxUnderTest test = lanes(new SettingsInHand())) {
            ScriptedTarget archive = new ScriptedTarget();
            Outbox copies = test.open(COPIES, new Target(archive, false, null));
            test.outbox().copyDeadLettersTo(copies);
            test.started();
            archive.answers(ScriptedTarget.NEVER);
            test.target.answers(ScriptedTarget.NEVER);
            test.publish("a1");

            assertThat(letters(test)).hasSize(1);
            assertThat(copies.ledger().deadLettered()).isEqualTo(1);
            assertThat(copies.ledger().waiting()).isZero();
            assertThat(archive.offered()).hasSize(1);
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("can be sent again, under their identity and in order")
    void replay() throws Exception {
        try (OutboxUnderTest test = lanes(new SettingsInHand())) {
            test.target.answers(ScriptedTarget.NEVER);
            Message message = test.messages.named("a1");
            test.publish(message);
            test.publish("a2", "b1");
            test.target.answersLater();
            test.target.forget();

            assertThat(test.outboxes().deadLetters().replay(DeadLetterSelection.all(), true))
                    .isEqualTo(new DeadLetters.Report(3, Map.of()));
            test.run();
            assertThat(test.target.offered()).isEmpty();

            assertThat(test.outboxes()
                            .deadLetters()
                            .replay(DeadLetterSelection.all(), false)
                            .done())
                    .isEqualTo(3);
            test.run();
            assertThat(test.target.first().message().id()).isEqualTo(message.id());
            test.answerAll(Delivery.accepted());
            test.answerAll(Delivery.accepted());

            assertThat(test.target.taken()).containsExactly("a1", "b1", "a2");
            assertThat(letters(test)).isEmpty();
            assertThat(test.ledger().replayed()).isEqualTo(3);
            assertThat(test.ledger().accepted()).isEqualTo(6);
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("are chosen by route, target, identity and time")
    void chosen() throws Exception {
        try (OutboxUnderTest test = lanes(new SettingsInHand())) {
            test.target.answers(ScriptedTarget.NEVER);
            long before = test.time.clock.millis();
            Message first = test.messages.named("a1");
            test.publish(first);
            test.pass(Duration.ofMinutes(1));
            long between = test.time.clock.millis();
            test.publish("b1");

            assertThat(chosen(test, "telemetry", null, 0, Long.MAX_VALUE)).containsExactly("a1", "b1");
            assertThat(chosen(test, "telemetry/kafka", null, 0, Long.MAX_VALUE)).containsExactly("a1", "b1");
            assertThat(chosen(test, "tele", null, 0, Long.MAX_VALUE)).isEmpty();
            assertThat(chosen(test, null, first.id().toString(), 0, Long.MAX_VALUE))
                    .containsExactly("a1");
            assertThat(chosen(test, null, null, before, between)).containsExactly("a1");
            assertThat(chosen(test, null, null, between, Long.MAX_VALUE)).containsExactly("b1");
        }
    }

    @Test
    @DisplayName("stay where they are when the outbox has no room, whatever its policy, or when they have expired")
    void noRoomToReplay() throws Exception {
        try (OutboxUnderTest test = lanes(new SettingsInHand().buffer(64 * 1_024, WhenFull.DROP_NEWEST))) {
            test.target.answers(ScriptedTarget.NEVER);
            test.publish(test.messages.sized('a', 40_000));
            test.publish(test.messages.expiring("c1", 60));
            test.target.answersLater();
            test.publish(test.messages.sized('b', 40_000));
            test.pass(Duration.ofMinutes(1));

            DeadLetters.Report report = test.outboxes().deadLetters().replay(DeadLetterSelection.all(), false);
            test.run();

            assertThat(report.done()).isZero();
            assertThat(report.left()).hasSize(2);
            assertThat(letters(test)).hasSize(2);
            assertThat(test.dropped(Ledger.DropReason.FULL_NEWEST)).isZero();
        }
    }

    @Test
    @DisplayName(
            "that were given up for their age are tried anew, also after a restart, as if they had come at the replay")
    void ageCountsFromTheReplay() throws Exception {
        SettingsInHand settings = new SettingsInHand();
        try (OutboxUnderTest test = lanes(settings)) {
            test.target.answers(ScriptedTarget.AWAY);
            test.publish("a1");
            test.pass(settings.made().givesUpAfter().plusDays(1));
            assertThat(letters(test)).hasSize(1);

            assertThat(test.outboxes().deadLetters().replay(DeadLetterSelection.all(), false))
                    .isEqualTo(new DeadLetters.Report(1, Map.of()));
            test.run();
            test.restarted().started();
            assertThat(letters(test)).isEmpty();
            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofMinutes(1));

            assertThat(test.ledger().delivered()).isEqualTo(1);
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("of a target that no route has any longer are left, and named")
    void targetGone() throws Exception {
        try (OutboxUnderTest test = lanes(new SettingsInHand())) {
            ScriptedTarget other = new ScriptedTarget();
            other.answers(ScriptedTarget.NEVER);
            Outbox gone = test.open(new OutboxName("old", "queue"), new Target(other, false, null));
            test.started();
            gone.offer(test.messages.named("a1"), delivery -> {});
            test.run();

            test.restarted().started();
            DeadLetters.Report report = test.outboxes().deadLetters().replay(DeadLetterSelection.all(), false);

            assertThat(report.done()).isZero();
            assertThat(report.left().keySet()).singleElement().asString().contains("old/queue");
        }
    }

    private OutboxUnderTest lanes(SettingsInHand settings) throws Exception {
        return new OutboxUnderTest(directory, OutboxUnderTest.Kind.SIDE_BY_SIDE, settings).started();
    }

    private static List<DeadLetter> letters(OutboxUnderTest test) {
        return test.outboxes().deadLetters().list(DeadLetterSelection.all(), 0, 100);
    }

    private static List<String> chosen(
            OutboxUnderTest test, @Nullable String route, @Nullable String id, long from, long before) {
        return test.outboxes().deadLetters().list(new DeadLetterSelection(route, id, from, before), 0, 100).stream()
                .map(letter -> letter.message().payload().asText())
                .toList();
    }
}

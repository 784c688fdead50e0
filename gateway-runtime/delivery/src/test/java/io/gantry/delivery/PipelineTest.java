// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The pipeline to a target that keeps order")
class PipelineTest {
    @TempDir
    Path directory;

    @Test
    @DisplayName("sends without waiting for what is before")
    void pipelined() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.publish("a1", "a2", "b1");

            assertThat(test.target.open()).containsExactly("a1", "a2", "b1");
        }
    }

    @Test
    @DisplayName(
            "after a failure sends nothing until all are answered; then what was not taken, in order, and only that")
    void failure() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.publish("a1", "a2", "a3", "a4");
            test.answer("a1", Delivery.accepted());
            test.answer("a3", ScriptedTarget.AWAY);
            test.publish("a5");
            assertThat(test.target.open()).containsExactly("a2", "a4");

            test.answer("a4", ScriptedTarget.AWAY);
            test.pass(Duration.ofMinutes(1));
            assertThat(test.target.open()).containsExactly("a2");

            test.target.forget();
            test.answer("a2", ScriptedTarget.AWAY);
            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofMillis(200));

            assertThat(test.target.taken()).containsExactly("a2", "a3", "a4", "a5");
            test.assertEmpty();
            assertThat(test.ledger().retried()).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("probes a target that came back with one message, then more and more")
    void probes() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.publish("a1", "a2", "a3", "a4", "a5");
            test.answerAll(ScriptedTarget.AWAY);

            test.pass(Duration.ofMillis(200));
            assertThat(test.target.open()).containsExactly("a1");

            test.answerAll(Delivery.accepted());
            assertThat(test.target.open()).containsExactly("a2", "a3");

            test.answerAll(Delivery.accepted());
            assertThat(test.target.open()).containsExactly("a4", "a5");
        }
    }

    @Test
    @DisplayName("waits twice as long after each failure, up to the longest wait")
    void backOff() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.target.answers(ScriptedTarget.AWAY);
            test.publish("a1");

            test.pass(Duration.ofMinutes(2));

            // after 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6 s, then every 30 s: at 51, 81 and 111
            assertThat(test.target.offered()).hasSize(1 + 8 + 2);
            assertThat(test.ledger().state()).isEqualTo(Ledger.State.RETRYING);
            assertThat(test.ledger().lastError()).isEqualTo("away");
            assertThat(test.ledger().oldestMillis()).isEqualTo(120_000);
        }
    }

    @Test
    @DisplayName("comes back when the target said, and not before")
    void retryAfter() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.target.answers(busyFor(Duration.ofSeconds(90)));
            test.publish("a1");

            test.pass(Duration.ofMillis(89_999));
            assertThat(test.target.offered()).hasSize(1);

            test.pass(Duration.ofMillis(1));
            assertThat(test.target.offered()).hasSize(2);
        }
    }

    @Test
    @DisplayName("lets nobody send it away for more than 15 minutes")
    void retryAfterClamped() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.target.answers(busyFor(Duration.ofDays(300)));
            test.publish("a1");

            test.pass(Duration.ofMinutes(15));

            assertThat(test.target.offered()).hasSize(2);
        }
    }

    @Test
    @DisplayName("gives up what has failed for too long: it becomes a dead letter, and the others go on")
    void givesUp() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand().giveUpAfter(Duration.ofSeconds(10)))) {
            test.target.answers(
                    message -> message.payload().asText().equals("a1") ? ScriptedTarget.AWAY : Delivery.accepted());
            test.publish("a1");

            test.pass(Duration.ofMinutes(1));
            test.publish("a2");
            test.pass(Duration.ofMinutes(1));

            assertThat(test.ledger().deadLettered()).isEqualTo(1);
            assertThat(test.target.taken()).containsExactly("a2");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("gives nothing up while somebody must mend the target; it probes it slowly")
    void parked() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand().giveUpAfter(Duration.ofSeconds(10)))) {
            test.target.answers(ScriptedTarget.MEND);
            test.publish("a1", "a2");

            test.pass(Duration.ofHours(1));

            assertThat(test.target.offered()).hasSize(2 + 60 - 1);
            assertThat(test.ledger().deadLettered()).isZero();
            assertThat(test.ledger().state()).isEqualTo(Ledger.State.PARKED);

            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofMinutes(1));

            assertThat(test.target.taken()).containsExactly("a1", "a2");
            assertThat(test.ledger().state()).isEqualTo(Ledger.State.DELIVERING);
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("a rejected message is kept as a dead letter and holds up nobody")
    void rejected() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.publish("a1", "a2", "a3");
            test.answer("a2", ScriptedTarget.NEVER);
            test.answerAll(Delivery.accepted());

            assertThat(test.target.taken()).containsExactly("a1", "a3");
            assertThat(test.ledger().deadLettered()).isEqualTo(1);
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("a target that throws has failed for now")
    void throwing() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.target.answers(message -> {
                throw new IllegalStateException("broken");
            });
            test.publish("a1");
            assertThat(test.ledger().waiting()).isEqualTo(1);

            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofMillis(200));

            assertThat(test.target.taken()).containsExactly("a1");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("only the first answer to an attempt counts")
    void answeredTwice() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.publish("a1");
            ScriptedTarget.Offer offer = test.target.answer("a1", Delivery.accepted());
            offer.acknowledgement().complete(ScriptedTarget.AWAY);
            test.run();
            offer.acknowledgement().complete(ScriptedTarget.NEVER);
            test.run();

            assertThat(test.ledger().delivered()).isEqualTo(1);
            assertThat(test.target.offered()).containsExactly("a1");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("QoS 0 has one attempt; the failure holds up the others like any")
    void qos0() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.publish("a1", Qos.AT_MOST_ONCE);
            test.publish("a2");
            test.answer("a1", ScriptedTarget.AWAY);
            test.answer("a2", ScriptedTarget.AWAY);
            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofSeconds(1));

            assertThat(test.target.offered()).containsExactly("a1", "a2", "a2");
            assertThat(test.dropped(Ledger.DropReason.ATTEMPT_FAILED)).isEqualTo(1);
            test.assertEmpty();
        }
    }

    private OutboxUnderTest outbox(SettingsInHand settings) throws Exception {
        return new OutboxUnderTest(directory, OutboxUnderTest.Kind.IN_ORDER, settings).started();
    }

    private static Delivery busyFor(Duration time) {
        return new Delivery.Unavailable(ReasonCode.SERVER_UNAVAILABLE, "busy", Retry.after(time));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The lanes to a target that does not keep order")
class LanesTest {
    @TempDir
    Path directory;

    @Test
    @DisplayName("one message of a device is under way at a time, those of several devices side by side")
    void sideBySide() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.publish("a1", "a2", "b1", "b2", "c1");
            assertThat(test.target.open()).containsExactly("a1", "b1", "c1");

            test.answer("b1", Delivery.accepted());
            assertThat(test.target.open()).containsExactly("a1", "c1", "b2");
        }
    }

    @Test
    @DisplayName("no more are under way than may be in parallel")
    void parallel() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand().parallel(2))) {
            test.publish("a1", "b1", "c1");
            assertThat(test.target.open()).containsExactly("a1", "b1");

            test.answer("a1", Delivery.accepted());
            assertThat(test.target.open()).containsExactly("b1", "c1");
        }
    }

    @Test
    @DisplayName("without an order every message is on its own")
    void noOrder() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand().order(OrderKey.NONE))) {
            test.publish("a1", "a2", "a3");

            assertThat(test.target.open()).containsExactly("a1", "a2", "a3");
        }
    }

    @Test
    @DisplayName("with the Topic Name as order key one of each Topic Name is under way")
    void byTopic() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand().order(OrderKey.TOPIC))) {
            test.publish("a1", "a2", "b1");

            assertThat(test.target.open()).containsExactly("a1", "b1");
        }
    }

    @Test
    @DisplayName("a message that fails holds up its own lane alone")
    void failingLane() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.target.answers(
                    message -> message.payload().asText().equals("a1") ? ScriptedTarget.AWAY : Delivery.accepted());
            test.publish("a1", "a2", "b1", "b2", "c1");
            assertThat(test.target.taken()).containsExactly("b1", "b2", "c1");

            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofMillis(200));

            assertThat(test.target.taken()).containsExactly("b1", "b2", "c1", "a1", "a2");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName(
            "one poison message becomes a dead letter after give-up-after; its lane goes on then, the others always")
    void poison() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand().giveUpAfter(Duration.ofSeconds(5)))) {
            test.target.answers(
                    message -> message.payload().asText().equals("a1") ? ScriptedTarget.AWAY : Delivery.accepted());
            test.publish("a1", "a2");
            for (int i = 0; i < 20; i++) {
                test.publish("b" + i);
                test.pass(Duration.ofMillis(500));
            }

            assertThat(test.target.taken()).hasSize(21).contains("a2", "b19");
            assertThat(test.ledger().deadLettered()).isEqualTo(1);
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("what is not answered in time has failed, and what is said later is not heard")
    void timeout() throws Exception {
        try (OutboxUnderTest test =
                outbox(new SettingsInHand().retry(SettingsInHand.retry(5, Duration.ofSeconds(10))))) {
            test.publish("a1", "a2");
            ScriptedTarget.Offer silent = test.target.first();

            test.pass(Duration.ofMillis(10_450));
            assertThat(test.target.offered()).containsExactly("a1", "a1");
            assertThat(test.ledger().lastError()).contains("not answered in time");

            silent.acknowledgement().complete(Delivery.accepted());
            test.run();
            assertThat(test.ledger().delivered()).isZero();
            assertThat(test.target.offered()).containsExactly("a1", "a1");
        }
    }

    @Test
    @DisplayName("after several failures in a row the whole target rests, and one message tries it again")
    void breaker() throws Exception {
        try (OutboxUnderTest test =
                outbox(new SettingsInHand().order(OrderKey.NONE).parallel(8))) {
            for (int i = 0; i < 20; i++) {
                test.publish("a" + i);
            }
            assertThat(test.target.open()).hasSize(8);
            test.answerAll(ScriptedTarget.AWAY);
            assertThat(test.target.open()).isEmpty();

            // one burst is one failure of the target, however many were under way
            test.pass(Duration.ofMillis(200));
            assertThat(test.target.open()).hasSize(1);

            test.answerAll(Delivery.accepted());
            assertThat(test.target.open()).hasSize(2);
            test.answerAll(Delivery.accepted());
            assertThat(test.target.open()).hasSize(4);
        }
    }

    @Test
    @DisplayName("a target that goes up and down again and again is not stormed")
    void flapping() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand().order(OrderKey.NONE))) {
            int[] count = {0};
            test.target.answers(message -> count[0]++ % 10 < 4 ? Delivery.accepted() : ScriptedTarget.AWAY);
            for (int i = 0; i < 500; i++) {
                test.take(test.messages.named("a" + i));
            }
            test.run();

            test.target.forget();
            test.pass(Duration.ofSeconds(10));

            // at most a few each 200 ms, though 500 wait
            assertThat(test.target.offered().size()).isBetween(10, 150);
        }
    }

    @Test
    @DisplayName("what is parked is probed by one message, whatever the lanes")
    void parked() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.target.answers(ScriptedTarget.MEND);
            test.publish("a1");
            test.publish("b1", "c1", "d1");
            assertThat(test.target.offered()).containsExactly("a1");
            assertThat(test.ledger().state()).isEqualTo(Ledger.State.PARKED);

            test.pass(Duration.ofMinutes(10));
            assertThat(test.target.offered()).hasSize(11);

            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofMinutes(2));
            assertThat(test.target.taken()).containsExactlyInAnyOrder("a1", "b1", "c1", "d1");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("Retry-After holds for the lane that was told so")
    void retryAfter() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand())) {
            test.target.answers(new Delivery.Unavailable(
                    ReasonCode.SERVER_UNAVAILABLE, "busy", Retry.after(Duration.ofSeconds(30))));
            test.publish("a1");
            test.target.answers(Delivery.accepted());

            test.pass(Duration.ofMillis(29_999));
            assertThat(test.target.offered()).containsExactly("a1");

            test.pass(Duration.ofMillis(1));
            assertThat(test.target.taken()).containsExactly("a1");
        }
    }

    @Test
    @DisplayName("while a lane is held up, no more is taken ahead than may be in memory")
    void readAhead() throws Exception {
        try (OutboxUnderTest test = outbox(new SettingsInHand().memory(10, 1 << 20))) {
            for (int i = 0; i < 100; i++) {
                test.take(test.messages.named("a" + i));
            }
            test.run();

            assertThat(test.store().pagesRead()).isLessThanOrEqualTo(1);
            test.target.answers(Delivery.accepted());
            test.answerAll(Delivery.accepted());
            assertThat(test.target.taken()).hasSize(100);
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

            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofMillis(200));

            assertThat(test.target.taken()).containsExactly("a1");
            test.assertEmpty();
        }
    }

    private OutboxUnderTest outbox(SettingsInHand settings) throws Exception {
        return new OutboxUnderTest(directory, OutboxUnderTest.Kind.SIDE_BY_SIDE, settings).started();
    }
}

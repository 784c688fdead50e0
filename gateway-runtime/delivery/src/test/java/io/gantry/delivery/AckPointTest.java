// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The ack point")
class AckPointTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    @DisplayName("received: acknowledged at once, tried again from memory, never on disk")
    void received(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = outbox(kind, new SettingsInHand().ack(AckPoint.RECEIVED))) {
            test.target.answers(ScriptedTarget.AWAY);
            test.publish("a1");
            assertThat(test.lastAnswer()).isEqualTo(Delivery.accepted());
            assertThat(test.stored()).isEmpty();

            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofSeconds(1));

            assertThat(test.target.taken()).containsExactly("a1");
            test.assertEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("delivered: answered as the target did, in one attempt, and in no book before")
    void delivered(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = outbox(kind, new SettingsInHand().ack(AckPoint.DELIVERED))) {
            test.publish("a1");
            assertThat(test.answers).isEmpty();
            assertThat(test.ledger().accepted()).isZero();
            test.answer("a1", Delivery.accepted());
            assertThat(test.lastAnswer()).isEqualTo(Delivery.accepted());

            test.publish("a2");
            test.answer("a2", ScriptedTarget.AWAY);
            assertThat(test.lastAnswer()).isEqualTo(ScriptedTarget.AWAY);

            test.publish("a3");
            test.answer("a3", ScriptedTarget.NEVER);
            assertThat(test.lastAnswer()).isEqualTo(ScriptedTarget.NEVER);

            test.pass(Duration.ofMinutes(5));
            assertThat(test.target.offered()).containsExactly("a1", "a2", "a3");
            assertThat(test.answers).hasSize(3);
            assertThat(test.ledger().delivered()).isEqualTo(1);
            assertThat(test.ledger().refused()).isEqualTo(1);
            assertThat(test.ledger().deadLettered()).isEqualTo(1);
            test.assertEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("delivered: memory is bounded in messages, and free again after each answer")
    void boundedInMessages(OutboxUnderTest.Kind kind) throws Exception {
        twoFit(kind, new SettingsInHand().memory(2, 1 << 20));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("delivered: memory is bounded in bytes, and free again after each answer")
    void boundedInBytes(OutboxUnderTest.Kind kind) throws Exception {
        twoFit(kind, new SettingsInHand().memory(1_000, 2 * 137));
    }

    private void twoFit(OutboxUnderTest.Kind kind, SettingsInHand settings) throws Exception {
        try (OutboxUnderTest test = outbox(kind, settings.ack(AckPoint.DELIVERED))) {
            for (int i = 0; i < 10; i++) {
                test.publish("a1", "b1");
                test.publish("c1");
                assertThat(test.lastAnswer()).isInstanceOf(Delivery.Unavailable.class);
                assertThat(test.target.open()).containsExactly("a1", "b1");

                test.answerAll(i % 2 == 0 ? Delivery.accepted() : ScriptedTarget.AWAY);
                assertThat(test.answers).hasSize(3 * (i + 1));
            }
            test.assertEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("QoS 0 has one attempt, and is dropped and counted when it fails or when there is no memory")
    void qos0(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = outbox(kind, new SettingsInHand().memory(2, 1 << 20))) {
            test.publish("a1", Qos.AT_MOST_ONCE);
            test.publish("b1", Qos.AT_MOST_ONCE);
            test.publish("c1", Qos.AT_MOST_ONCE);
            assertThat(test.lastAnswer()).isEqualTo(Delivery.accepted());
            assertThat(test.dropped(Ledger.DropReason.NO_MEMORY)).isEqualTo(1);

            test.answer("a1", ScriptedTarget.AWAY);
            test.answer("b1", ScriptedTarget.NEVER);
            test.pass(Duration.ofMinutes(5));

            assertThat(test.target.offered()).containsExactly("a1", "b1");
            assertThat(test.dropped(Ledger.DropReason.ATTEMPT_FAILED)).isEqualTo(2);
            assertThat(test.outboxes().deadLetters().messages()).isZero();
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("a rejected message whose device was told so is kept as well")
    void rejectedAndTold() throws Exception {
        try (OutboxUnderTest test =
                outbox(OutboxUnderTest.Kind.IN_ORDER, new SettingsInHand().ack(AckPoint.DELIVERED))) {
            test.target.answers(ScriptedTarget.NEVER);
            test.publish("a1");

            assertThat(test.answers).containsExactly(ScriptedTarget.NEVER);
            assertThat(test.outboxes().deadLetters().messages()).isEqualTo(1);
            assertThat(test.ledger().accepted()).isEqualTo(1);
            test.assertEmpty();
        }
    }

    private OutboxUnderTest outbox(OutboxUnderTest.Kind kind, SettingsInHand settings) throws Exception {
        return new OutboxUnderTest(directory, kind, settings).started();
    }
}

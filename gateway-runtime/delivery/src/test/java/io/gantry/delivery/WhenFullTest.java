// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("An outbox that is full")
class WhenFullTest {
    private static final int KIB = 1_024;
    private static final long ROOM = 64 * KIB;

    @TempDir
    Path directory;

    @Test
    @DisplayName("refuses, and takes again what there is room for")
    void refuses() throws Exception {
        try (OutboxUnderTest test = outbox(OutboxUnderTest.Kind.IN_ORDER, WhenFull.REFUSE)) {
            test.publish(test.messages.sized('a', 40 * KIB));
            test.publish(test.messages.sized('b', 40 * KIB));

            assertThat(test.lastAnswer()).isInstanceOf(Delivery.Unavailable.class);
            assertThat(test.ledger().refused()).isEqualTo(1);

            test.answerAll(Delivery.accepted());
            test.publish(test.messages.sized('b', 40 * KIB));
            assertThat(test.lastAnswer()).isEqualTo(Delivery.accepted());
            test.answerAll(Delivery.accepted());
            test.assertEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("has all its room again after many times its size")
    void roomIsFreed(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = outbox(kind, WhenFull.REFUSE)) {
            for (int i = 0; i < 40; i++) {
                Delivery answer =
                        List.of(Delivery.accepted(), ScriptedTarget.NEVER).get(i % 2);
                test.target.answers(answer);
                test.publish(test.messages.sized('a', 40 * KIB));
                assertThat(test.lastAnswer()).isEqualTo(Delivery.accepted());
                if (i % 2 == 1) {
                    test.outboxes().deadLetters().drop(DeadLetterSelection.all(), false);
                }
                test.store().refuses(true);
                test.publish(test.messages.sized('a', 40 * KIB));
                test.store().refuses(false);
            }
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("drops the newest, acknowledged and counted")
    void dropsNewest() throws Exception {
        try (OutboxUnderTest test = outbox(OutboxUnderTest.Kind.IN_ORDER, WhenFull.DROP_NEWEST)) {
            test.publish(test.messages.sized('a', 40 * KIB));
            test.publish(test.messages.sized('b', 40 * KIB));

            assertThat(test.lastAnswer()).isEqualTo(Delivery.accepted());
            assertThat(test.dropped(Ledger.DropReason.FULL_NEWEST)).isEqualTo(1);
            test.answerAll(Delivery.accepted());
            assertThat(test.ledger().delivered()).isEqualTo(1);
            test.assertEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("drops the oldest also while the target is away, for as long as it takes")
    void dropsOldest(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = outbox(kind, WhenFull.DROP_OLDEST)) {
            test.target.answers(ScriptedTarget.AWAY);
            int published = 500;
            for (int i = 0; i < published; i++) {
                test.publish(test.messages.sized((char) ('a' + i % 26), 5 * KIB));
                assertThat(test.lastAnswer()).isEqualTo(Delivery.accepted());
                test.pass(Duration.ofMillis(50));
            }
            assertThat(test.onDisk().bytes()).isLessThanOrEqualTo(ROOM);
            assertThat(test.dropped(Ledger.DropReason.FULL_OLDEST)).isGreaterThan(480);

            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofMinutes(2));

            assertThat(test.ledger().delivered())
                    .isEqualTo(published - test.dropped(Ledger.DropReason.FULL_OLDEST))
                    .isGreaterThan(5);
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("that drops its oldest does so from what is on disk alone, too")
    void dropsOldestFromDisk() throws Exception {
        try (OutboxUnderTest test = new OutboxUnderTest(
                directory,
                OutboxUnderTest.Kind.IN_ORDER,
                new SettingsInHand().buffer(ROOM, WhenFull.DROP_OLDEST).memory(3, 20 * KIB))) {
            for (int i = 0; i < 15; i++) {
                test.take(test.messages.sized((char) ('a' + i), 7 * KIB));
            }
            test.target.answers(Delivery.accepted());
            test.started();

            // eight, or nine with what was over, fit
            assertThat(test.ledger().delivered()).isBetween(8L, 9L);
            assertThat(test.target.taken().get(test.target.taken().size() - 1)).startsWith("o");
            test.assertEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("has no room for what is larger than all of it")
    void tooLarge(WhenFull policy) throws Exception {
        try (OutboxUnderTest test = outbox(OutboxUnderTest.Kind.IN_ORDER, policy)) {
            test.publish(test.messages.sized('a', 65 * KIB));

            boolean dropped = policy == WhenFull.DROP_NEWEST;
            assertThat(test.lastAnswer()).isInstanceOf(dropped ? Delivery.Accepted.class : Delivery.Unavailable.class);
            assertThat(test.ledger().refused()).isEqualTo(dropped ? 0 : 1);
            assertThat(test.dropped(Ledger.DropReason.FULL_NEWEST)).isEqualTo(dropped ? 1 : 0);
            test.assertEmpty();
        }
    }

    private OutboxUnderTest outbox(OutboxUnderTest.Kind kind, WhenFull policy) throws Exception {
        return new OutboxUnderTest(directory, kind, new SettingsInHand().buffer(ROOM, policy)).started();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Ten outboxes on one worker")
class BulkheadTest {
    private static final int ROUNDS = 200;

    @TempDir
    Path directory;

    private enum Trouble {
        /** Refuses every time. */
        AWAY,
        /** Takes and never answers. */
        SILENT,
        /** Throws. */
        BROKEN,
        /** Takes nothing at all, ever. */
        REJECTING
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("of which one has a dead target: the other nine deliver everything at once, and it is not stormed")
    void oneDeadTarget(Trouble trouble) throws Exception {
        try (OutboxUnderTest test =
                new OutboxUnderTest(directory, OutboxUnderTest.Kind.SIDE_BY_SIDE, new SettingsInHand())) {
            List<Outbox> others = new ArrayList<>();
            for (int i = 1; i < 10; i++) {
                ScriptedTarget target = new ScriptedTarget();
                target.answers(Delivery.accepted());
                others.add(test.open(new OutboxName("route", "target-" + i), new Target(target, i % 2 == 0, null)));
            }
            test.target.answers(message -> switch (trouble) {
                case AWAY -> ScriptedTarget.AWAY;
                case SILENT -> null;
                case BROKEN -> throw new IllegalStateException("broken");
                case REJECTING -> ScriptedTarget.NEVER;
            });
            test.started();

            for (int round = 1; round <= ROUNDS; round++) {
                test.take(test.messages.named("a" + round));
                for (Outbox other : others) {
                    other.offer(test.messages.named("a" + round), delivery -> {});
                }
                test.pass(Duration.ofMillis(10));
                for (Outbox other : others) {
                    assertThat(other.ledger().delivered()).isEqualTo(round);
                }
            }
            if (trouble != Trouble.REJECTING) {
                assertThat(test.ledger().waiting()).isEqualTo(ROUNDS);
                assertThat(test.target.offered()).hasSizeLessThan(10);
            }
        }
    }
}

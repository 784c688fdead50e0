// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Messages that wait for long")
class AgeTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    @DisplayName("[5.0/MQTT-3.3.2-5] are not sent when their Message Expiry Interval has run out")
    void expired(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = outbox(kind, new SettingsInHand().parallel(1))) {
            test.target.answers(ScriptedTarget.AWAY);
            test.publish(test.messages.expiring("a1", 5));
            test.publish(test.messages.expiring("b1", 5));
            test.publish("c1");
            test.pass(Duration.ofSeconds(10));
            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofMinutes(1));

            assertThat(test.target.taken()).containsExactly("c1");
            assertThat(test.ledger().expired()).isEqualTo(2);
            test.assertEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("that expired on disk, in any number, are passed over")
    void manyExpired(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = outbox(kind, new SettingsInHand())) {
            for (int i = 0; i < 5_000; i++) {
                test.outbox().offer(test.messages.expiring("a" + i, 60), test.answers::add);
            }
            test.take(test.messages.named("b1"));
            test.time.pass(Duration.ofMinutes(2), () -> {});

            test.restarted();
            test.target.answers(Delivery.accepted());
            test.target.forget();
            test.started();

            assertThat(test.target.taken()).containsExactly("b1");
            assertThat(test.ledger().expired()).isEqualTo(5_000);
            test.assertEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("are dropped and counted when they were not tried within max-age")
    void tooOld(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test =
                outbox(kind, new SettingsInHand().maxAge(Duration.ofMinutes(1)).parallel(1))) {
            test.publish("a1", "a2");
            test.restarted();
            test.time.pass(Duration.ofMinutes(2), () -> {});
            test.target.answers(Delivery.accepted());
            test.publish("a3");
            test.started();

            assertThat(test.target.taken()).containsExactly("a3");
            assertThat(test.dropped(Ledger.DropReason.TOO_OLD)).isEqualTo(2);
            test.assertEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("do not mind the clock being set back or forward by an hour: waits go on, nothing is lost")
    void clockSet(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = outbox(kind, new SettingsInHand())) {
            test.target.answers(ScriptedTarget.AWAY);
            test.publish("a1");
            test.time.clock.move(Duration.ofHours(-1));
            test.publish("b1");
            assertThat(test.ledger().oldestMillis()).isZero();
            test.pass(Duration.ofSeconds(2));
            test.time.clock.move(Duration.ofHours(2));
            int before = test.target.offered().size();
            test.target.answers(Delivery.accepted());
            test.pass(Duration.ofSeconds(30));

            assertThat(test.target.offered()).hasSizeGreaterThan(before);
            assertThat(test.target.taken()).containsExactlyInAnyOrder("a1", "b1");
            test.assertEmpty();
        }
    }

    private OutboxUnderTest outbox(OutboxUnderTest.Kind kind, SettingsInHand settings) throws Exception {
        return new OutboxUnderTest(directory, kind, settings).started();
    }
}

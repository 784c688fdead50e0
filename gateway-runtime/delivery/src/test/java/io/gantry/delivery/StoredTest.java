// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("What waits on disk")
class StoredTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    @DisplayName("a stored message is acknowledged, delivered, and then gone from the disk")
    void delivered(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = new OutboxUnderTest(directory, kind, new SettingsInHand()).started()) {
            test.publish("a1");

            assertThat(test.lastAnswer()).isEqualTo(Delivery.accepted());
            assertThat(test.stored()).containsExactly("a1");
            assertThat(test.ledger().waiting()).isEqualTo(1);

            test.answer("a1", Delivery.accepted());

            test.assertEmpty();
            assertThat(test.ledger().delivered()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a restart finds what was left, in order, and the books open with it")
    void restart(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = new OutboxUnderTest(directory, kind, new SettingsInHand().parallel(1)).started()) {
            test.publish("a1", "a2", "a3");
            test.answer("a1", Delivery.accepted());

            test.restarted();

            assertThat(test.ledger().accepted()).isEqualTo(2);
            assertThat(test.ledger().waiting()).isEqualTo(2);
            test.target.forget();
            test.target.answers(Delivery.accepted());
            test.started();
            assertThat(test.target.taken()).containsExactly("a2", "a3");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("what comes while a restarted outbox still reads comes after what it found")
    void newBehindOld() throws Exception {
        try (OutboxUnderTest test = pipeline(new SettingsInHand())) {
            test.publish("a1", "a2");

            test.restarted();
            test.take(test.messages.named("a3"));
            test.target.forget();
            test.target.answers(Delivery.accepted());
            test.started();

            assertThat(test.target.taken()).containsExactly("a1", "a2", "a3");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("ten thousand through a memory of ten keep their order, and nothing is read back that fits")
    void tenThousand() throws Exception {
        try (OutboxUnderTest test = pipeline(new SettingsInHand().memory(10, 4_000))) {
            List<String> published = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                published.add("a" + i);
                test.outbox().offer(test.messages.named("a" + i), test.answers::add);
            }
            test.store().awaitWritten();

            test.target.answers(Delivery.accepted());
            test.started();

            assertThat(test.target.taken()).isEqualTo(published);
            assertThat(test.ledger().delivered()).isEqualTo(10_000);
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("what fits into memory is not read back")
    void memory() throws Exception {
        try (OutboxUnderTest test = pipeline(new SettingsInHand())) {
            test.started();
            test.target.answers(Delivery.accepted());

            for (int i = 0; i < 100; i++) {
                test.publish("a" + i);
            }

            assertThat(test.store().pagesRead()).isZero();
            assertThat(test.target.taken()).hasSize(100);
        }
    }

    @Test
    @DisplayName("QoS 0 keeps its place among those that are read back")
    void qos0InPlace() throws Exception {
        try (OutboxUnderTest test = pipeline(new SettingsInHand().memory(4, 1 << 20))) {
            test.take(test.messages.named("a1"));
            test.take(test.messages.named("a2"));
            test.take(test.messages.named("a3", Qos.AT_MOST_ONCE));
            test.take(test.messages.named("a4"));
            test.take(test.messages.named("a5"));
            test.take(test.messages.named("a6"));

            test.target.answers(Delivery.accepted());
            test.started();

            assertThat(test.target.taken()).containsExactly("a1", "a2", "a3", "a4", "a5", "a6");
        }
    }

    @Test
    @DisplayName("QoS 0 that comes behind what is on disk alone is sent between those it came between")
    void qos0BetweenPages() throws Exception {
        try (OutboxUnderTest test = pipeline(new SettingsInHand())) {
            test.publish("a1", "a2");
            test.restarted();
            test.take(test.messages.named("a3", Qos.AT_MOST_ONCE));
            test.take(test.messages.named("a4"));
            test.take(test.messages.named("a5", Qos.AT_MOST_ONCE));
            test.take(test.messages.named("a6"));

            test.target.answers(Delivery.accepted());
            test.started();

            assertThat(test.target.taken()).containsExactly("a1", "a2", "a3", "a4", "a5", "a6");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("a message whose write is refused is not taken, and leaves no trace")
    void refusedWrite() throws Exception {
        try (OutboxUnderTest test = pipeline(new SettingsInHand()).started()) {
            test.store().refuses(true);
            test.publish("a1");

            assertThat(test.lastAnswer()).isInstanceOf(Delivery.Unavailable.class);
            assertThat(test.ledger().refused()).isEqualTo(1);
            assertThat(test.ledger().accepted()).isZero();

            test.store().refuses(false);
            test.target.answers(Delivery.accepted());
            test.publish("a2");

            assertThat(test.target.taken()).containsExactly("a2");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName(
            "a store that refuses to take out is asked again after a second, not at once, and not only when something comes")
    void refusedClearing() throws Exception {
        try (OutboxUnderTest test = pipeline(new SettingsInHand()).started()) {
            test.publish("a1");
            test.store().refuses(true);

            test.answer("a1", Delivery.accepted());

            assertThat(test.store().refused()).isEqualTo(1);
            test.pass(Duration.ofMillis(3_500));
            assertThat(test.store().refused()).isEqualTo(4);
            assertThat(test.stored()).containsExactly("a1");

            test.store().refuses(false);
            test.pass(Duration.ofSeconds(1));

            test.assertEmpty();
            assertThat(test.target.offered()).containsExactly("a1");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a disk that cannot be read for a while is read again after a second, and what was taken goes on")
    void broken(OutboxUnderTest.Kind kind) throws Exception {
        try (OutboxUnderTest test = new OutboxUnderTest(directory, kind, new SettingsInHand())) {
            test.publish("a1", "a2");
            test.restarted();
            test.store().breaksReading(true);
            test.target.answers(Delivery.accepted());
            test.started();
            test.pass(Duration.ofSeconds(5));
            assertThat(test.target.offered()).isEmpty();

            test.store().breaksReading(false);
            test.pass(Duration.ofSeconds(1));

            assertThat(test.target.taken()).containsExactly("a1", "a2");
            test.assertEmpty();
        }
    }

    @Test
    @DisplayName("behind one that is held up the others leave the disk, and memory")
    void heldUp() throws Exception {
        try (OutboxUnderTest test = lanes(new SettingsInHand()).started()) {
            test.target.answers(message -> message.payload().asText().equals("a0") ? null : Delivery.accepted());
            test.publish("a0");

            for (int i = 0; i < 200; i++) {
                test.publish("b" + i);
            }

            assertThat(test.stored()).containsExactly("a0");
            test.answer("a0", Delivery.accepted());
            test.assertEmpty();
        }
    }

    private OutboxUnderTest pipeline(SettingsInHand settings) throws Exception {
        return new OutboxUnderTest(directory, OutboxUnderTest.Kind.IN_ORDER, settings);
    }

    private OutboxUnderTest lanes(SettingsInHand settings) throws Exception {
        return new OutboxUnderTest(directory, OutboxUnderTest.Kind.SIDE_BY_SIDE, settings);
    }
}

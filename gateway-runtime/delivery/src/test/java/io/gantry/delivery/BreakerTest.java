// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Retry;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The circuit breaker")
class BreakerTest {
    private static final RetrySettings SETTINGS = SettingsInHand.retry(5, Duration.ofMinutes(2));

    private final Breaker breaker = new Breaker(SETTINGS, new Random(1));
    private long now = Long.MAX_VALUE - 5;

    @Test
    @DisplayName("lets everything through until the failures in a row are too many")
    void closed() {
        for (int i = 0; i < 4; i++) {
            breaker.failedOne(Retry.soon(), now);
        }
        assertThat(breaker.allowed(now)).isEqualTo(Integer.MAX_VALUE);
        breaker.succeeded();
        for (int i = 0; i < 4; i++) {
            breaker.failedOne(Retry.soon(), now);
        }
        assertThat(breaker.allowed(now)).isEqualTo(Integer.MAX_VALUE);

        breaker.failedOne(Retry.soon(), now);

        assertThat(breaker.allowed(now)).isZero();
        assertThat(breaker.state()).isEqualTo(Ledger.State.RETRYING);
    }

    @Test
    @DisplayName("counts a burst that fails together once, so that the wait after it is the first one")
    void burst() {
        for (int i = 0; i < 100; i++) {
            breaker.failedOne(Retry.soon(), now);
        }

        assertThat(Duration.ofNanos(breaker.waitNanos(now))).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    @DisplayName("waits twice as long each time, up to the longest wait; the count of nanoseconds may overflow")
    void grows() {
        for (int millis : new int[] {200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000}) {
            breaker.failed(Retry.soon(), now);
            pass(Duration.ofMillis(millis - 1));
            assertThat(breaker.allowed(now)).isZero();
            pass(Duration.ofMillis(1));
            assertThat(breaker.allowed(now)).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("opens by one more with each success, and shuts again at the first failure of those few")
    void opens() {
        breaker.failed(Retry.soon(), now);
        pass(Duration.ofMillis(200));
        assertThat(breaker.allowed(now)).isEqualTo(1);
        breaker.succeeded();
        assertThat(breaker.allowed(now)).isEqualTo(2);
        breaker.succeeded();
        breaker.succeeded();
        assertThat(breaker.allowed(now)).isEqualTo(4);

        breaker.failedOne(Retry.soon(), now);

        assertThat(breaker.allowed(now)).isZero();
    }

    @Test
    @DisplayName("is not opened by what was under way before it shut")
    void lateSuccess() {
        breaker.failed(Retry.soon(), now);
        breaker.succeeded();
        assertThat(breaker.allowed(now)).isZero();

        pass(Duration.ofMillis(200));
        assertThat(breaker.allowed(now)).isEqualTo(1);
    }

    @Test
    @DisplayName("stays shut longer when a later answer of the same burst asks for it")
    void asksForMore() {
        for (int i = 0; i < 5; i++) {
            breaker.failedOne(Retry.soon(), now);
        }
        breaker.failedOne(Retry.after(Duration.ofSeconds(7)), now);
        assertThat(Duration.ofNanos(breaker.waitNanos(now))).isEqualTo(Duration.ofSeconds(7));

        breaker.failedOne(Retry.whenMended(), now);
        assertThat(Duration.ofNanos(breaker.waitNanos(now))).isEqualTo(Duration.ofMinutes(1));
        assertThat(breaker.state()).isEqualTo(Ledger.State.PARKED);
    }

    @Test
    @DisplayName("leaves to chance only the share of a wait that it is given")
    void jitter() {
        Breaker chancy = new Breaker(
                new RetrySettings(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        0.2,
                        5,
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(2)),
                new Random(7));
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 1_000; i++) {
            long millis = chancy.waitAfter(Retry.soon(), 0).toMillis();
            least = Math.min(least, millis);
            most = Math.max(most, millis);
        }

        assertThat(least).isBetween(800L, 820L);
        assertThat(most).isBetween(980L, 1_000L);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}

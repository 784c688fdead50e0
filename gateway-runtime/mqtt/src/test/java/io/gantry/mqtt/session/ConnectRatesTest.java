// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.mqtt.TestLimits;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How often a Client Identifier connects")
class ConnectRatesTest {
    private static final ClientId ONE = new ClientId("d1");

    private final Counters counters = new Counters();
    private final ConnectRates rates = ratesOf(2);

    private ConnectRates ratesOf(int most) {
        return new ConnectRates(
                TestLimits.with(TestLimits.with("maxConnectsPerMinute", most), "maxConnectBan", Duration.ofSeconds(35)),
                counters);
    }

    @Test
    @DisplayName("is bounded within a minute, and each has its own bound")
    void bounded() {
        assertThat(rates.isExceededBy(ONE, 0)).isFalse();
        assertThat(rates.isExceededBy(ONE, 100)).isFalse();
        assertThat(rates.isExceededBy(ONE, 59_999)).isTrue();

        assertThat(rates.isExceededBy(new ClientId("d2"), 59_999)).isFalse();
        assertThat(rates.isExceededBy(ONE, 60_000)).isTrue();
        assertThat(rates.isExceededBy(ONE, 69_999)).isFalse();
        assertThat(counters.of(Counter.CLIENT_IDS_BANNED)).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "slows it down: not let in for twice as long each time, up to the longest, and from the start again when"
                    + " it has kept quiet for as long [A35]")
    void slowedDown() {
        assertBanned(0, 10_000);
        assertBanned(10_000, 30_000);
        assertBanned(30_000, 65_000);
        assertBanned(65_000, 100_000);

        assertBanned(135_000, 145_000);
        assertThat(rates.isExceededBy(ONE, 145_000)).isFalse();
        assertThat(counters.of(Counter.CLIENT_IDS_BANNED)).isEqualTo(5);
    }

    private void assertBanned(long fromMillis, long toMillis) {
        assertThat(rates.isExceededBy(ONE, fromMillis)).isFalse();
        assertThat(rates.isExceededBy(ONE, fromMillis)).isFalse();
        assertThat(rates.isExceededBy(ONE, fromMillis)).isTrue();
        assertThat(rates.isExceededBy(ONE, toMillis - 1)).isTrue();
    }

    @Test
    @DisplayName("is not limited by 0, nor for longer when the clock is set back")
    void unlimited() {
        ConnectRates none = ratesOf(0);
        for (int i = 0; i < 100; i++) {
            assertThat(none.isExceededBy(ONE, 0)).isFalse();
            assertThat(rates.isExceededBy(ONE, -i * 1_000L)).isFalse();
        }
    }
}

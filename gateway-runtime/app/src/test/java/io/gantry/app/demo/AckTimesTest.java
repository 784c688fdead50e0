// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The demo's histogram of PUBACK times")
class AckTimesTest {
    private final AckTimes times = new AckTimes();

    @Test
    @DisplayName("shows 0 while there is nothing")
    void empty() {
        assertThat(times.counted().millis(0.99)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 15, 16, 17, 999, 1_000, 65_535, 65_536, 1_000_000, 60_000_000})
    @DisplayName("gives a single time back, exact to a sixteenth")
    void exactToASixteenth(long micros) {
        times.add(TimeUnit.MICROSECONDS.toNanos(micros));

        assertThat(times.counted().millis(0.5)).isGreaterThanOrEqualTo(micros / 1_000.0);
        assertThat(times.counted().millis(0.5)).isCloseTo(micros / 1_000.0, Percentage.withPercentage(6.25));
    }

    @Test
    @DisplayName("p50 and p99 of 1 to 1000 ms are 500 and 990 ms")
    void quantiles() {
        for (int millis = 1; millis <= 1_000; millis++) {
            times.add(TimeUnit.MILLISECONDS.toNanos(millis));
        }

        assertThat(times.counted().millis(0.5)).isCloseTo(500, within(32.0));
        assertThat(times.counted().millis(0.99)).isCloseTo(990, within(62.0));
    }

    @Test
    @DisplayName("can be asked for what came since an earlier moment")
    void since() {
        times.add(TimeUnit.SECONDS.toNanos(1));
        AckTimes.Counted earlier = times.counted();

        times.add(TimeUnit.MILLISECONDS.toNanos(1));

        assertThat(times.counted().since(earlier).millis(1)).isLessThan(1.1);
        assertThat(times.counted().since(AckTimes.Counted.NOTHING).millis(1)).isGreaterThan(999);
    }

    @Test
    @DisplayName("a time beyond all measure falls into the last bucket")
    void beyondMeasure() {
        times.add(Long.MAX_VALUE);

        assertThat(times.counted().millis(1)).isPositive();
    }
}

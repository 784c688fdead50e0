// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The bounds of a setting")
class BoundsTest {
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofHours(1);

    @ParameterizedTest
    @ValueSource(longs = {100, 101, 3_600_000})
    @DisplayName("allow what lies between them, and themselves")
    void allowed(long millis) {
        assertThatCode(() -> Bounds.within("wait", Duration.ofMillis(millis), LEAST, MOST))
                .doesNotThrowAnyException();
        assertThatCode(() -> Bounds.within("wait", millis, 100, 3_600_000)).doesNotThrowAnyException();
        assertThatCode(() -> Bounds.within("wait", new ByteSize(millis), 100, 3_600_000))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"99,99ms", "3600001,3600001ms", "0,0s", "7200000,2h"})
    @DisplayName("refuse what lies beyond, and say of what key, what was found and what was expected")
    void refused(long millis, String found) {
        assertThatThrownBy(() -> Bounds.within("wait", Duration.ofMillis(millis), LEAST, MOST))
                .isInstanceOfSatisfying(InvalidSettingException.class, refusal -> assertThat(refusal.key())
                        .contains("wait"))
                .hasMessage("must be 100ms to 1h, was " + found);
        assertThatThrownBy(() -> Bounds.within("wait", millis, 100, 3_600_000))
                .hasMessage("must be 100 to 3600000, was " + millis);
    }

    @Test
    @DisplayName("are shown as bytes when they are")
    void bytes() {
        assertThatThrownBy(() -> Bounds.within("size", new ByteSize(1), 1_024, 1 << 20))
                .hasMessage("must be 1KiB to 1MiB, was 1");
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "1,1ms", "1500,1500ms", "1000,1s", "90000,90s", "60000,1m", "5400000,90m", "86400000,1d"})
    @DisplayName("are times in the unit that users would take")
    void units(long millis, String shown) {
        assertThat(Bounds.shown(Duration.ofMillis(millis))).isEqualTo(shown);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("How often a Client Identifier connects")
class ConnectRatesTest {
    private static final ClientId ONE = new ClientId("d1");

    private final ConnectRates rates = new ConnectRates(2);

    @Test
    @DisplayName("is bounded within a minute, and each has its own bound")
    void bounded() {
        assertThat(rates.isExceededBy(ONE, 0)).isFalse();
        assertThat(rates.isExceededBy(ONE, 100)).isFalse();
        assertThat(rates.isExceededBy(ONE, 59_999)).isTrue();

        assertThat(rates.isExceededBy(new ClientId("d2"), 59_999)).isFalse();
        assertThat(rates.isExceededBy(ONE, 60_000)).isFalse();
    }

    @Test
    @DisplayName("is not limited by 0, nor for longer when the clock is set back")
    void unlimited() {
        ConnectRates none = new ConnectRates(0);
        for (int i = 0; i < 100; i++) {
            assertThat(none.isExceededBy(ONE, 0)).isFalse();
            assertThat(rates.isExceededBy(ONE, -i * 1_000L)).isFalse();
        }
    }
}

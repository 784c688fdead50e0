// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The age of a transaction")
class TransactionAgeTest {
    private static final Duration LIMIT = Duration.ofHours(1);

    @Test
    @DisplayName("is below the limit only when both clocks say so: one of them stands still in a suspended machine")
    void bothClocks() {
        long nanos = System.nanoTime();
        long millis = System.currentTimeMillis();

        assertThat(TransactionAge.now().isBelow(LIMIT)).isTrue();
        assertThat(new TransactionAge(nanos - LIMIT.toNanos(), millis).isBelow(LIMIT))
                .isFalse();
        assertThat(new TransactionAge(nanos, millis - LIMIT.toMillis()).isBelow(LIMIT))
                .isFalse();
    }
}

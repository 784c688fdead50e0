// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The demo's pacer")
class PacerTest {

    @Test
    @DisplayName("takes no longer and not much less than the rate says")
    void keepsTheRate() throws InterruptedException {
        CountDownLatch steps = new CountDownLatch(200);
        long start = System.nanoTime();

        try (Pacer pacer = Pacer.start("test", 1_000, steps::countDown)) {
            assertThat(steps.await(120, TimeUnit.SECONDS)).isTrue();
            assertThat(pacer).isNotNull();
        }

        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(150));
    }

    @Test
    @DisplayName("does nothing more once it is closed")
    void stops() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        Pacer pacer = Pacer.start("test", 1_000, () -> {
            steps.incrementAndGet();
            first.countDown();
        });
        assertThat(first.await(120, TimeUnit.SECONDS)).isTrue();

        pacer.close();
        int atClose = steps.get();

        assertThat(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(steps).hasValue(atClose);
    }
}

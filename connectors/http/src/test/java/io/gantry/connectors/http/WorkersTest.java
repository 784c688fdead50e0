// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The threads of an HTTP endpoint")
class WorkersTest {

    @Test
    @DisplayName("run so many requests, let so many wait, and refuse further ones without making anyone wait")
    void bounded() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        try (Workers workers = new Workers("api", 2, 3)) {
            Runnable request = () -> {
                running.incrementAndGet();
                awaitUninterrupted(go);
            };
            for (int i = 0; i < 5; i++) {
                workers.run(request, ended::incrementAndGet);
            }
            assertThatThrownBy(() -> workers.run(request, ended::incrementAndGet))
                    .isInstanceOf(RejectedExecutionException.class);
            Harness.soon().until(() -> running.get() == 2);
            assertThat(ended).hasValue(0);

            go.countDown();
            Harness.soon().until(() -> ended.get() == 5);
            assertThat(running).hasValue(5);
        }
    }

    @Test
    @DisplayName("have room for a request as soon as one is told to have ended")
    void roomFirst() {
        try (Workers workers = new Workers("api", 1, 0)) {
            for (int i = 0; i < 1_000; i++) {
                CompletableFuture<Boolean> ended = new CompletableFuture<>();
                workers.run(() -> {}, () -> ended.complete(true));
                assertThat(ended).succeedsWithin(Duration.ofMinutes(2));
            }
        }
    }

    @Test
    @DisplayName("take nothing more once they are closed")
    void closed() {
        Workers workers = new Workers("api", 1, 0);
        workers.close();

        assertThatThrownBy(() -> workers.run(() -> {}, () -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> workers.run(() -> {}, () -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}

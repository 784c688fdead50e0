// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Mailbox;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a device's messages cost those they go to")
class FanOutTest {
    private final Queue<Runnable> home = new ArrayDeque<>();
    private final FanOut fanOut = new FanOut(new Mailbox(home::add, failure -> {}));
    private int caughtUp;

    FanOutTest() {
        fanOut.onCaughtUp(() -> caughtUp++);
    }

    private void handedOver(int deliveries) {
        for (int i = 0; i < deliveries; i++) {
            fanOut.handedOver();
        }
    }

    private void taken(int deliveries) {
        for (int i = 0; i < deliveries; i++) {
            fanOut.taken();
        }
    }

    private void runHome() {
        while (!home.isEmpty()) {
            home.remove().run();
        }
    }

    @Test
    @DisplayName("its turn is over after 256 deliveries on its own loop, and begins anew")
    void turn() {
        for (int i = 0; i < FanOut.TURN - 1; i++) {
            fanOut.delivered();
        }
        assertThat(fanOut.isTurnOver()).isFalse();
        fanOut.delivered();
        assertThat(fanOut.isTurnOver()).isTrue();

        fanOut.beginTurn();

        assertThat(fanOut.isTurnOver()).isFalse();
    }

    @Test
    @DisplayName("it waits when 1,024 deliveries have not been taken by other loops, and is told once half of them are")
    void ahead() {
        handedOver(FanOut.MOST_UNDER_WAY - 1);
        assertThat(fanOut.isTooFarAhead()).isFalse();
        handedOver(1);
        assertThat(fanOut.isTooFarAhead()).isTrue();

        taken(FanOut.MOST_UNDER_WAY / 2 - 1);
        runHome();
        assertThat(caughtUp).isZero();
        taken(FanOut.MOST_UNDER_WAY / 2 + 1);
        runHome();

        assertThat(caughtUp).isEqualTo(1);
        assertThat(fanOut.isTooFarAhead()).isFalse();
    }

    @Test
    @DisplayName("nobody is told who does not wait")
    void nobodyWaits() {
        handedOver(FanOut.MOST_UNDER_WAY);
        taken(FanOut.MOST_UNDER_WAY);
        runHome();

        assertThat(caughtUp).isZero();
    }

    @Test
    @DisplayName("however the other loop is in between, who waits is told")
    void races() throws InterruptedException {
        ExecutorService loops = Executors.newFixedThreadPool(2);
        ExecutorService homeLoop = Executors.newSingleThreadExecutor();
        FanOut raced = new FanOut(new Mailbox(homeLoop, failure -> {}));
        try {
            for (int round = 0; round < 300; round++) {
                CountDownLatch told = new CountDownLatch(1);
                CountDownLatch begun = new CountDownLatch(1);
                for (int i = 0; i < FanOut.MOST_UNDER_WAY; i++) {
                    raced.handedOver();
                }
                loops.execute(() -> {
                    awaitUninterruptibly(begun);
                    for (int i = 0; i < FanOut.MOST_UNDER_WAY; i++) {
                        raced.taken();
                    }
                });
                homeLoop.execute(() -> {
                    raced.onCaughtUp(told::countDown);
                    begun.countDown();
                    if (!raced.isTooFarAhead()) {
                        told.countDown();
                    }
                });
                assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            loops.shutdown();
            homeLoop.shutdown();
            assertThat(loops.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            assertThat(homeLoop.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

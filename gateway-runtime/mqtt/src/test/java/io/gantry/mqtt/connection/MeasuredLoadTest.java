// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What there can be too much of is measured:")
class MeasuredLoadTest {
    private static final double WHOLE = 100;

    @Test
    @DisplayName("the heap, by what a collection has left")
    void heap() {
        HeapInUse heap = new HeapInUse();
        int size = Math.toIntExact(Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8));
        double share = WHOLE * size / Runtime.getRuntime().maxMemory();
        System.gc();
        double before = heap.percent();

        List<byte[]> kept = new ArrayList<>(List.of(new byte[size]));
        System.gc();
        double with = heap.percent();
        Reference.reachabilityFence(kept);
        kept.clear();
        System.gc();

        assertThat(before).isPositive();
        assertThat(with).isBetween(before + share / 2, WHOLE);
        assertThat(heap.percent()).isLessThan(with - share / 2);
    }

    @Test
    @DisplayName("direct memory, as it is taken")
    void directMemory() {
        double before = DirectMemoryInUse.percent();

        ByteBuffer taken = ByteBuffer.allocateDirect(16 << 20);

        assertThat(DirectMemoryInUse.percent()).isGreaterThan(before).isLessThan(WHOLE);
        Reference.reachabilityFence(taken);
    }

    @Test
    @DisplayName("event loops by how long the slowest takes to get to something new, also while it has not")
    void loopLag() {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try {
            LoopLag lag = new LoopLag(group);
            CountDownLatch held = new CountDownLatch(1);
            group.next().execute(() -> {
                try {
                    held.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            });

            await().atMost(Duration.ofMinutes(2)).until(() -> lag.millis() >= 200);
            held.countDown();

            await().atMost(Duration.ofMinutes(2)).until(() -> lag.millis() < 100);
        } finally {
            group.shutdownGracefully();
        }
    }
}

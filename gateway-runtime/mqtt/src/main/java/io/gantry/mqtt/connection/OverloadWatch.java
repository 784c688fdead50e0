// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.session.Overload;
import io.gantry.mqtt.session.Overload.Cause;
import io.gantry.mqtt.session.Overload.Figures;
import io.gantry.mqtt.session.Overload.Step;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second at what there may be too much of, and at the heap after each garbage collection too, on a thread of its
 * own: event loops may be what is slow.
 */
public final class OverloadWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OverloadWatch.class);
    private static final long EVERY_MILLIS = 1_000;

    private final Overload overload;
    private final HeapInUse heap = new HeapInUse();
    private final LoopLag lag;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("gantry-mqtt-overload", true));

    private final AtomicBoolean isToLook = new AtomicBoolean();

    /** Does not look yet. */
    public OverloadWatch(Overload overload, EventLoopGroup group) {
        this.overload = overload;
        this.lag = new LoopLag(group);
    }

    /** Looks from now on, if there is a mark at all. */
    public void start() {
        if (overload.isWatched()) {
            thread.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
            heap.onCollection(this::collected);
        }
    }

    /** Collections may come faster than they can be looked at. */
    private void collected() {
        if (isToLook.compareAndSet(false, true)) {
            try {
                thread.execute(this::lookAtHeap);
            } catch (RejectedExecutionException closed) {
                // a last collection is told of while this is closed
                LOG.debug("nobody looks any more", closed);
            }
        }
    }

    private void lookAtHeap() {
        isToLook.set(false);
        carefully(() -> overload.afterCollection(heap.percent()));
    }

    private void look() {
        carefully(() -> {
            overload.look(new Figures(heap.percent(), DirectMemoryInUse.percent(), lag.millis()));
            if (overload.causes().getOrDefault(Cause.HEAP, Step.NONE) != Step.NONE) {
                heap.collectIfNobodyDoes();
            }
        });
    }

    private static void carefully(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException failure) {
            // or it would be the last look
            LOG.atError().setCause(failure).log("could not tell whether the gateway is overloaded");
        }
    }

    @Override
    public void close() {
        heap.close();
        thread.shutdownNow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.session.Overload;
import io.gantry.mqtt.session.Overload.Cause;
import io.gantry.mqtt.session.Overload.Figures;
import io.gantry.mqtt.session.Overload.Step;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks once a second at what there may be too much of, on a thread of its own: event loops may be what is slow. */
public final class OverloadWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OverloadWatch.class);
    private static final long EVERY_MILLIS = 1_000;

    private final Overload overload;
    private final HeapInUse heap = new HeapInUse();
    private final LoopLag lag;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("gantry-mqtt-overload", true));

    /** Does not look yet. */
    public OverloadWatch(Overload overload, EventLoopGroup group) {
        this.overload = overload;
        this.lag = new LoopLag(group);
    }

    /** Looks from now on, if there is a mark at all. */
    public void start() {
        if (overload.isWatched()) {
            thread.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            overload.look(new Figures(heap.percent(), DirectMemoryInUse.percent(), lag.millis()));
            if (overload.causes().getOrDefault(Cause.HEAP, Step.NONE) != Step.NONE) {
                heap.collectIfNobodyDoes();
            }
        } catch (RuntimeException failure) {
            // or it would be the last look
            LOG.atError().setCause(failure).log("could not tell whether the gateway is overloaded");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

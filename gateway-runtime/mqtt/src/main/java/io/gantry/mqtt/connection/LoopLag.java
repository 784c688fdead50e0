// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** How long event loops take to get to something new. One thread asks. */
final class LoopLag {
    private final List<Probe> probes = new ArrayList<>();

    /** Something new for one event loop, now and then. */
    private static final class Probe {
        private final EventExecutor loop;
        private long askedNanos;
        private volatile long answeredNanos;
        private volatile boolean answered = true;

        Probe(EventExecutor loop) {
            this.loop = loop;
            this.askedNanos = System.nanoTime();
            this.answeredNanos = askedNanos;
        }

        /** What the last one took, or takes so far. */
        long nanos() {
            boolean isThere = answered;
            long nanos = (isThere ? answeredNanos : System.nanoTime()) - askedNanos;
            if (isThere) {
                ask();
            }
            return nanos;
        }

        private void ask() {
            askedNanos = System.nanoTime();
            answered = false;
            try {
                loop.execute(this::answer);
            } catch (RejectedExecutionException stopped) {
                answered = true;
                answeredNanos = askedNanos;
            }
        }

        private void answer() {
            answeredNanos = System.nanoTime();
            answered = true;
        }
    }

    LoopLag(EventLoopGroup group) {
        group.forEach(loop -> probes.add(new Probe(loop)));
    }

    /** Of the slowest, since the last call. */
    double millis() {
        long longest = 0;
        for (Probe probe : probes) {
            longest = Math.max(longest, probe.nanos());
        }
        return (double) longest / TimeUnit.MILLISECONDS.toNanos(1);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ClientId;
import io.gantry.api.ReasonCode;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/** How fast one device is served: slows down what it publishes, and notices acknowledgements nobody waits for. */
final class Pace {
    private static final int MOST_UNKNOWN_ACKS_PER_SECOND = 1_000;

    private final ChannelHandlerContext ctx;
    private final ReadStops reading;
    private final Counters counters;
    private final TokenBucket publishes;
    private final TokenBucket unknownAcks;

    Pace(ChannelHandlerContext ctx, ReadStops reading, Counters counters, int maxPublishRate) {
        this.ctx = ctx;
        this.reading = reading;
        this.counters = counters;
        this.publishes = new TokenBucket(maxPublishRate, now());
        this.unknownAcks = new TokenBucket(MOST_UNKNOWN_ACKS_PER_SECOND, now());
    }

    /** One more message; when they come too fast, nothing is read for a while. */
    void onPublish(ClientId clientId) {
        if (!publishes.isEmptied()) {
            return;
        }
        long wait = publishes.waitNanos(now());
        if (wait > 0) {
            counters.count(Counter.PUBLISH_RATE_EXCEEDED);
            ViolationLog.refused(
                    ctx.channel(),
                    clientId.value(),
                    ReasonCode.MESSAGE_RATE_TOO_HIGH,
                    "more messages a second than max-publish-rate: read more slowly");
            reading.stop(ctx, ReadStops.Reason.TOO_FAST);
            ctx.executor().schedule(() -> reading.resume(ctx, ReadStops.Reason.TOO_FAST), wait, TimeUnit.NANOSECONDS);
        }
    }

    /** One more acknowledgement for a message that is not under way; true when there are too many. */
    boolean isTooManyUnknownAcks() {
        return unknownAcks.isEmptied() && unknownAcks.waitNanos(now()) > 0;
    }

    private long now() {
        return ctx.executor().ticker().nanoTime();
    }
}

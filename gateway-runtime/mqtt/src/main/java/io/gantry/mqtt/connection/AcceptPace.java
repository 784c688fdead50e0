// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Accepts no more connections per second than a listener may; the others wait in the operating system's queue, so that a
 * storm of them does not take the event loops from the devices that are connected.
 */
public final class AcceptPace extends ChannelInboundHandlerAdapter {
    private final int perSecond;
    private final Counters counters;
    private @Nullable TokenBucket accepts;

    /** For one listener; 0 for no limit. */
    public AcceptPace(int perSecond, Counters counters) {
        this.perSecond = perSecond;
        this.counters = counters;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object accepted) {
        long now = ctx.executor().ticker().nanoTime();
        TokenBucket bucket = accepts == null ? new TokenBucket(perSecond, now) : accepts;
        accepts = bucket;
        long wait = bucket.isEmptied() ? bucket.waitNanos(now) : 0;
        if (wait > 0 && ctx.channel().config().isAutoRead()) {
            counters.count(Counter.ACCEPT_RATE_EXCEEDED);
            ViolationLog.refused(
                    ctx.channel(),
                    "",
                    ReasonCode.CONNECTION_RATE_EXCEEDED,
                    "more connections a second than max-accept-rate: accepted more slowly");
            ctx.channel().config().setAutoRead(false);
            ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), wait, TimeUnit.NANOSECONDS);
        }
        ctx.fireChannelRead(accepted);
    }
}

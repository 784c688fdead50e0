// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.codec.PacketDecoder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gives each packet so much time from its first byte to its last: a device that sends one byte now and then would keep a
 * buffer for ever. Sits behind the decoder, which knows whether a packet has begun.
 */
final class PacketDeadline extends ChannelInboundHandlerAdapter {
    private final PacketDecoder decoder;
    private final long nanos;
    private final Runnable onLate;
    private @Nullable Future<?> check;
    private long progress;
    private long sinceNanos;

    /**
     * Nothing has begun yet.
     *
     * @param onLate is run when a packet takes longer
     */
    PacketDeadline(PacketDecoder decoder, long millis, Runnable onLate) {
        this.decoder = decoder;
        this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        this.onLate = onLate;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (decoder.awaitsRest()) {
            if (check == null || progress != decoder.progress()) {
                restart(ctx);
            }
            if (check == null) {
                checkIn(ctx, nanos);
            }
        }
        ctx.fireChannelReadComplete();
    }

    private void restart(ChannelHandlerContext ctx) {
        progress = decoder.progress();
        sinceNanos = ctx.executor().ticker().nanoTime();
    }

    /** One check for all packets of that time: most of them are over when it comes. */
    private void checkIn(ChannelHandlerContext ctx, long inNanos) {
        check = ctx.executor().schedule(() -> check(ctx), inNanos, TimeUnit.NANOSECONDS);
    }

    private void check(ChannelHandlerContext ctx) {
        check = null;
        if (!decoder.awaitsRest()) {
            return;
        }
        if (progress != decoder.progress()) {
            restart(ctx);
        }
        long left = nanos - (ctx.executor().ticker().nanoTime() - sinceNanos);
        if (left <= 0) {
            onLate.run();
        } else {
            checkIn(ctx, left);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (check != null) {
            check.cancel(false);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.codec.PacketDecoder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives each packet, or frame of WebSocket, so much time from its first byte to its last: a device that sends one byte now
 * and then would keep a buffer for ever. Sits behind what knows whether one has begun.
 */
final class PacketDeadline extends ChannelInboundHandlerAdapter {
    private final BooleanSupplier awaitsRest;
    private final LongSupplier progressNow;
    private final long nanos;
    private final Runnable onLate;
    private @Nullable Future<?> check;
    private long progress;
    private long sinceNanos;

    /** For packets. */
    static PacketDeadline ofPackets(PacketDecoder decoder, long millis, Runnable onLate) {
        return new PacketDeadline(decoder::awaitsRest, decoder::progress, millis, onLate);
    }

    /** For frames of WebSocket: while packets are not read, nor are frames, and that is not the device's fault. */
    static PacketDeadline ofFrames(WebSocketFrames frames, PacketDecoder decoder, long millis, Runnable onLate) {
        return new PacketDeadline(
                () -> frames.awaitsRest() && !decoder.isPaused(),
                () -> frames.progress() + decoder.progress(),
                millis,
                onLate);
    }

    /**
     * Nothing has begun yet.
     *
     * @param awaitsRest whether a part is there and the device is to send the rest
     * @param progressNow another number whenever a whole has come: what is there in part has begun after that
     * @param onLate is run when one takes longer
     */
    private PacketDeadline(BooleanSupplier awaitsRest, LongSupplier progressNow, long millis, Runnable onLate) {
        this.awaitsRest = awaitsRest;
        this.progressNow = progressNow;
        this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        this.onLate = onLate;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (awaitsRest.getAsBoolean()) {
            if (check == null || progress != progressNow.getAsLong()) {
                restart(ctx);
            }
            if (check == null) {
                checkIn(ctx, nanos);
            }
        }
        ctx.fireChannelReadComplete();
    }

    private void restart(ChannelHandlerContext ctx) {
        progress = progressNow.getAsLong();
        sinceNanos = ctx.executor().ticker().nanoTime();
    }

    /** One check for all packets of that time: most of them are over when it comes. */
    private void checkIn(ChannelHandlerContext ctx, long inNanos) {
        check = ctx.executor().schedule(() -> check(ctx), inNanos, TimeUnit.NANOSECONDS);
    }

    private void check(ChannelHandlerContext ctx) {
        check = null;
        if (!awaitsRest.getAsBoolean()) {
            return;
        }
        if (progress != progressNow.getAsLong()) {
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

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import io.gantry.mqtt.packet.MalformedPacket;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.PacketType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Makes packets of the bytes a device sends, one {@link Packet} per {@code channelRead}. At the first bytes that are none
 * it passes one {@link MalformedPacket} on and drops everything after it; who receives it closes the channel.
 *
 * <p>While paused it keeps what comes and passes nothing on. It pauses by itself after CONNECT, so that the channel can
 * move to another event loop before anything else is read from it. How much can pile up meanwhile is decided by who
 * pauses: turn auto-read off as well. What is still buffered when the channel closes is dropped.
 *
 * <p>One instance belongs to one channel and is only called on the event loop the channel is registered with.
 */
public final class PacketDecoder extends ChannelInboundHandlerAdapter {

    private final FixedHeader header;

    private final PacketBytes bytes = new PacketBytes();

    private final PacketReader reader;

    private @Nullable ChannelHandlerContext context;

    private @Nullable ByteBuf received;

    private boolean paused;

    private boolean emitting;

    private boolean broken;

    private long progress;

    public PacketDecoder(DecoderLimits limits) {
        this.header = new FixedHeader(limits.maxPacketSize());
        this.reader = new PacketReader(limits);
    }

    /** Passes nothing on until {@link #resume()}; takes effect at once, also from within a {@code channelRead}. */
    public void pause() {
        paused = true;
    }

    /**
     * Passes on what was kept, in its order, followed by a {@code channelReadComplete}. Called from within a
     * {@code channelRead} it only ends the pause, and the packets follow when that call has returned.
     */
    public void resume() {
        paused = false;
        progress++;
        ChannelHandlerContext ctx = context;
        if (emitting || ctx == null) {
            return;
        }
        emitting = true;
        try {
            // Whoever resumes again while this runs is served by the loop, not by one more stack frame per packet.
            while (emit(ctx)) {
                ctx.fireChannelReadComplete();
            }
        } finally {
            emitting = false;
        }
    }

    /** Whether it passes nothing on for now. */
    public boolean isPaused() {
        return paused;
    }

    /** Whether it has a part of a packet and waits for the device to send the rest. */
    public boolean awaitsRest() {
        ByteBuf kept = received;
        return !paused && kept != null && kept.isReadable();
    }

    /** Another number whenever a packet was passed on or a pause has ended: the device could not be blamed before. */
    public long progress() {
        return progress;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        context = null;
        release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf more)) {
            ctx.fireChannelRead(message);
            return;
        }
        if (broken) {
            more.release();
            return;
        }
        ByteBuf kept = received;
        received = kept == null ? more : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), kept, more);
        if (emitting) {
            return;
        }
        emitting = true;
        try {
            emit(ctx);
        } finally {
            emitting = false;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ByteBuf kept = received;
        if (kept != null && kept.refCnt() == 1) {
            kept.discardSomeReadBytes();
        }
        ctx.fireChannelReadComplete();
    }

    /** Passes on as many packets as there are, unless it is paused meanwhile; true when there was one. */
    private boolean emit(ChannelHandlerContext ctx) {
        boolean any = false;
        while (!paused) {
            ByteBuf in = received;
            if (in == null) {
                return any;
            }
            Object packet = next(in);
            if (packet == null) {
                break;
            }
            any = true;
            progress++;
            ctx.fireChannelRead(packet);
        }
        ByteBuf in = received;
        if (in != null && !in.isReadable()) {
            release();
        }
        return any;
    }

    /** The next Packet or the one MalformedPacket; null when its bytes are not all there. */
    private @Nullable Object next(ByteBuf in) {
        try {
            if (!header.read(in, reader.connectedVersion())
                    || in.readableBytes() < header.size() + header.remainingLength()) {
                return null;
            }
            bytes.wrap(in, in.readerIndex() + header.size(), header.remainingLength());
            Packet packet = reader.read(header.type(), header.flags(), bytes);
            in.skipBytes(header.size() + header.remainingLength());
            paused |= header.type() == PacketType.CONNECT;
            return packet;
        } catch (RejectedPacketException rejected) {
            broken = true;
            release();
            return new MalformedPacket(
                    reader.spokenVersion(), rejected.rule().reasonCode(), rejected.detail(reader.spokenVersion()));
        } finally {
            bytes.unwrap();
        }
    }

    private void release() {
        ByteBuf kept = received;
        if (kept != null) {
            received = null;
            kept.release();
        }
    }
}

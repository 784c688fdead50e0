// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * Takes the bytes of packets out of binary frames, wherever those begin and end [5.0/MQTT-6.0.0-2], and puts the packets
 * sent into binary frames. Everything after it in the pipeline is as over TCP.
 */
final class WebSocketFrames extends ChannelDuplexHandler {
    private final Counters counters;
    private boolean closing;
    private long frames;
    private long framesBefore;
    private boolean awaitsRest;

    WebSocketFrames(Counters counters) {
        this.counters = counters;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        frames++;
        if (!(read instanceof WebSocketFrame frame)) {
            ctx.fireChannelRead(read);
        } else if (closing) {
            frame.release();
        } else if (frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            ctx.fireChannelRead(frame.content());
        } else {
            try {
                onOther(ctx, frame);
            } finally {
                frame.release();
            }
        }
    }

    /** Bytes have come: a frame that they do not end has begun. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        awaitsRest = frames == framesBefore;
        framesBefore = frames;
        ctx.fireChannelReadComplete();
    }

    /** Whether a frame has begun and the device is to send the rest. */
    boolean awaitsRest() {
        return awaitsRest;
    }

    /** Another number whenever a frame has come. */
    long progress() {
        return frames;
    }

    private void onOther(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (frame instanceof PingWebSocketFrame) {
            // a device that does not read its answers does not make them pile up
            if (ctx.channel().isWritable()) {
                ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
            }
        } else if (frame instanceof TextWebSocketFrame) {
            violation(ctx, WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "a text frame [5.0/MQTT-6.0.0-1]");
        } else if (frame instanceof CloseWebSocketFrame) {
            close(ctx, WebSocketCloseStatus.NORMAL_CLOSURE, ctx.newPromise());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            violation(ctx, corrupted.closeStatus(), String.valueOf(corrupted.getMessage()));
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    private void violation(ChannelHandlerContext ctx, WebSocketCloseStatus status, String detail) {
        if (!closing) {
            counters.count(Counter.PACKETS_MALFORMED);
            ViolationLog.log(ctx.channel(), "", ReasonCode.PROTOCOL_ERROR, "WebSocket: " + detail);
            close(ctx, status, ctx.newPromise());
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object written, ChannelPromise promise) {
        // an empty buffer only carries a listener and must not become a frame
        boolean packets = written instanceof ByteBuf bytes && bytes.isReadable();
        ctx.write(packets ? new BinaryWebSocketFrame((ByteBuf) written) : written, promise);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        close(ctx, WebSocketCloseStatus.NORMAL_CLOSURE, promise);
    }

    /** Does not wait for the device to close: one that does not read would keep the connection. */
    private void close(ChannelHandlerContext ctx, WebSocketCloseStatus status, ChannelPromise promise) {
        if (!closing && ctx.channel().isActive()) {
            closing = true;
            ctx.writeAndFlush(new CloseWebSocketFrame(status, ""));
        }
        ctx.close(promise);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.session.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** Stands behind TLS: says why a handshake failed, and gives who has shown a certificate to the listener to look after. */
final class TlsGuard extends ChannelInboundHandlerAdapter {
    private final TlsListener listener;
    private final TlsRecords records;
    private final int trustAtStart;
    private boolean failed;

    TlsGuard(TlsListener listener, TlsRecords records) {
        this.listener = listener;
        this.records = records;
        this.trustAtStart = listener.trustNow();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        records.carried(((ByteBuf) read).readableBytes());
        ctx.fireChannelRead(read);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                records.secured();
                listener.counters().count(Counter.TLS_HANDSHAKES);
                listener.proved(ctx.channel(), trustAtStart);
            } else {
                onFailure(ctx, handshake.cause());
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private void onFailure(ChannelHandlerContext ctx, Throwable cause) {
        failed = true;
        if (!records.hasBegun()) {
            // somebody looks whether the port is open
            return;
        }
        listener.counters().count(Counter.TLS_HANDSHAKES_FAILED);
        ViolationLog.log(ctx.channel(), "", ReasonCode.PROTOCOL_ERROR, "no TLS handshake: " + shortText(cause));
    }

    /** What Netty says of bytes that are no TLS quotes them: there may be a password in them. */
    private static String shortText(Throwable cause) {
        if (cause instanceof NotSslRecordException) {
            return "speaks no TLS; a device that does not may be for mqtt:// or ws://";
        }
        Throwable deepest = cause;
        for (int depth = 0; depth < 10 && deepest.getCause() != null; depth++) {
            deepest = deepest.getCause();
        }
        String text = deepest.getMessage();
        return text == null ? deepest.getClass().getSimpleName() : text;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean ofTls = cause.getCause() instanceof javax.net.ssl.SSLException;
        if (ofTls && !failed) {
            failed = true;
            listener.counters().count(Counter.TLS_VIOLATIONS);
            ViolationLog.log(ctx.channel(), "", ReasonCode.PROTOCOL_ERROR, "broken TLS: " + shortText(cause));
        }
        ctx.fireExceptionCaught(cause);
    }
}

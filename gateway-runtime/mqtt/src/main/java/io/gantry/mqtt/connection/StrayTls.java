// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** The first in a pipeline without TLS: says of who begins with TLS what is wrong, and is gone after the first bytes. */
public final class StrayTls extends ChannelInboundHandlerAdapter {
    private static final int HANDSHAKE = 0x16;

    private final Counters counters;

    public StrayTls(Counters counters) {
        this.counters = counters;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf bytes = (ByteBuf) read;
        if (!bytes.isReadable()) {
            bytes.release();
        } else if (bytes.getByte(bytes.readerIndex()) == HANDSHAKE) {
            // as a packet it would be a CONNECT with flags that must not be
            bytes.release();
            counters.count(Counter.PACKETS_MALFORMED);
            ViolationLog.log(
                    ctx.channel(), "", ReasonCode.PROTOCOL_ERROR, "speaks TLS; for that, listen on mqtts:// or wss://");
            ctx.close();
        } else {
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(bytes);
        }
    }
}

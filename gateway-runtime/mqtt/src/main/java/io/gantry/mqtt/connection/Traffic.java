// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Counts the bytes that go over the network, from next to it. One instance serves all channels. */
@Sharable
public final class Traffic extends ChannelDuplexHandler {
    private final Counters counters;

    public Traffic(Counters counters) {
        this.counters = counters;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        counters.add(Counter.BYTES_RECEIVED, ((ByteBuf) read).readableBytes());
        ctx.fireChannelRead(read);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object written, ChannelPromise promise) {
        counters.add(Counter.BYTES_SENT, ((ByteBuf) written).readableBytes());
        ctx.write(written, promise);
    }
}

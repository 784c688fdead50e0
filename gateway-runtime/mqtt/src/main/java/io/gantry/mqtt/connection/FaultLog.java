// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.session.DeviceLog;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;

/** The end of every pipeline: logs faults of our own. A connection that breaks is none. */
@ChannelHandler.Sharable
public final class FaultLog extends ChannelInboundHandlerAdapter {

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            DeviceLog.fault(Peer.of(ctx.channel()), cause);
        }
    }
}

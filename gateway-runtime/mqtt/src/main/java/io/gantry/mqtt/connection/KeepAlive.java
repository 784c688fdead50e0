// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;

/** Sits behind the decoder, so that whole packets count and stray bytes do not [5.0/MQTT-3.1.2-22]. */
final class KeepAlive extends IdleStateHandler {
    private final DeviceConnection connection;

    KeepAlive(int keepAliveSeconds, DeviceConnection connection) {
        super(keepAliveSeconds * 1_500L, 0, 0, TimeUnit.MILLISECONDS);
        this.connection = connection;
    }

    @Override
    protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
        connection.onSilence();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CodecException;
import java.io.IOException;

/** What becomes of an exception that reaches a connection's last handler. */
final class Faults {

    private Faults() {}

    /**
     * Passes our own fault on to the pipeline's end, where it is logged. What a peer can bring about is an ordinary end: a
     * reset, or bytes that Netty's codecs for HTTP and WebSocket refuse.
     */
    static void passOn(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException) && !(cause instanceof CodecException)) {
            context.fireExceptionCaught(cause);
        }
    }
}

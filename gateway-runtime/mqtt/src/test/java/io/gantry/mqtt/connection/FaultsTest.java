// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An exception that ends a connection")
class FaultsTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            Faults.passOn(context, cause);
        }
    });

    @Test
    @DisplayName("is passed on to where it is logged when it is our own fault")
    void ours() {
        channel.pipeline().fireExceptionCaught(new IllegalStateException("a test breaks this"));

        assertThatIllegalStateException().isThrownBy(channel::checkException);
    }

    @Test
    @DisplayName("is not logged when the peer can bring it about: a reset, or bytes that a codec refuses")
    void thePeers() {
        channel.pipeline().fireExceptionCaught(new IOException("connection reset"));
        channel.pipeline().fireExceptionCaught(new DecoderException("not HTTP"));

        assertThatCode(channel::checkException).doesNotThrowAnyException();
    }
}

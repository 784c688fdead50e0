// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.Publish;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection that moves to another event loop after CONNECT")
class EventLoopMoveTest {

    private static final int MESSAGES = 500;

    private final MultiThreadIoEventLoopGroup arrival = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private final MultiThreadIoEventLoopGroup homes = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

    /** A packet, and whether it was read on the home loop. */
    private record Seen(Packet packet, boolean atHome) {}

    /** Moves the channel as soon as CONNECT is there, and lets the decoder go on from its new loop. */
    private final class Mover extends SimpleChannelInboundHandler<Packet> {

        private final PacketDecoder decoder;

        private final EventLoop home = homes.next();

        private Mover(PacketDecoder decoder) {
            this.decoder = decoder;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Packet packet) {
            seen.add(new Seen(packet, home.inEventLoop()));
            if (packet instanceof Connect) {
                Channel channel = ctx.channel();
                channel.config().setAutoRead(false);
                channel.deregister().addListener(left -> home.register(channel).addListener(arrived -> {
                    decoder.resume();
                    channel.config().setAutoRead(true);
                }));
            }
        }
    }

    @AfterEach
    void stop() {
        arrival.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        homes.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    @DisplayName("keeps every packet and their order, and reads all but CONNECT on its new loop")
    void move() throws IOException, InterruptedException {
        InetSocketAddress address = listen();
        try (Socket device = new Socket(address.getAddress(), address.getPort())) {
            byte[] bytes = Bytes.of(Device.CONNECT_311);
            for (int i = 1; i <= MESSAGES / 2; i++) {
                bytes = Bytes.join(bytes, publish(i));
            }
            device.getOutputStream().write(bytes);
            for (int i = MESSAGES / 2 + 1; i <= MESSAGES; i++) {
                device.getOutputStream().write(publish(i));
            }

            assertThat(next()).matches(first -> first.packet() instanceof Connect && !first.atHome());
            for (int i = 1; i <= MESSAGES; i++) {
                Seen next = next();
                assertThat(((Publish) next.packet()).packetId()).isEqualTo(i);
                assertThat(next.atHome()).isTrue();
            }
        }
    }

    private InetSocketAddress listen() {
        ChannelFuture bound = new ServerBootstrap()
                .group(arrival)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        PacketDecoder decoder = new PacketDecoder(Device.LIMITS);
                        channel.pipeline().addLast(decoder, new Mover(decoder));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly();
        return (InetSocketAddress) bound.channel().localAddress();
    }

    private Seen next() throws InterruptedException {
        Seen next = seen.poll(120, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    private static byte[] publish(int packetId) {
        return Bytes.packet(0x32, Bytes.string("a/b") + String.format("%04X", packetId) + "'x'");
    }
}

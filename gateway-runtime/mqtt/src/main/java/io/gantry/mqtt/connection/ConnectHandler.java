// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.mqtt.codec.PacketDecoder;
import io.gantry.mqtt.codec.PacketEncoder;
import io.gantry.mqtt.packet.ConnAck;
import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.MalformedPacket;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.gantry.mqtt.session.Home;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is nobody's yet: awaits the CONNECT packet, moves the channel to the home of the device it names, and
 * gives its place to a {@link DeviceConnection}.
 */
public final class ConnectHandler extends ChannelInboundHandlerAdapter {
    private final Terms terms;
    private @Nullable Future<?> deadline;
    private boolean answered;

    /**
     * What a listener grants.
     *
     * @param connectMillis time from accept to a complete CONNECT, in milliseconds
     * @param packetMillis time from the first byte of a packet to its last, in milliseconds
     * @param maxPacketSize largest packet taken, in bytes
     */
    public record Terms(
            Loops loops,
            Home.Shared shared,
            Connections connections,
            long connectMillis,
            long packetMillis,
            int maxPacketSize) {}

    public ConnectHandler(Terms terms) {
        this.terms = terms;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            startDeadline(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        startDeadline(ctx);
        ctx.fireChannelActive();
    }

    /** An accepted channel is active when this handler is added, and told so once more. */
    private void startDeadline(ChannelHandlerContext ctx) {
        cancelDeadline();
        deadline = ctx.executor().schedule(() -> onDeadline(ctx), terms.connectMillis, TimeUnit.MILLISECONDS);
    }

    private void onDeadline(ChannelHandlerContext ctx) {
        counters().count(Counter.CONNECTIONS_REFUSED);
        ViolationLog.log(ctx.channel(), "", ReasonCode.KEEP_ALIVE_TIMEOUT, "no complete CONNECT in time");
        ctx.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        if (answered) {
            return;
        }
        answered = true;
        cancelDeadline();
        if (read instanceof MalformedPacket malformed) {
            counters().count(Counter.PACKETS_MALFORMED);
            ViolationLog.log(ctx.channel(), "", malformed.reasonCode(), malformed.detail());
            ProtocolVersion version = malformed.version();
            if (version == null) {
                ctx.close();
            } else {
                refuse(ctx, version, malformed.reasonCode());
            }
        } else {
            onConnect(ctx, (Connect) read);
        }
    }

    private void onConnect(ChannelHandlerContext ctx, Connect connect) {
        Optional<ReasonCode> refusal = Admission.refusal(connect, terms.shared.limits());
        if (refusal.isPresent()) {
            ViolationLog.log(ctx.channel(), connect.clientId(), refusal.get(), "CONNECT refused");
            refuse(ctx, connect.version(), refusal.get());
            return;
        }
        Admission admission = Admission.of(connect, terms.shared.limits());
        if (sizeOfAnswer(admission) > connect.properties().maximumPacketSize()) {
            // whatever we answered would be more than it takes [5.0/MQTT-3.1.2-24]
            counters().count(Counter.CONNECTIONS_REFUSED);
            ViolationLog.log(
                    ctx.channel(), connect.clientId(), ReasonCode.PACKET_TOO_LARGE, "does not even take a CONNACK");
            ctx.close();
            return;
        }
        Loop home = terms.loops.homeOf(admission.clientId());
        if (home.eventLoop().inEventLoop()) {
            admit(ctx.channel(), admission, home);
            return;
        }
        ctx.channel().config().setAutoRead(false);
        ctx.deregister()
                .addListener(left -> home.eventLoop().register(ctx.channel()).addListener(moved -> {
                    if (moved.isSuccess()) {
                        // before the device is admitted, which may stop the reading again
                        ctx.channel().config().setAutoRead(true);
                        admit(ctx.channel(), admission, home);
                    } else {
                        ctx.channel().close();
                    }
                }));
    }

    private int sizeOfAnswer(Admission admission) {
        ConnAck answer = admission.connAck(false, terms.shared.limits(), terms.maxPacketSize);
        return PacketEncoder.sizeOf(answer, admission.connect().version());
    }

    private void refuse(ChannelHandlerContext ctx, ProtocolVersion version, ReasonCode reason) {
        counters().count(Counter.CONNECTIONS_REFUSED);
        ByteBuf answer = ctx.alloc().buffer();
        PacketEncoder.encode(ConnAck.refusal(version, reason), version, answer);
        ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    /** On the home's event loop. */
    private void admit(Channel channel, Admission admission, Loop home) {
        if (!channel.isActive()) {
            return;
        }
        Connect connect = admission.connect();
        if (home.home().connectsTooOften(admission.clientId())) {
            counters().count(Counter.CONNECT_RATE_EXCEEDED);
            ViolationLog.log(
                    channel,
                    connect.clientId(),
                    ReasonCode.CONNECTION_RATE_EXCEEDED,
                    "connects more often than max-connects-per-minute");
            ChannelHandlerContext moved = channel.pipeline().context(PacketDecoder.class);
            refuse(moved, connect.version(), ReasonCode.CONNECTION_RATE_EXCEEDED);
            return;
        }
        countOpened(admission);
        Home.Opened opened = home.home().open(admission.clientId(), connect.cleanStart());
        PacketDecoder decoder = channel.pipeline().get(PacketDecoder.class);
        ChannelHandlerContext stable = channel.pipeline().context(decoder);
        DeviceConnection connection =
                new DeviceConnection(home, opened.session(), stable, decoder, connect, admission.expirySeconds());
        channel.pipeline().replace(this, "device", connection);
        addDeadlines(channel.pipeline(), decoder, connection);
        channel.pipeline().addBefore("device", "keep-alive", new KeepAlive(admission.keepAliveSeconds(), connection));
        terms.connections.opened(channel, connection);
        connection.send(admission.connAck(opened.present(), terms.shared.limits(), terms.maxPacketSize));
        opened.session().connected(connection);
        decoder.resume();
    }

    private void addDeadlines(ChannelPipeline pipeline, PacketDecoder decoder, DeviceConnection connection) {
        Runnable onLate = connection::onSlowPacket;
        pipeline.addBefore("device", "packet-deadline", PacketDeadline.ofPackets(decoder, terms.packetMillis, onLate));
        WebSocketFrames frames = pipeline.get(WebSocketFrames.class);
        if (frames != null) {
            pipeline.addBefore(
                    "device", "frame-deadline", PacketDeadline.ofFrames(frames, decoder, terms.packetMillis, onLate));
        }
    }

    private void countOpened(Admission admission) {
        counters().count(Counter.CONNECTIONS_OPENED);
        if (admission.isExpiryLowered()) {
            counters().count(Counter.SESSION_EXPIRIES_LOWERED);
        }
        if (admission.isKeepAliveLowered()) {
            counters().count(Counter.KEEP_ALIVES_LOWERED);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancelDeadline();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.fireExceptionCaught(cause);
        ctx.close();
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private Counters counters() {
        return terms.shared.counters();
    }
}

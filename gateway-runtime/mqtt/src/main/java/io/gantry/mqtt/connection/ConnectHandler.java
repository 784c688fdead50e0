// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.ReasonCode;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.AuthenticationMethod.Outcome;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Permissions;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.codec.PacketDecoder;
import io.gantry.mqtt.codec.PacketEncoder;
import io.gantry.mqtt.packet.Auth;
import io.gantry.mqtt.packet.ConnAck;
import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.Disconnect;
import io.gantry.mqtt.packet.MalformedPacket;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.gantry.mqtt.session.Home;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is nobody's yet: awaits the CONNECT packet, and the AUTH packets after it when it names an
 * Authentication Method; moves the channel to the home of the device, and gives its place to a {@link DeviceConnection}.
 */
public final class ConnectHandler extends ChannelInboundHandlerAdapter {
    private final Terms terms;
    private @Nullable Future<?> deadline;
    private @Nullable Claimant claimant;
    private @Nullable Credentials shown;
    private boolean decided;

    /**
     * What a listener grants.
     *
     * @param connectMillis time from accept to a complete CONNECT, and to the end of its authentication, in milliseconds
     * @param packetMillis time from the first byte of a packet to its last, in milliseconds
     * @param maxPacketSize largest packet taken, in bytes
     * @param gates who is let in, and what he may do
     */
    public record Terms(
            Loops loops,
            Home.Shared shared,
            Connections connections,
            long connectMillis,
            long packetMillis,
            int maxPacketSize,
            Gatekeeper gates) {}

    /** A device that has said who it is and is still to prove it. */
    private record Claimant(Admission admission, Authentication authentication) {}

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
        ViolationLog.log(
                ctx.channel(),
                "",
                ReasonCode.KEEP_ALIVE_TIMEOUT,
                shown != null ? "not authenticated in time" : "no complete CONNECT in time");
        if (shown != null) {
            counters().count(Counter.AUTHENTICATIONS_FAILED);
        }
        giveUp(ctx);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        if (decided) {
            return;
        }
        counters().count(Counter.PACKETS_RECEIVED);
        if (claimant != null) {
            onClaimantsPacket(ctx, claimant, read);
        } else if (read instanceof MalformedPacket malformed) {
            counters().count(Counter.PACKETS_MALFORMED);
            ViolationLog.log(ctx.channel(), "", malformed.reasonCode(), malformed.detail());
            ProtocolVersion version = malformed.version();
            if (version == null) {
                decide();
                ctx.close();
            } else {
                refuse(ctx, version, malformed.reasonCode());
            }
        } else {
            onConnect(ctx, (Connect) read);
        }
    }

    private void onConnect(ChannelHandlerContext ctx, Connect connect) {
        if (terms.shared.overload().isShedding()) {
            counters().count(Counter.CONNECTIONS_SHED);
            ViolationLog.log(ctx.channel(), connect.clientId(), ReasonCode.SERVER_BUSY, "the gateway is overloaded");
            refuse(ctx, connect.version(), ReasonCode.SERVER_BUSY);
            return;
        }
        LimitSettings limits = terms.shared.limits();
        Optional<ReasonCode> refusal = Admission.refusal(connect, limits, terms.gates.methods());
        if (refusal.isPresent()) {
            ViolationLog.log(ctx.channel(), connect.clientId(), refusal.get(), "CONNECT refused");
            refuse(ctx, connect.version(), refusal.get());
            return;
        }
        Admission admission = Admission.of(connect, limits);
        Credentials credentials = Shown.on(ctx.channel(), admission);
        if (terms.gates.isBanned(credentials.address(), connect.clientId(), connect.username())) {
            refuse(ctx, admission, ReasonCode.BANNED, "on the ban list");
            return;
        }
        shown = credentials;
        String name = connect.properties().authenticationMethod();
        AuthenticationMethod method = terms.gates.method(name);
        if (name == null || method == null) {
            Login.ask(
                    terms.gates.authenticator(),
                    credentials,
                    ctx.channel(),
                    verdict -> onVerdict(ctx, admission, verdict));
            return;
        }
        Authentication authentication = new Authentication(
                ctx.channel(), name, method, credentials, limits.maxAuthenticationRounds(), counters());
        Claimant begun = new Claimant(admission, authentication);
        claimant = begun;
        authentication.begin(connect.properties().authenticationData(), outcome -> onOutcome(ctx, begun, outcome));
        // not kept waiting while the method decides, so that a device cannot leave packets for later
        decoder(ctx.channel()).resume();
    }

    private void onVerdict(ChannelHandlerContext ctx, Admission admission, Verdict verdict) {
        if (decided || shown == null) {
            return;
        }
        if (!ctx.channel().isActive() && verdict instanceof Verdict.Refused refused) {
            // who does not wait for the answer has cost as much, and counts as one who guesses
            terms.gates.failed(shown, refused.code());
        } else if (verdict instanceof Verdict.Accepted accepted) {
            letIn(ctx, admission.provedBy(accepted.identity(), null));
        } else if (verdict instanceof Verdict.Refused refused) {
            refuseInTime(ctx, admission, refused.code(), refused.reason());
        }
    }

    private void onClaimantsPacket(ChannelHandlerContext ctx, Claimant from, Object read) {
        if (read instanceof Auth auth) {
            from.authentication.onAuth(auth, outcome -> onOutcome(ctx, from, outcome));
        } else if (read instanceof Disconnect) {
            giveUp(ctx);
        } else if (read instanceof MalformedPacket malformed) {
            counters().count(Counter.PACKETS_MALFORMED);
            boolean inConnAck = malformed.reasonCode() != ReasonCode.TOPIC_ALIAS_INVALID;
            ReasonCode reason = inConnAck ? malformed.reasonCode() : ReasonCode.PROTOCOL_ERROR;
            refuse(ctx, from.admission, reason, malformed.detail());
        } else {
            counters().count(Counter.PROTOCOL_ERRORS);
            String detail = ((Packet) read).type() + " before CONNACK [5.0/MQTT-3.1.2-30]";
            refuse(ctx, from.admission, ReasonCode.PROTOCOL_ERROR, detail);
        }
    }

    private void onOutcome(ChannelHandlerContext ctx, Claimant from, Outcome outcome) {
        if (decided) {
            return;
        }
        if (outcome instanceof Outcome.Failure failure) {
            refuseInTime(ctx, from.admission, failure.reasonCode(), failure.reason());
        } else if (outcome instanceof Outcome.Success success) {
            decoder(ctx.channel()).pause();
            letIn(ctx, from.admission.provedBy(success.identity(), success.data()));
        } else {
            ask(ctx, from.authentication.packet(outcome), from.admission.connect());
        }
    }

    private void ask(ChannelHandlerContext ctx, Auth question, Connect connect) {
        if (PacketEncoder.sizeOf(question, connect.version())
                > connect.properties().maximumPacketSize()) {
            giveUp(ctx);
            return;
        }
        write(ctx, question, connect.version());
    }

    private ChannelFuture write(ChannelHandlerContext ctx, Packet packet, ProtocolVersion version) {
        counters().count(Counter.PACKETS_SENT);
        ByteBuf bytes = ctx.alloc().buffer();
        PacketEncoder.encode(packet, version, bytes);
        return ctx.writeAndFlush(bytes);
    }

    private void refuse(ChannelHandlerContext ctx, Admission admission, ReasonCode reason, String detail) {
        ViolationLog.log(ctx.channel(), admission.clientId().value(), reason, detail);
        refuse(ctx, admission.connect().version(), reason);
    }

    /** Who guesses is kept waiting, and read no further. Meanwhile nothing is kept of what it has sent, which may be much. */
    private void refuseInTime(ChannelHandlerContext ctx, Admission admission, ReasonCode reason, String detail) {
        if (terms.gates.isBanned(
                Peer.address(ctx.channel()),
                admission.clientId().value(),
                admission.connect().username())) {
            // since it has asked: what it guessed is told as little as if it had been right
            refuse(ctx, admission, ReasonCode.BANNED, "on the ban list");
            return;
        }
        long wait = shown == null ? 0 : terms.gates.failed(shown, reason);
        if (wait == 0) {
            refuse(ctx, admission, reason, detail);
            return;
        }
        decide();
        shown = null;
        claimant = null;
        ViolationLog.log(ctx.channel(), admission.clientId().value(), reason, detail);
        ctx.channel().config().setAutoRead(false);
        ProtocolVersion version = admission.connect().version();
        ctx.executor().schedule(() -> refuse(ctx, version, reason), wait, TimeUnit.MILLISECONDS);
    }

    private void letIn(ChannelHandlerContext ctx, Admission admission) {
        if (sizeOfAnswer(admission) > admission.connect().properties().maximumPacketSize()) {
            // whatever we answered would be more than it takes [5.0/MQTT-3.1.2-24]
            String name = admission.connect().clientId();
            ViolationLog.log(ctx.channel(), name, ReasonCode.PACKET_TOO_LARGE, "does not even take a CONNACK");
            giveUp(ctx);
            return;
        }
        decide();
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

    private void giveUp(ChannelHandlerContext ctx) {
        decide();
        counters().count(Counter.CONNECTIONS_REFUSED);
        ctx.close();
    }

    private void decide() {
        decided = true;
        cancelDeadline();
    }

    private int sizeOfAnswer(Admission admission) {
        ConnAck answer = admission.connAck(false, terms.shared.limits(), terms.maxPacketSize);
        return PacketEncoder.sizeOf(answer, admission.connect().version());
    }

    private void refuse(ChannelHandlerContext ctx, ProtocolVersion version, ReasonCode reason) {
        decide();
        counters().count(Counter.CONNECTIONS_REFUSED);
        write(ctx, ConnAck.refusal(version, reason), version).addListener(ChannelFutureListener.CLOSE);
    }

    /** On the home's event loop. */
    private void admit(Channel channel, Admission admission, Loop home) {
        if (!channel.isActive()) {
            return;
        }
        Permissions permissions = terms.gates.access().permissions(admission.identity(), admission.clientId());
        Gatekeeper.Refusal refusal =
                terms.gates.refusal(Peer.address(channel), admission, permissions, home.home(), isProved());
        if (refusal != null) {
            ChannelHandlerContext moved = channel.pipeline().context(PacketDecoder.class);
            refuse(moved, admission, refusal.reason(), refusal.detail());
            return;
        }
        countOpened(admission);
        Home.Arrival arrival = admission.arrival();
        Home.Opened opened = home.home().open(arrival);
        opened.session().authorization().grant(isProved() ? admission.identity() : null, permissions);
        PacketDecoder decoder = decoder(channel);
        ChannelHandlerContext stable = channel.pipeline().context(decoder);
        DeviceConnection connection =
                new DeviceConnection(home, opened.session(), stable, decoder, admission, authentication(), terms.gates);
        channel.pipeline().replace(this, "device", connection);
        addDeadlines(channel.pipeline(), decoder, connection);
        channel.pipeline().addBefore("device", "keep-alive", new KeepAlive(admission.keepAliveSeconds(), connection));
        terms.connections.opened(channel, connection);
        if (!admission.connect().clientId().isEmpty()) {
            terms.gates.letIn(channel, admission.clientId());
        }
        connection.outlet().hold();
        connection.send(admission.connAck(opened.present(), terms.shared.limits(), terms.maxPacketSize));
        connection.connected(admission.identity());
        home.home().whenKept(opened, arrival, () -> goOn(channel, connection, decoder));
    }

    /** Whether the name of the device is more than what it says itself. */
    private boolean isProved() {
        return claimant != null || terms.gates.wantsProof();
    }

    private static void goOn(Channel channel, DeviceConnection connection, PacketDecoder decoder) {
        connection.outlet().letGo();
        if (channel.isActive()) {
            decoder.resume();
        }
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
        Faults.passOn(ctx, cause);
        ctx.close();
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private @Nullable Authentication authentication() {
        return claimant == null ? null : claimant.authentication;
    }

    private static PacketDecoder decoder(Channel channel) {
        return channel.pipeline().get(PacketDecoder.class);
    }

    private Counters counters() {
        return terms.shared.counters();
    }
}

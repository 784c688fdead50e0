// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.api.Origin;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import io.gantry.mqtt.BanList;
import io.gantry.mqtt.codec.PacketDecoder;
import io.gantry.mqtt.packet.Auth;
import io.gantry.mqtt.packet.Connect;
import io.gantry.mqtt.packet.Disconnect;
import io.gantry.mqtt.packet.MalformedPacket;
import io.gantry.mqtt.packet.Packet;
import io.gantry.mqtt.packet.Ping;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.packet.PublishAck;
import io.gantry.mqtt.packet.Subscribe;
import io.gantry.mqtt.packet.Unsubscribe;
import io.gantry.mqtt.packet.Will;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Device;
import io.gantry.mqtt.session.Home;
import io.gantry.mqtt.session.Session;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose device is known: gives each packet to the session and carries out what it decides. Everything happens
 * on the event loop that is the device's home.
 */
final class DeviceConnection extends ChannelInboundHandlerAdapter implements Device {
    private static final long GRACE_SECONDS = 5;

    // for the session
    private final Home home;
    private final Session session;
    private final Origin.Device origin;

    // for the connection
    private final ChannelHandlerContext ctx;
    private final Outlet outlet;
    private final Connect connect;
    private final ReadStops reading;
    private final Pace pace;
    private final TopicAliases aliases;
    private final Publishing publishing;
    private final Subscribing subscribing;
    private final @Nullable Authentication authentication;
    private final Gatekeeper gates;
    private final ProofDeadline proof;
    private @Nullable Will will;
    private long expirySeconds;
    private boolean ended;

    /**
     * Takes over a channel that has moved to its home.
     *
     * @param ctx of the handler that goes before this one in the pipeline, or of the one replaced
     * @param authentication null for a device that uses no Authentication Method
     * @param gates is asked again when the device authenticates again
     */
    DeviceConnection(
            Loop loop,
            Session session,
            ChannelHandlerContext ctx,
            PacketDecoder decoder,
            Admission admission,
            @Nullable Authentication authentication,
            Gatekeeper gates) {
        Home.Arrival arrival = admission.arrival();
        this.home = loop.home();
        this.session = session;
        this.connect = admission.connect();
        this.origin = arrival.origin();
        this.ctx = ctx;
        this.outlet = new Outlet(loop, ctx, connect);
        this.authentication = authentication;
        this.gates = gates;
        this.proof = new ProofDeadline(ctx.executor(), home.clock(), this::onProofEnded);
        this.reading = new ReadStops(decoder);
        this.pace = new Pace(ctx, reading, loop);
        this.aliases = new TopicAliases(home.limits().maxTopicAliases(), loop.aliasBudget());
        this.subscribing = new Subscribing(home, session, this, ctx.channel(), connect.bridge());
        this.publishing = new Publishing(home, session, origin, this, ctx.channel(), aliases);
        this.will = arrival.will();
        this.expirySeconds = arrival.expirySeconds();
        session.onInboundRoom(() -> reading.resume(ctx, ReadStops.Reason.INBOUND_FULL));
        session.fanOut().onCaughtUp(() -> reading.resume(ctx, ReadStops.Reason.TOO_FAR_AHEAD));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        if (ended) {
            return;
        }
        home.counters().count(Counter.PACKETS_RECEIVED);
        try {
            if (read instanceof Packet packet) {
                onPacket(packet);
            } else if (read instanceof MalformedPacket malformed) {
                home.counters().count(Counter.PACKETS_MALFORMED);
                disconnect(malformed.reasonCode(), malformed.detail());
            }
        } catch (RuntimeException | Error failure) {
            context.fireExceptionCaught(failure);
            disconnect(ReasonCode.UNSPECIFIED_ERROR, null);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.fanOut().beginTurn();
        context.fireChannelReadComplete();
    }

    private void onPacket(Packet packet) {
        switch (packet.type()) {
            case PUBLISH -> onPublish(packet);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> onAck((PublishAck) packet);
            case SUBSCRIBE -> subscribing.onSubscribe((Subscribe) packet);
            case UNSUBSCRIBE -> subscribing.onUnsubscribe((Unsubscribe) packet);
            case PINGREQ -> send(Ping.RESPONSE);
            case DISCONNECT -> onDisconnect((Disconnect) packet);
            case AUTH -> onAuth((Auth) packet);
            default -> protocolError("a device does not send " + packet.type());
        }
    }

    private void onPublish(Packet packet) {
        pace.onPublish(session.clientId());
        boolean taken = publishing.onPublish(packet);
        pace.onFanOut(session.fanOut());
        if (taken && connect.version() == ProtocolVersion.V3_1_1 && session.isInboundFull()) {
            home.counters().count(Counter.RECEIVE_MAXIMUM_REACHED);
            reading.stop(ctx, ReadStops.Reason.INBOUND_FULL);
        }
    }

    private void onAck(PublishAck ack) {
        boolean known = session.onAck(ack, this);
        if (!known && pace.isTooManyUnknownAcks()) {
            protocolViolation(ReasonCode.QUOTA_EXCEEDED, "too many acknowledgements of messages it was not sent");
        }
    }

    private void onAuth(Auth auth) {
        if (authentication == null) {
            protocolError("AUTH without an Authentication Method in CONNECT [5.0/MQTT-4.12.0-7]");
        } else if (auth.reasonCode() == ReasonCode.RE_AUTHENTICATE && home.connectsTooOften(session.clientId())) {
            // it costs a method as much as a CONNECT does
            home.counters().count(Counter.CONNECT_RATE_EXCEEDED);
            disconnect(ReasonCode.CONNECTION_RATE_EXCEEDED, "authenticates too often");
        } else {
            authentication.onAuth(auth, this::onAuthOutcome);
        }
    }

    private void onAuthOutcome(AuthenticationMethod.Outcome outcome) {
        if (outcome instanceof AuthenticationMethod.Outcome.Failure failure) {
            if (authentication != null) {
                // without the wait for who guesses: it costs him a connection that was let in
                gates.failed(authentication.claim(), failure.reasonCode());
            }
            disconnect(failure.reasonCode(), failure.reason());
        } else if (authentication != null) {
            if (outcome instanceof AuthenticationMethod.Outcome.Success success) {
                Identity identity = success.identity();
                Permissions granted = gates.access().permissions(identity, session.clientId());
                if (session.authorization().grant(identity, granted)) {
                    home.ownerChanged(session, will, origin, expirySeconds);
                }
                proof.proved(identity);
            }
            send(authentication.packet(outcome));
        }
    }

    private void onProofEnded() {
        home.counters().count(Counter.AUTHENTICATIONS_ENDED);
        disconnect(ReasonCode.NOT_AUTHORIZED, "the proof of who it is has ended");
    }

    /** Somebody is let in no longer: this device too, if it is meant. */
    void onBan(BanList bans) {
        if (bans.isAnyBanned(Peer.address(ctx.channel()), session.clientId().value(), origin.username())) {
            disconnect(ReasonCode.BANNED, null);
        }
    }

    /** What users prove by who they are has changed: this device is disconnected if its user is one of them. */
    void onChange(Set<String> users) {
        String user = origin.username();
        if (!ended && user != null && users.contains(user)) {
            home.counters().count(Counter.AUTHENTICATIONS_ENDED);
            disconnect(ReasonCode.NOT_AUTHORIZED, "what proved who it is has changed");
        }
    }

    /** The CONNACK is on its way. */
    void connected(Identity identity) {
        session.connected(this);
        proof.proved(identity);
    }

    private void onDisconnect(Disconnect disconnect) {
        Long expiry = disconnect.sessionExpirySeconds();
        if (expiry != null && expiry != 0 && connect.properties().sessionExpirySeconds() == 0) {
            protocolError("Session Expiry Interval in DISCONNECT after 0 in CONNECT [5.0 §3.14.2.2.2]");
            return;
        }
        if (expiry != null) {
            expirySeconds = Math.min(expiry, home.limits().maxSessionExpiry().toSeconds());
        }
        if (disconnect.reasonCode() == ReasonCode.SUCCESS) {
            will = null;
        }
        end();
        ctx.close();
    }

    Outlet outlet() {
        return outlet;
    }

    /** Nothing was heard for one and a half times the Keep Alive. */
    void onSilence() {
        if (!reading.any()) {
            home.counters().count(Counter.KEEP_ALIVE_TIMEOUTS);
            disconnect(ReasonCode.KEEP_ALIVE_TIMEOUT, null);
        }
    }

    /** A packet has begun and does not end. */
    void onSlowPacket() {
        home.counters().count(Counter.PACKETS_TOO_SLOW);
        disconnect(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "a packet took longer than packet-timeout");
    }

    /** The gateway goes down: what is under way may finish, nothing new is read. */
    void drain() {
        reading.stop(ctx, ReadStops.Reason.DRAINING);
    }

    private void protocolError(String detail) {
        protocolViolation(ReasonCode.PROTOCOL_ERROR, detail);
    }

    private void protocolViolation(ReasonCode reason, String detail) {
        home.counters().count(Counter.PROTOCOL_ERRORS);
        disconnect(reason, detail);
    }

    @Override
    public void disconnect(ReasonCode reason, @Nullable String detail) {
        if (ended) {
            return;
        }
        if (reason != ReasonCode.SESSION_TAKEN_OVER && reason != ReasonCode.SERVER_SHUTTING_DOWN) {
            ViolationLog.log(ctx.channel(), session.clientId().value(), reason, detail == null ? "" : detail);
        }
        end();
        outlet.close(reason, wantsReasons() ? detail : null);
    }

    @Override
    public void turnAway() {
        if (!ended) {
            reading.stop(ctx, ReadStops.Reason.TURNED_AWAY);
            ctx.executor().schedule(() -> disconnect(ReasonCode.SERVER_BUSY, null), GRACE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end();
        context.fireChannelInactive();
    }

    private void end() {
        if (!ended) {
            ended = true;
            proof.cancel();
            home.counters().count(Counter.CONNECTIONS_CLOSED);
            home.disconnected(session, will, origin, expirySeconds);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        outlet.release();
        aliases.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Faults.passOn(context, cause);
        end();
        context.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            reading.stop(context, ReadStops.Reason.NOT_WRITABLE);
        } else {
            reading.resume(context, ReadStops.Reason.NOT_WRITABLE);
        }
        session.onWritabilityChanged();
    }

    @Override
    public void send(Packet packet) {
        if (ended) {
            return;
        }
        boolean limited = maximumPacketSize() < Connect.Properties.NO_PACKET_LIMIT;
        if (limited && sizeOf(packet) > maximumPacketSize()) {
            // an answer that may not be sent [5.0/MQTT-3.1.2-24], and without which the device would wait for ever
            disconnect(ReasonCode.PACKET_TOO_LARGE, null);
        } else {
            outlet.send(packet);
        }
    }

    @Override
    public boolean takesMore() {
        return ctx.channel().isWritable();
    }

    @Override
    public ProtocolVersion version() {
        return connect.version();
    }

    @Override
    public int maximumPacketSize() {
        return connect.properties().maximumPacketSize();
    }

    @Override
    public int sizeOf(Packet packet) {
        return outlet.sizeOf(packet);
    }

    @Override
    public int receiveMaximum() {
        return connect.properties().receiveMaximum();
    }

    @Override
    public boolean wantsReasons() {
        return connect.properties().requestProblemInformation();
    }
}

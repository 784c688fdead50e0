// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.mqtt.codec.DecoderLimits;
import io.gantry.mqtt.codec.PacketDecoder;
import io.gantry.mqtt.connection.AddressGate;
import io.gantry.mqtt.connection.ConnectHandler;
import io.gantry.mqtt.connection.ConnectionLimit;
import io.gantry.mqtt.connection.Connections;
import io.gantry.mqtt.connection.FaultLog;
import io.gantry.mqtt.connection.Gatekeeper;
import io.gantry.mqtt.connection.Loops;
import io.gantry.mqtt.connection.ProxyHeader;
import io.gantry.mqtt.connection.StrayTls;
import io.gantry.mqtt.connection.TlsListener;
import io.gantry.mqtt.connection.Traffic;
import io.gantry.mqtt.connection.TrustedProxies;
import io.gantry.mqtt.connection.WebSocketUpgrade;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.gantry.mqtt.session.Home;
import io.gantry.mqtt.session.Overload;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import org.jspecify.annotations.Nullable;

/** The pipeline of each connection a listener accepts: TLS first, then WebSocket, then packets. */
final class ListenerPipeline extends ChannelInitializer<Channel> {
    private final ListenerSettings settings;
    private final ConnectHandler.Terms terms;
    private final DecoderLimits decoding;
    private final WebSocketUpgrade.Terms upgrade;
    private final Overload overload;
    private final ConnectionLimit limit;
    private final AddressGate addresses;
    private final ProxyHeader.@Nullable Terms proxy;
    private final Traffic traffic;
    private final @Nullable TlsListener tls;
    private final Counters counters;
    private final FaultLog faults = new FaultLog();

    ListenerPipeline(
            ListenerSettings settings,
            @Nullable TlsListener tls,
            Loops loops,
            Home.Shared shared,
            Connections connections,
            Gatekeeper gates) {
        int maxPacketSize = Math.toIntExact(settings.maxPacketSize().bytes());
        this.settings = settings;
        this.tls = tls;
        this.counters = shared.counters();
        this.terms = new ConnectHandler.Terms(
                loops,
                shared,
                connections,
                settings.connectTimeout().toMillis(),
                settings.packetTimeout().toMillis(),
                maxPacketSize,
                gates);
        this.decoding = new DecoderLimits(
                maxPacketSize,
                shared.limits().maxUserProperties(),
                shared.limits().maxTopicLength(),
                shared.limits().maxTopicLevels(),
                shared.limits().maxClientIdLength(),
                Math.toIntExact(shared.limits().maxPropertyBytes().bytes()));
        this.overload = shared.overload();
        this.limit =
                new ConnectionLimit(settings.maxConnections(), settings.maxConnectionsPerAddress(), shared.counters());
        this.addresses = new AddressGate(gates.bans(), settings.maxAcceptRatePerAddress(), limit, shared.counters());
        this.proxy = settings.proxyProtocol()
                ? new ProxyHeader.Terms(
                        new TrustedProxies(settings.trustedProxies()), addresses::admits, shared.counters())
                : null;
        this.traffic = new Traffic(shared.counters());
        this.upgrade = new WebSocketUpgrade.Terms(
                settings.url().path(), settings.allowedOrigins(), maxPacketSize, shared.counters());
    }

    @Override
    protected void initChannel(Channel channel) {
        boolean admitted = limit.admits(channel) && !isShed() && (proxy != null || addresses.admits(channel));
        if (!admitted) {
            channel.close();
            return;
        }
        channel.pipeline().addLast("traffic", traffic);
        // before TLS: the proxy says whom it carries before the device says anything
        if (proxy != null) {
            ProxyHeader.addTo(channel.pipeline(), proxy);
        }
        if (tls == null) {
            channel.pipeline().addLast("stray-tls", new StrayTls(counters));
        } else {
            tls.addTo(channel.pipeline());
        }
        if (settings.url().transport().isWebSocket()) {
            WebSocketUpgrade.addTo(channel.pipeline(), upgrade);
        }
        channel.pipeline().addLast("decoder", new PacketDecoder(decoding));
        channel.pipeline().addLast("connect", new ConnectHandler(terms));
        channel.pipeline().addLast("faults", faults);
    }

    /** A handshake would cost more than the refusal is worth. */
    private boolean isShed() {
        boolean shed = overload.isSlowing();
        if (shed) {
            counters.count(Counter.CONNECTIONS_SHED);
            counters.count(Counter.CONNECTIONS_REFUSED);
        }
        return shed;
    }
}

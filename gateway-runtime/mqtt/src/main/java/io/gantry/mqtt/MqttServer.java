// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt;

import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.Sink;
import io.gantry.api.TopicFilter;
import io.gantry.api.Uplink;
import io.gantry.api.security.Gatekeeping;
import io.gantry.api.security.ServerTls;
import io.gantry.api.store.Store;
import io.gantry.api.store.WriteOrder;
import io.gantry.mqtt.connection.AcceptPace;
import io.gantry.mqtt.connection.Connections;
import io.gantry.mqtt.connection.Gatekeeper;
import io.gantry.mqtt.connection.Loops;
import io.gantry.mqtt.connection.OverloadWatch;
import io.gantry.mqtt.connection.SystemTopics;
import io.gantry.mqtt.connection.TlsEngines;
import io.gantry.mqtt.connection.TlsListener;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.gantry.mqtt.session.Distributor;
import io.gantry.mqtt.session.Guests;
import io.gantry.mqtt.session.Home;
import io.gantry.mqtt.session.SessionStore;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The MQTT server that devices connect to. Routes register for what devices publish, and publish to devices. */
public final class MqttServer implements AutoCloseable {
    private static final long CLOSE_MILLIS = 2_000;

    private final Sockets sockets;
    private final EventLoopGroup group;
    private final ExecutorService reader;
    private final Store store;
    private final Home.Shared shared;
    private final Loops loops;
    private final BanList bans;
    private final Gatekeeper gatekeeper;
    private final OverloadWatch overloadWatch;
    private final Connections connections = new Connections();
    private final List<Channel> listeners = new ArrayList<>();
    private final List<TlsListener> tlsListeners = new ArrayList<>();

    private MqttServer(
            Sockets sockets,
            EventLoopGroup group,
            ExecutorService reader,
            Store store,
            Home.Shared shared,
            Gatekeeping gates) {
        this.sockets = sockets;
        this.group = group;
        this.reader = reader;
        this.store = store;
        this.shared = shared;
        this.bans = new BanList(shared.clock());
        this.gatekeeper = new Gatekeeper(gates, shared, bans);
        bans.onAdded(ban -> {
            if (!ban.automatic()) {
                connections.endThoseOn(bans);
            }
        });
        this.loops = new Loops(group, shared);
        this.overloadWatch = new OverloadWatch(shared.overload(), group);
        overloadWatch.start();
    }

    /**
     * A server without listeners: one event loop for each processor.
     *
     * @param order of the store in which sessions and Retained Messages outlive the server; stays open when it is closed
     * @param gates who is let in, and what he may do
     */
    public static MqttServer start(
            LimitSettings limits, MessageId.Sequence ids, Clock clock, WriteOrder order, Gatekeeping gates) {
        return start(limits, ids, clock, order, gates, Sockets.best());
    }

    static MqttServer start(
            LimitSettings limits,
            MessageId.Sequence ids,
            Clock clock,
            WriteOrder order,
            Gatekeeping gates,
            Sockets sockets) {
        Counters counters = new Counters();
        ExecutorService reader = Executors.newSingleThreadExecutor(new DefaultThreadFactory("gantry-mqtt-reader"));
        SessionStore sessions = new SessionStore(order, reader, counters);
        Distributor distributor = new Distributor(counters, clock, limits, sessions);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                Runtime.getRuntime().availableProcessors(), new DefaultThreadFactory("gantry-mqtt"), sockets.io());
        Home.Shared shared = new Home.Shared(limits, distributor, sessions, counters, ids, clock);
        return new MqttServer(sockets, group, reader, order.store(), shared, gates);
    }

    /**
     * Brings back the sessions and Retained Messages of the store. After the routes are registered, before the first
     * listener: wills that have become due meanwhile are published. Blocks until all are there.
     *
     * @return how many sessions there were
     */
    public int restore() throws InterruptedException {
        shared.distributor().restoreRetained();
        return loops.restore(store, gatekeeper, shared.clock().millis());
    }

    /**
     * Listens on an address.
     *
     * @param tls null when the settings have none; is not closed with the server
     * @return where it listens, with the port that was taken
     * @throws IOException when the address cannot be used, such as a port in use
     */
    public InetSocketAddress listen(ListenerSettings settings, @Nullable ServerTls tls)
            throws IOException, InterruptedException {
        return listen(settings, tls, TlsEngines.best());
    }

    InetSocketAddress listen(ListenerSettings settings, @Nullable ServerTls tls, TlsEngines engines)
            throws IOException, InterruptedException {
        if (settings.url().transport().isTls() == (tls == null)) {
            throw new IllegalArgumentException(settings.url() + (tls == null ? " without" : " with") + " TLS");
        }
        TlsListener secured = tls == null ? null : secured(settings, tls, engines);
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(sockets.listener())
                .option(ChannelOption.SO_BACKLOG, 4_096)
                .option(ChannelOption.SO_REUSEADDR, true)
                .handler(new AcceptPace(settings.maxAcceptRate(), shared.counters()))
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, oneTurn())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(64 * 1024, 256 * 1024))
                .childHandler(new ListenerPipeline(settings, secured, loops, shared, connections, gatekeeper))
                .bind(settings.url().host(), settings.url().port())
                .await();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + settings.url() + ": " + bound.cause().getMessage(), bound.cause());
        }
        listeners.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /** At most 64 KiB are read of one connection before the next one's turn: by Netty's default, 1 MiB of small messages. */
    private static RecvByteBufAllocator oneTurn() {
        return new AdaptiveRecvByteBufAllocator(64, 2_048, 16 * 1_024).maxMessagesPerRead(4);
    }

    private TlsListener secured(ListenerSettings settings, ServerTls tls, TlsEngines engines) throws IOException {
        String protocol = settings.url().transport().isWebSocket() ? "http/1.1" : "mqtt";
        TlsListener secured = new TlsListener(tls, engines, protocol, shared.counters());
        tlsListeners.add(secured);
        return secured;
    }

    /** A file that TLS is made of has changed; counted with what the server counts. Any thread. */
    public void countTlsFile(boolean usable) {
        shared.counters().count(usable ? Counter.TLS_FILES_RENEWED : Counter.TLS_FILES_FAILED);
    }

    /**
     * Tells subscribers of {@code $SYS/#} what the server counts, from now on.
     *
     * @param version what it calls itself
     * @param interval between two looks at what has changed
     */
    public void tellSystemTopics(String version, Duration interval) {
        new SystemTopics(version, shared, loops, connections, group.next()).start(interval);
    }

    /**
     * Registers a route for what devices publish.
     *
     * @param uplink is given messages on the event loops, so it must only hand them over
     */
    public void addUplink(TopicFilter filter, Uplink uplink) {
        shared.distributor().addUplink(filter, uplink);
    }

    /**
     * Says, before the first listener, which messages of devices have been at this gateway before: they are acknowledged,
     * counted, and given to nobody, since all who want them had them then.
     *
     * @param messages tells, on any thread, in no time
     */
    public void leaveOut(Predicate<Message> messages) {
        shared.distributor().leaveOut(messages);
    }

    /** The way to the devices: a message is answered when every session that wants it has it. Any thread. */
    public Sink devices() {
        return shared.distributor()::fromRoute;
    }

    /** The way in for those that are devices without speaking MQTT. Any thread. */
    public DeviceSide deviceSide() {
        return new Guests(
                shared.distributor(), shared.overload(), gatekeeper.forCallers(), gatekeeper.bansForCallers());
    }

    /** Ends the connections of users who have to prove anew who they are. Any thread. */
    public void endThoseOf(Set<String> users) {
        connections.endThoseOf(users);
    }

    /** Who is not let in. */
    public BanList bans() {
        return bans;
    }

    /** What is done about an overload, 0 for nothing, by what there is too much of; without what has no mark. */
    public Map<String, Integer> overload() {
        Map<String, Integer> steps = new TreeMap<>();
        shared.overload().causes().forEach((cause, step) -> steps.put(cause.toString(), step.number()));
        return steps;
    }

    /** Devices connected now. */
    public int connections() {
        return connections.size();
    }

    /** How often something has happened since the start. */
    public long count(Counter counter) {
        return shared.counters().of(counter);
    }

    /** All counts, by name: always the same names. */
    public Map<String, Long> allCounts() {
        return shared.counters().all();
    }

    /** All counts above zero, for the log. */
    public String counts() {
        return shared.counters().toString();
    }

    /** Accepts no connections and reads no devices any longer; what is under way is still answered. */
    public void drain() throws InterruptedException {
        for (Channel listener : listeners) {
            listener.close().await();
        }
        connections.drain();
    }

    /** Ends every connection and stops. */
    @Override
    public void close() throws InterruptedException {
        drain();
        connections.closeAll(CLOSE_MILLIS);
        group.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).await(2 * CLOSE_MILLIS);
        tlsListeners.forEach(TlsListener::close);
        overloadWatch.close();
        reader.shutdownNow();
    }
}

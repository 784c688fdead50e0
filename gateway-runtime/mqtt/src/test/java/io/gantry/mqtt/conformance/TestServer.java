// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import io.gantry.api.Acknowledgement;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import io.gantry.api.security.AuthenticationMethod;
import io.gantry.api.security.CallerBans;
import io.gantry.api.security.CallerGate;
import io.gantry.api.security.Gatekeeping;
import io.gantry.api.store.WriteOrder;
import io.gantry.mqtt.BanList;
import io.gantry.mqtt.HeapStore;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.codec.DecoderLimits;
import io.gantry.mqtt.codec.PacketDecoder;
import io.gantry.mqtt.connection.ConnectHandler;
import io.gantry.mqtt.connection.Connections;
import io.gantry.mqtt.connection.Gatekeeper;
import io.gantry.mqtt.connection.Loops;
import io.gantry.mqtt.connection.SystemTopics;
import io.gantry.mqtt.connection.Traffic;
import io.gantry.mqtt.packet.ProtocolVersion;
import io.gantry.mqtt.session.Counter;
import io.gantry.mqtt.session.Counters;
import io.gantry.mqtt.session.Distributor;
import io.gantry.mqtt.session.Guests;
import io.gantry.mqtt.session.Home;
import io.gantry.mqtt.session.Overload;
import io.gantry.mqtt.session.SessionStore;
import io.gantry.testbed.TestClock;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The server's real pipelines, one for each device, on one event loop whose time the test moves. No sockets. */
final class TestServer implements AutoCloseable {
    private static final int MAX_PACKET_SIZE = 4_096;

    /** What the routes of {@link #route} were offered, and what they have not answered yet. */
    final List<Message> taken = new ArrayList<>();

    final List<Acknowledgement> owed = new ArrayList<>();
    final List<Delivery> outcomes = new ArrayList<>();
    final HeapStore store = new HeapStore();
    final List<Throwable> faults = new ArrayList<>();
    private final Counters counters = new Counters();
    private final MessageId.Sequence ids = new MessageId.Sequence(1, 1);
    private final TestClock clock = new TestClock();
    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final List<EmbeddedChannel> channels = new ArrayList<>(List.of(loop));
    final BanList bans = new BanList(clock);
    private final Distributor distributor;
    private final Connections connections = new Connections();
    private final Home.Shared shared;
    private final Loops loops;
    private final ConnectHandler.Terms terms;
    private final DecoderLimits decoding;

    /** Keeps what would be logged at the pipeline's end, where an embedded channel would throw it at the test. */
    private final class Faults extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            faults.add(cause);
        }
    }

    TestServer() {
        this(TestLimits.defaults());
    }

    TestServer(LimitSettings limits) {
        this(limits, Map.of());
    }

    TestServer(LimitSettings limits, Map<String, AuthenticationMethod> methods) {
        this(limits, Gatekeeping.OPEN.with(methods));
    }

    TestServer(LimitSettings limits, Gatekeeping gates) {
        loop.freezeTime();
        SessionStore sessions = new SessionStore(new WriteOrder(store), Runnable::run, counters);
        distributor = new Distributor(counters, clock, limits, sessions);
        shared = new Home.Shared(limits, distributor, sessions, counters, ids, clock);
        loops = new Loops(loop.eventLoop(), shared);
        terms = new ConnectHandler.Terms(
                loops, shared, connections, 10_000, 60_000, MAX_PACKET_SIZE, new Gatekeeper(gates, shared, bans));
        decoding = new DecoderLimits(
                MAX_PACKET_SIZE,
                limits.maxUserProperties(),
                limits.maxTopicLength(),
                limits.maxTopicLevels(),
                limits.maxClientIdLength(),
                Math.toIntExact(limits.maxPropertyBytes().bytes()));
    }

    /** A device whose network connection is there, and that has said nothing yet. */
    TestDevice accepts(ProtocolVersion version) {
        return acceptsFrom("192.0.2.1", version);
    }

    /** The same from an address. */
    TestDevice acceptsFrom(String address, ProtocolVersion version) {
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(address, 50_000);
            }
        };
        channel.freezeTime();
        channel.pipeline().addLast("traffic", new Traffic(counters));
        channel.pipeline().addLast("decoder", new PacketDecoder(decoding));
        channel.pipeline().addLast("connect", new ConnectHandler(terms));
        channel.pipeline().addLast("faults", new Faults());
        // as for an accepted channel, which is active before its handlers are told
        channel.pipeline().fireChannelActive();
        channels.add(channel);
        return new TestDevice(this, channel, version);
    }

    /** A device that is connected with a clean session. */
    TestDevice connected(ProtocolVersion version, String clientId) {
        return connected(Connecting.of(version, clientId));
    }

    /** A device that is connected, and has heard so. */
    TestDevice connected(Connecting connecting) {
        TestDevice device = accepts(connecting.version()).sends(connecting.bytes());
        device.hears();
        return device;
    }

    /** Tells of itself under {@code $SYS}, every ten seconds. */
    void tellsOfItself() {
        new SystemTopics("gantry of a test", shared, loops, connections, loop.eventLoop())
                .start(Duration.ofSeconds(10));
        run();
    }

    /** Routes what devices publish to {@link #taken}, and answers nothing by itself. */
    void route(String filter) {
        distributor.addUplink(new TopicFilter(filter), (message, acknowledgement) -> {
            taken.add(message);
            owed.add(acknowledgement);
        });
    }

    /** A route that fails by our own fault. */
    void breaks(String filter) {
        distributor.addUplink(new TopicFilter(filter), (message, acknowledgement) -> {
            throw new IllegalStateException("a test breaks this route");
        });
    }

    /** A route for which there is no memory. */
    void exhausts(String filter) {
        distributor.addUplink(new TopicFilter(filter), (message, acknowledgement) -> {
            throw new OutOfMemoryError("a test says so");
        });
    }

    /** A route brings a message to the devices, and fails by our own fault when it is told what became of it. */
    void bringsAndBreaks(String topic, int qos) {
        distributor.fromRoute(message(topic, qos, "x", MessageProperties.NONE), outcome -> {
            throw new IllegalStateException("a test breaks this acknowledgement");
        });
        run();
    }

    /** The payloads of what the routes were offered. */
    List<String> takenTexts() {
        return taken.stream().map(message -> message.payload().asText()).toList();
    }

    /** The route answers one of the messages it was offered. */
    void answers(int index, Delivery delivery) {
        owed.get(index).complete(delivery);
        run();
    }

    /** A route brings a message to the devices; what becomes of it is added to {@link #outcomes}. */
    void brings(String topic, int qos, String payload) {
        brings(topic, qos, payload, MessageProperties.NONE);
    }

    void brings(String topic, int qos, String payload, MessageProperties properties) {
        distributor.fromRoute(message(topic, qos, payload, properties), outcomes::add);
        run();
    }

    /** Leaves out messages with a payload, as if they had been here before. */
    void leavesOut(String payload) {
        distributor.leaveOut(message -> message.payload().asText().equals(payload));
    }

    /** A device that speaks something else publishes; what becomes of it is added to {@link #outcomes}. */
    void guestPublishes(String topic, int qos, boolean retain, String payload) {
        guests().publisher().offer(message(topic, qos, retain, payload, MessageProperties.NONE), outcomes::add);
        run();
    }

    /** The door for devices that speak something else. */
    DeviceSide guests() {
        return new Guests(distributor, shared.overload(), null, CallerBans.NONE);
    }

    /** What endpoints ask about those who call them. */
    CallerGate callers() {
        return Objects.requireNonNull(terms.gates().forCallers());
    }

    private Message message(String topic, int qos, String payload, MessageProperties properties) {
        return message(topic, qos, false, payload, properties);
    }

    private Message message(String topic, int qos, boolean retain, String payload, MessageProperties properties) {
        return new Message(
                ids.next(),
                new TopicName(topic),
                Payload.ofText(payload),
                Qos.of(qos),
                retain,
                properties,
                new Origin.Device(new ClientId("elsewhere"), null),
                clock.millis());
    }

    /** Somebody sets the wall clock forward, or back. */
    void setClock(long millis) {
        clock.move(Duration.ofMillis(millis));
    }

    long clockMillis() {
        return clock.millis();
    }

    /** Ends the connections of those that are banned, as the server does for a new ban. */
    void endsBanned() {
        connections.endThoseOn(bans);
        run();
    }

    /** Ends the connections of users who have changed, as the server does when it is told so. */
    void endsThoseOf(String user) {
        connections.endThoseOf(Set.of(user));
        run();
    }

    /** What is found by the next look at whether the server is overloaded, in percent and milliseconds. */
    void looks(double heap, double directMemory, double loopLagMillis) {
        shared.overload().look(new Overload.Figures(heap, directMemory, loopLagMillis));
    }

    /** What a garbage collection leaves, in percent of the heap. */
    void collects(double heap) {
        shared.overload().afterCollection(heap);
    }

    void pass(long millis) {
        clock.move(Duration.ofMillis(millis));
        channels.forEach(channel -> {
            channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        });
        run();
    }

    void run() {
        channels.forEach(EmbeddedChannel::runPendingTasks);
        loop.runPendingTasks();
        channels.forEach(EmbeddedChannel::runPendingTasks);
    }

    long count(Counter counter) {
        return counters.of(counter);
    }

    @Override
    public void close() {
        channels.forEach(EmbeddedChannel::finishAndReleaseAll);
    }
}

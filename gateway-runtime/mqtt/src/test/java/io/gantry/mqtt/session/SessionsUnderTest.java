// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.security.AccessControl;
import io.gantry.api.security.Identity;
import io.gantry.api.security.Permissions;
import io.gantry.api.store.WriteOrder;
import io.gantry.mqtt.HeapStore;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.Subscribe;
import io.gantry.mqtt.packet.Subscribe.RetainHandling;
import io.gantry.mqtt.packet.Will;
import io.gantry.testbed.TestClock;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One home on an event loop whose time the test moves, with what the tests of sessions need around it. */
final class SessionsUnderTest {
    final Counters counters = new Counters();
    final HeapStore store = new HeapStore();
    Distributor distributor;
    Home home;

    /** Asked at a restart. */
    AccessControl access = AccessControl.OPEN;

    private final LimitSettings limits;
    private final TestClock clock = new TestClock();
    private EmbeddedChannel loop = new EmbeddedChannel();
    private final MessageId.Sequence ids = new MessageId.Sequence(clock.millis(), 1);

    SessionsUnderTest(LimitSettings limits) {
        this.limits = limits;
        loop.freezeTime();
        SessionStore sessions = new SessionStore(new WriteOrder(store), Runnable::run, counters);
        distributor = new Distributor(counters, clock, limits, sessions);
        home = homeOf(sessions);
    }

    private Home homeOf(SessionStore sessions) {
        Home.Shared shared = new Home.Shared(limits, distributor, sessions, counters, ids, clock);
        return new Home(loop.eventLoop(), () -> true, shared);
    }

    /** The gateway is killed and started again: nothing is left but what is stored. */
    void dieAndStartAgain() {
        loop = new EmbeddedChannel();
        loop.freezeTime();
        SessionStore sessions = new SessionStore(new WriteOrder(store), Runnable::run, counters);
        distributor = new Distributor(counters, clock, limits, sessions);
        home = homeOf(sessions);
        distributor.restoreRetained();
        store.sessions(state -> home.restore(state, DurableSession.Start.found(store, state), access, clock.millis()));
        home.restored();
        run();
    }

    void run() {
        loop.runPendingTasks();
    }

    void pass(long seconds) {
        clock.move(Duration.ofSeconds(seconds));
        loop.advanceTimeBy(seconds, TimeUnit.SECONDS);
        loop.runScheduledPendingTasks();
    }

    /** Connects with a session that outlives the connection. */
    Session connect(String clientId, RecordingDevice device) {
        return connect(clientId, device, 1_000, null, null);
    }

    /** Connects with a session that ends with the connection. */
    Session connectForNow(String clientId, RecordingDevice device) {
        return connect(clientId, device, 0, null, null);
    }

    /** Connects as somebody, with a session that outlives the connection, and a will. */
    Session connectAs(@Nullable Identity proved, String clientId, Will will) {
        return connect(clientId, RecordingDevice.v5(), 1_000, proved, will);
    }

    private Session connect(
            String clientId,
            RecordingDevice device,
            long expirySeconds,
            @Nullable Identity proved,
            @Nullable Will will) {
        ClientId name = new ClientId(clientId);
        Origin.Device origin = new Origin.Device(name, proved == null ? null : proved.username());
        Home.Arrival arrival = new Home.Arrival(false, expirySeconds, will, origin);
        Home.Opened opened = home.open(arrival);
        Session session = opened.session();
        session.authorization().grant(proved, proved == null ? Permissions.ALL : access.permissions(proved, name));
        home.whenKept(opened, arrival, () -> {});
        session.connected(device);
        run();
        return session;
    }

    void leave(Session session, long expirySeconds) {
        home.disconnected(session, null, new Origin.Device(session.clientId(), null), expirySeconds);
        run();
    }

    Message message(String topic, Qos qos) {
        return message(topic, qos, false, MessageProperties.NONE, "x");
    }

    Message message(String topic, Qos qos, boolean retain, MessageProperties properties, String payload) {
        Origin origin = new Origin.Device(new ClientId("publisher"), null);
        return new Message(
                ids.next(),
                new TopicName(topic),
                Payload.ofText(payload),
                qos,
                retain,
                properties,
                origin,
                clock.millis());
    }

    static Subscribe.Request request(String filter, Qos qos) {
        return new Subscribe.Request(filter, qos, false, false, RetainHandling.SEND);
    }

    static Publish publish(int packetId, Qos qos, boolean dup) {
        return new Publish(
                packetId,
                dup,
                qos,
                false,
                new TopicName("a"),
                0,
                Payload.ofText("x"),
                MessageProperties.NONE,
                List.of());
    }
}

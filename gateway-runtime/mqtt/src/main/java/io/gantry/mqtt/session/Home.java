// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.Origin;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.security.AccessControl;
import io.gantry.api.security.Identity;
import io.gantry.api.store.SessionState;
import io.gantry.api.store.StoreWrite;
import io.gantry.api.store.StoredSession;
import io.gantry.api.store.StoredSession.StoredWill;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.Will;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop and the sessions that live on it. A Client Identifier always has the same home, so a session is touched
 * by one thread only. All methods are called on that thread unless they say otherwise.
 */
public final class Home {
    private static final Logger LOG = LoggerFactory.getLogger(Home.class);

    private final ScheduledExecutorService loop;
    private final BooleanSupplier onLoop;
    private final Shared shared;
    private final Mailbox mailbox;
    private final Map<ClientId, Session> sessions = new ConcurrentHashMap<>();
    private final List<Runnable> restored = new ArrayList<>(0);
    private final ConnectRates connectRates;

    /** What all homes of a server share. */
    public record Shared(
            LimitSettings limits,
            Distributor distributor,
            SessionStore store,
            Counters counters,
            MessageId.Sequence ids,
            Clock clock,
            Overload overload) {

        /** Not overloaded yet. */
        public Shared(
                LimitSettings limits,
                Distributor distributor,
                SessionStore store,
                Counters counters,
                MessageId.Sequence ids,
                Clock clock) {
            this(limits, distributor, store, counters, ids, clock, new Overload(limits.overload(), counters));
        }
    }

    /**
     * What a CONNECT asks of its session.
     *
     * @param expirySeconds how long the session stays after the connection, as granted; 0 for not at all
     * @param will to publish when the device is lost; null for none
     */
    public record Arrival(
            boolean cleanStart,
            long expirySeconds,
            @Nullable Will will,
            Origin.Device origin) {}

    /**
     * A session for a CONNECT.
     *
     * @param present whether it was there before
     * @param inPlace whether another one was there before and has been ended for it
     */
    public record Opened(Session session, boolean present, boolean inPlace) {}

    /**
     * A home without sessions.
     *
     * @param loop the event loop
     * @param onLoop tells whether the current thread is the loop's
     */
    public Home(ScheduledExecutorService loop, BooleanSupplier onLoop, Shared shared) {
        this.loop = loop;
        this.onLoop = onLoop;
        this.shared = shared;
        this.connectRates = new ConnectRates(shared.limits(), shared.counters());
        this.mailbox = new Mailbox(loop, this::onFailure);
    }

    private void onFailure(Throwable failure) {
        // what is stored while the server stops finds nobody who would go on with it
        if (!loop.isShutdown()) {
            LOG.atError().setCause(failure).log("a task of an event loop failed");
        }
    }

    /** Counts a CONNECT; true when the device connects too often to be let in. */
    public boolean connectsTooOften(ClientId clientId) {
        return connectRates.isExceededBy(clientId, shared.clock().millis());
    }

    /** Whether the session of that name was last somebody else's, who keeps it: whether he is connected or away. */
    public boolean isAnothers(ClientId clientId, @Nullable String username) {
        Session known = sessions.get(clientId);
        return known != null && known.authorization().isAnothers(username);
    }

    /** Finds or makes the session of a device that connects. The connection it had before is closed. */
    public Opened open(Arrival arrival) {
        ClientId clientId = arrival.origin().clientId();
        Session known = sessions.get(clientId);
        if (known != null) {
            known.device().ifPresent(this::takeOver);
            known = sessions.get(clientId);
        }
        boolean inPlace = known != null && arrival.cleanStart();
        if (known != null && inPlace) {
            end(known);
            known = null;
        }
        boolean present = known != null;
        Session session = known != null ? known : make(clientId, arrival.expirySeconds() > 0);
        session.absence().ifPresent(Absence::end);
        session.away(null);
        return new Opened(session, present, inPlace);
    }

    /**
     * Runs a step once what the CONNECT made of the session is stored: a CONNACK before would promise what a kill could
     * still take back.
     */
    public void whenKept(Opened opened, Arrival arrival, Runnable then) {
        DurableSession durable = opened.session().durable();
        if (durable != null) {
            StoredWill will = stored(arrival.will(), arrival.origin());
            durable.keep(put(opened.session(), durable, arrival.expirySeconds(), 0, will), then);
        } else if (opened.inPlace()) {
            shared.store().write(StoreWrite::usingReserve, new AfterCommit(mailbox, stored -> then.run()));
        } else {
            then.run();
        }
    }

    private Session make(ClientId clientId, boolean durable) {
        DurableSession.Start start =
                durable ? DurableSession.Start.anew(shared.store().store().newSessionNumber()) : null;
        Session made = new Session(clientId, this, start);
        sessions.put(clientId, made);
        return made;
    }

    private static Consumer<StoreWrite> put(
            Session session, DurableSession durable, long expirySeconds, long awaySince, @Nullable StoredWill will) {
        // a bridge tells its state anew after a restart
        StoredWill kept = will == null || will.message().topic().isReserved() ? null : will;
        Identity owner = session.authorization().owner();
        StoredSession record =
                new StoredSession(durable.number(), session.clientId(), expirySeconds, awaySince, owner, kept);
        return write -> write.putSession(record);
    }

    private @Nullable StoredWill stored(@Nullable Will will, Origin.Device origin) {
        return will == null ? null : new StoredWill(message(will, origin), will.delaySeconds());
    }

    /**
     * Makes a session that was found in the store; nothing of what is due for it happens before {@link #restored}.
     *
     * @param access says what its owner may do now
     */
    public void restore(SessionState state, DurableSession.Start start, AccessControl access, long nowMillis) {
        StoredSession found = state.session();
        Session session = new Session(found.clientId(), this, start);
        Identity owner = found.owner();
        if (owner != null) {
            session.authorization().grant(owner, access.permissions(owner, found.clientId()));
        }
        session.restore(state);
        Session twin = sessions.put(found.clientId(), session);
        if (twin != null) {
            twin.discard();
        }
        restored.add(() -> goOnBeingAway(session, found, nowMillis));
    }

    /** All sessions are there again. */
    public void restored() {
        restored.forEach(Runnable::run);
        restored.clear();
    }

    /** When the gateway has died with the device connected, the absence begins with its new start. */
    private void goOnBeingAway(Session session, StoredSession found, long nowMillis) {
        long since = found.awaySinceMillis() == 0 ? nowMillis : found.awaySinceMillis();
        if (found.awaySinceMillis() == 0) {
            keep(session, found.expirySeconds(), since, found.will());
        }
        beAway(session, found.expirySeconds(), since, Math.max(0, nowMillis - since) / 1_000, found.will());
    }

    /** The device has authenticated again, and more or less than before is known of whose the session is. */
    public void ownerChanged(Session session, @Nullable Will will, Origin.Device origin, long expirySeconds) {
        keep(session, expirySeconds, 0, stored(will, origin));
    }

    private void takeOver(Device old) {
        shared.counters().count(Counter.SESSIONS_TAKEN_OVER);
        old.disconnect(ReasonCode.SESSION_TAKEN_OVER, null);
    }

    /**
     * A connection has ended.
     *
     * @param will to publish, now or after its delay; null after a normal DISCONNECT
     * @param expirySeconds how long the session stays, 0 for not at all
     */
    public void disconnected(Session session, @Nullable Will will, Origin.Device origin, long expirySeconds) {
        session.disconnected();
        long now = shared.clock().millis();
        StoredWill left = stored(will, origin);
        keep(session, expirySeconds, now, left);
        beAway(session, expirySeconds, now, 0, left);
    }

    /** Does in time what is due for a session that has been away for a while. */
    private void beAway(
            Session session, long expirySeconds, long sinceMillis, long awaySeconds, @Nullable StoredWill will) {
        Absence absence = new Absence();
        session.away(absence);
        if (will != null) {
            long delay = Math.min(will.delaySeconds(), expirySeconds) - awaySeconds;
            publishLater(session, absence, will.message(), expirySeconds, delay, sinceMillis);
        }
        expireLater(session, absence, expirySeconds - awaySeconds);
    }

    private void keep(Session session, long expirySeconds, long sinceMillis, @Nullable StoredWill will) {
        DurableSession durable = session.durable();
        if (durable != null && expirySeconds > 0) {
            shared.store().finish(put(session, durable, expirySeconds, sinceMillis, will));
        }
    }

    /** Publishes a will when its delay is over; that it is published is stored together with it. */
    private void publishLater(
            Session session, Absence absence, Message will, long expirySeconds, long delaySeconds, long since) {
        DurableSession durable = session.durable();
        Consumer<StoreWrite> done =
                durable == null || expirySeconds == 0 ? null : put(session, durable, expirySeconds, since, null);
        Runnable publish = () -> publish(session, will, done);
        if (delaySeconds <= 0) {
            publish.run();
        } else {
            absence.willDue(publish, loop.schedule(absence::publishWill, delaySeconds, TimeUnit.SECONDS));
        }
    }

    private void publish(Session session, Message will, @Nullable Consumer<StoreWrite> done) {
        try {
            if (!session.authorization().mayPublish(will.topic(), will.properties())) {
                reject(will, done);
            } else if (!will.topic().isReserved()) {
                shared.distributor().fromDevice(will, null, done, Acknowledgement.NOBODY);
            } else if (!shared.distributor().serverTopics().fromBridge(will)) {
                shared.counters().count(Counter.MESSAGES_REJECTED);
            }
        } catch (RuntimeException fault) {
            // the connection or session whose will it is must still end
            LOG.atError().setCause(fault).log("a will could not be published");
        }
    }

    /** What was allowed when the device connected no longer is. */
    private void reject(Message will, @Nullable Consumer<StoreWrite> done) {
        shared.counters().count(Counter.MESSAGES_REJECTED);
        DeviceLog.notAllowed(will);
        if (done != null) {
            shared.store().finish(done);
        }
    }

    private void expireLater(Session session, Absence absence, long expirySeconds) {
        if (expirySeconds <= 0) {
            end(session);
        } else {
            absence.expiryDue(loop.schedule(() -> end(session), expirySeconds, TimeUnit.SECONDS));
        }
    }

    private void end(Session session) {
        sessions.remove(session.clientId(), session);
        session.absence().ifPresent(Absence::endWithSession);
        session.discard();
    }

    private Message message(Will will, Origin.Device origin) {
        return new Message(
                shared.ids().next(),
                will.topic(),
                will.payload(),
                will.qos(),
                will.retain(),
                will.properties(),
                origin,
                shared.clock().millis());
    }

    /** Makes the message of a PUBLISH. */
    public Message message(Publish publish, TopicName topic, Origin.Device origin) {
        return new Message(
                shared.ids().next(),
                topic,
                publish.payload(),
                publish.qos(),
                publish.retain(),
                publish.properties(),
                origin,
                shared.clock().millis());
    }

    /** Runs steps on this home's thread, in order. Any thread may post. */
    public Mailbox mailbox() {
        return mailbox;
    }

    /** Sessions that live here, their devices connected or away. Any thread. */
    public int sessions() {
        return sessions.size();
    }

    /** Any thread. */
    public boolean isCurrentThread() {
        return onLoop.getAsBoolean();
    }

    public LimitSettings limits() {
        return shared.limits();
    }

    /** Tells wall-clock time. */
    public Clock clock() {
        return shared.clock();
    }

    public Counters counters() {
        return shared.counters();
    }

    public Distributor distributor() {
        return shared.distributor();
    }

    public Overload overload() {
        return shared.overload();
    }

    DurableSession newDurable(DurableSession.Start start, Consumer<Delivery> onRefusal) {
        return new DurableSession(shared.store(), mailbox, shared.limits(), start, onRefusal);
    }

    InboundFlow newInbound(@Nullable DurableSession durable) {
        return new InboundFlow(mailbox, shared.counters(), shared.limits().receiveMaximum(), durable);
    }

    OutboundFlow newOutbound(@Nullable DurableSession durable, Authorization authorization) {
        return new OutboundFlow(shared, loop, durable, authorization);
    }
}

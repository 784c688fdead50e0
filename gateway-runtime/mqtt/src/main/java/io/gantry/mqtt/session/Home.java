// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.ClientId;
import io.gantry.api.Mailbox;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.Origin;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.Will;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
    private final ConnectRates connectRates;

    /** What all homes of a server share. */
    public record Shared(
            LimitSettings limits, Distributor distributor, Counters counters, MessageId.Sequence ids, Clock clock) {}

    /** A session for a CONNECT, and whether it was there before. */
    public record Opened(Session session, boolean present) {}

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
        this.connectRates = new ConnectRates(shared.limits().maxConnectsPerMinute());
        this.mailbox =
                new Mailbox(loop, failure -> LOG.atError().setCause(failure).log("a task of an event loop failed"));
    }

    /** Counts a CONNECT; true when the device connects too often to be let in. */
    public boolean connectsTooOften(ClientId clientId) {
        return connectRates.isExceededBy(clientId, shared.clock().millis());
    }

    /** Finds or makes the session of a device that connects. The connection it had before is closed. */
    public Opened open(ClientId clientId, boolean cleanStart) {
        Session known = sessions.get(clientId);
        if (known != null) {
            known.device().ifPresent(this::takeOver);
            known = sessions.get(clientId);
        }
        if (known != null && cleanStart) {
            end(known);
            known = null;
        }
        if (known != null) {
            known.absence().ifPresent(Absence::end);
            known.away(null);
            return new Opened(known, true);
        }
        Session made = new Session(clientId, this);
        sessions.put(clientId, made);
        return new Opened(made, false);
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
        Absence absence = new Absence();
        session.away(absence);
        if (will != null) {
            long delay = Math.min(will.delaySeconds(), expirySeconds);
            absence.willDue(() -> publish(will, origin), loop.schedule(absence::publishWill, delay, TimeUnit.SECONDS));
            if (delay == 0) {
                absence.publishWill();
            }
        }
        if (expirySeconds == 0) {
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

    private void publish(Will will, Origin.Device origin) {
        Message message = new Message(
                shared.ids().next(),
                will.topic(),
                will.payload(),
                will.qos(),
                will.retain(),
                will.properties(),
                origin,
                shared.clock().millis());
        if (!message.topic().isReserved()) {
            shared.distributor().fromDevice(message, null, Acknowledgement.NOBODY);
        } else if (!shared.distributor().fromBridge(message)) {
            shared.counters().count(Counter.MESSAGES_REJECTED);
        }
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

    public Counters counters() {
        return shared.counters();
    }

    public Distributor distributor() {
        return shared.distributor();
    }

    InboundFlow newInbound() {
        return new InboundFlow(mailbox, shared.counters(), shared.limits().receiveMaximum());
    }

    OutboundFlow newOutbound() {
        return new OutboundFlow(shared.counters(), shared.clock(), shared.limits());
    }
}

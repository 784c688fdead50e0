// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.JointAcknowledgement;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.Uplink;
import io.gantry.api.store.StoreWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one message leaves in the store: places in the outboxes of routes and the queues of durable sessions, the Retained
 * Message, and what its sender wants kept with it. All of it is one write; then the sessions are given the message.
 */
final class Distribution implements Acknowledgement {
    private static final Delivery NO_ROOM =
            new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "too many messages wait for a route's target");

    private final List<Part> parts = new ArrayList<>(1);
    private final List<Consumer<StoreWrite>> changes = new ArrayList<>(1);
    private final List<Acknowledgement> atRoutes = new ArrayList<>(1);
    private final List<Runnable> live = new ArrayList<>(0);
    private List<Uplink> routes = List.of();
    private boolean comesFirst;
    private @Nullable Message message;
    private final Counters counters;
    private final boolean saysNoRoom;
    private Acknowledgement whole = Acknowledgement.NOBODY;
    private boolean someoneHadNoRoom;
    private int holdingUp;

    /** One session's share; the message has its place once that is given. */
    private static final class Part {
        final Session session;
        final DurableSession durable;
        Outgoing outgoing;
        boolean placed;
        boolean exceeds;

        Part(Session session, DurableSession durable, Outgoing outgoing) {
            this.session = session;
            this.durable = durable;
            this.outgoing = outgoing;
        }
    }

    /**
     * Nothing to store yet.
     *
     * @param saysNoRoom whether the sender is told when a session had no room for the message
     */
    Distribution(Counters counters, boolean saysNoRoom) {
        this.counters = counters;
        this.saysNoRoom = saysNoRoom;
    }

    /** The session gets the message through its stored queue. */
    void to(Session session, DurableSession durable, Outgoing outgoing) {
        parts.add(new Part(session, durable, outgoing));
    }

    /**
     * Nobody gets the message before it is stored: what may still be refused, so that the device sends it again, would come
     * twice to those who had it.
     */
    void comeFirst() {
        comesFirst = true;
    }

    boolean comesFirst() {
        return comesFirst;
    }

    /** Somebody who gets the message in memory gets it once everything is stored. */
    void then(Runnable handOver) {
        live.add(handOver);
    }

    /** The routes get the message through their outboxes. */
    void to(List<Uplink> stored, Message published) {
        routes = stored;
        message = published;
    }

    /** Something else that is to be stored with it. */
    void also(Consumer<StoreWrite> change) {
        changes.add(change);
    }

    /** Stores it all; the acknowledgement is answered when that is done, rejected when a session had no room. */
    void store(SessionStore store, Acknowledgement acknowledgement) {
        whole = acknowledgement;
        store.decide(this::fill, this);
    }

    /** The routes come first: when one has no room nothing is stored anywhere. */
    private Delivery fill(StoreWrite write) {
        for (int i = 0; i < routes.size(); i++) {
            Acknowledgement place = routes.get(i).put(Objects.requireNonNull(message), write);
            if (place == null) {
                return NO_ROOM;
            }
            atRoutes.add(place);
        }
        changes.forEach(change -> change.accept(write));
        for (Part part : parts) {
            if (part.durable.isOver()) {
                continue;
            }
            part.exceeds = holdsUp(part);
            Outgoing kept = part.durable.enqueue(part.outgoing, part.exceeds, write);
            if (kept == null) {
                counters.count(Counter.MESSAGES_DROPPED_QUEUE_FULL);
                part.session.hadNoRoom();
                someoneHadNoRoom = true;
            } else {
                part.outgoing = kept;
                part.placed = true;
                holdingUp += part.exceeds ? 1 : 0;
            }
        }
        return Delivery.accepted();
    }

    /** Whether the message is too much for a device that will make room, and comes from a source that can wait. */
    private boolean holdsUp(Part part) {
        return saysNoRoom && part.session.readiness().isConnected() && part.durable.holdsSourceUp(part.outgoing);
    }

    @Override
    public void complete(Delivery outcome) {
        boolean stored = outcome instanceof Delivery.Accepted;
        for (int i = 0; i < atRoutes.size(); i++) {
            atRoutes.get(i).complete(outcome);
        }
        for (Part part : parts) {
            if (part.placed && stored) {
                part.session.stored(part.outgoing);
            } else if (part.placed) {
                part.durable.notEnqueued(part.outgoing);
            }
        }
        if (stored) {
            live.forEach(Runnable::run);
        }
        answer(stored && someoneHadNoRoom && saysNoRoom ? Backlog.FULL : outcome, stored);
    }

    private void answer(Delivery outcome, boolean stored) {
        if (!stored || holdingUp == 0) {
            whole.complete(outcome);
            return;
        }
        Acknowledgement each = new JointAcknowledgement(holdingUp, ignored -> whole.complete(outcome));
        for (Part part : parts) {
            if (part.exceeds) {
                part.durable.holdBack(each);
            }
        }
    }
}

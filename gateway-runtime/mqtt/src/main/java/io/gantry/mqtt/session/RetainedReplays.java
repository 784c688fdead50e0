// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.mqtt.packet.Subscribe;
import io.gantry.mqtt.packet.Subscribe.RetainHandling;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The Retained Messages that a session's new subscriptions are still to get: as many at a time as the device takes at
 * once, so that they do not crowd out others. Used on the session's thread only.
 */
final class RetainedReplays {
    private final Deque<RetainedReplay> replays = new ArrayDeque<>(0);
    private final Distributor distributor;
    private boolean storing;

    RetainedReplays(Distributor distributor) {
        this.distributor = distributor;
    }

    /** A subscription asks for its Retained Messages, or does not [5.0/MQTT-3.3.1-9] [5.0/MQTT-3.3.1-10]. */
    void subscribed(Subscribe.Request request, Qos granted, boolean existedBefore, int subscriptionId) {
        TopicFilter filter = new TopicFilter(request.filter());
        boolean wanted = request.retainHandling() == RetainHandling.SEND
                || (request.retainHandling() == RetainHandling.SEND_IF_NEW && !existedBefore);
        if (!wanted || filter.isShared()) {
            // a Shared Subscription gets no Retained Messages when it is made [5.0 §4.8.2]
            return;
        }
        List<Integer> ids = subscriptionId == 0 ? List.of() : List.of(subscriptionId);
        replays.add(new RetainedReplay(distributor.retained(filter), filter, granted, ids));
    }

    void unsubscribed(TopicFilter filter) {
        replays.removeIf(replay -> replay.isOf(filter));
    }

    void clear() {
        replays.clear();
    }

    /** Sends as long as the device takes more at once; true when there is more that could be sent later. */
    boolean send(OutboundFlow outbound, Session session) {
        RetainedReplay replay = replays.peek();
        if (replay == null || storing || outbound.readiness() != Readiness.READY) {
            return false;
        }
        if (replay.isPageSent()) {
            replay.turnPage();
        }
        DurableSession durable = session.durable();
        List<Outgoing> kept = new ArrayList<>();
        int room = outbound.room();
        while (!replay.isPageSent() && outbound.readiness() == Readiness.READY && kept.size() < room) {
            Outgoing found = replay.next();
            Outgoing next = found == null || session.authorization().denies(found.message()) ? null : found;
            if (next != null && durable != null && next.qos() != Qos.AT_MOST_ONCE) {
                kept.add(next);
            } else if (next != null) {
                outbound.offer(next);
            }
        }
        if (durable != null && !kept.isEmpty()) {
            storing = true;
            distributor.store(session, durable, kept, durable.after(outcome -> stored(session)));
        }
        if (replay.isOver()) {
            replays.remove();
        }
        return !replays.isEmpty() && replay.isPageSent();
    }

    private void stored(Session session) {
        storing = false;
        session.replay();
    }
}

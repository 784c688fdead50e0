// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Message;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one Shared Subscription [5.0 §4.8.2]: each message goes to one of them, in turn among those that can take
 * it best. Any thread; choosing takes no lock.
 */
final class SharedGroup implements Subscriber {
    private final Distributor distributor;
    private final TopicFilter filter;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<Subscription> members = List.of();

    SharedGroup(Distributor distributor, TopicFilter filter) {
        this.distributor = distributor;
        this.filter = filter;
    }

    /** As subscribed, so with {@code $share/group/}. */
    TopicFilter filter() {
        return filter;
    }

    /** Adds a member, or puts the newer options of one in place of the older. */
    synchronized void join(Subscription member) {
        List<Subscription> more = new ArrayList<>(members);
        more.removeIf(known -> known.session() == member.session());
        more.add(member);
        members = List.copyOf(more);
    }

    /** True when the last member has left. A member that has joined again with other options stays. */
    synchronized boolean leave(Subscription member) {
        List<Subscription> fewer = new ArrayList<>(members);
        fewer.remove(member);
        members = List.copyOf(fewer);
        return fewer.isEmpty();
    }

    /** Gives the message to one member; when there is none any longer, nobody wants it. */
    void deliver(Message message, Acknowledgement acknowledgement) {
        distributor.toMember(this, message, acknowledgement);
    }

    /** Whether the session is a member. */
    boolean has(Session session) {
        for (Subscription member : members) {
            if (member.session() == session) {
                return true;
            }
        }
        return false;
    }

    /** Whether some member is connected. */
    boolean isAnyConnected() {
        for (Subscription member : members) {
            if (member.session().readiness().isConnected()) {
                return true;
            }
        }
        return false;
    }

    /**
     * The member whose turn it is, of those that can take a message best and may receive it, if any may; null when there is
     * no member.
     */
    @Nullable Subscription choose(TopicName topic) {
        List<Subscription> all = members;
        if (all.isEmpty()) {
            return null;
        }
        int first = Math.floorMod(turn.getAndIncrement(), all.size());
        Subscription best = null;
        Readiness bestReadiness = null;
        for (int i = 0; i < all.size() && bestReadiness != Readiness.READY; i++) {
            Subscription member = all.get((first + i) % all.size());
            Readiness readiness = member.session().readiness();
            if (!member.session().authorization().mayReceive(topic)) {
                continue;
            }
            if (bestReadiness == null || readiness.compareTo(bestReadiness) < 0) {
                best = member;
                bestReadiness = readiness;
            }
        }
        return best == null ? all.get(first) : best;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Qos;
import io.gantry.api.TopicFilter;
import io.gantry.api.store.QueuedMessage;
import io.gantry.mqtt.packet.Publish;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message for one session.
 *
 * @param qos what was published, capped by the subscription
 * @param retain the flag the device sees
 * @param acknowledgement is told when the device has the message, or will never get it
 * @param group whose other members may get it instead; null when it is not by a Shared Subscription
 * @param sequence its place in the session's stored queue; 0 when it is not stored
 */
record Outgoing(
        Message message,
        Qos qos,
        boolean retain,
        List<Integer> subscriptionIds,
        Acknowledgement acknowledgement,
        @Nullable SharedGroup group,
        long sequence) {

    /** What a session gets by those of its subscriptions that match; null when none of them wants it. */
    static @Nullable Outgoing by(
            List<Subscriber.Subscription> matching,
            Message message,
            @Nullable Session publisher,
            Acknowledgement acknowledgement) {
        Qos most = null;
        boolean retainAsPublished = false;
        List<Integer> ids = List.of();
        for (int i = 0; i < matching.size(); i++) {
            Subscriber.Subscription subscription = matching.get(i);
            boolean echo = subscription.noLocal() && publisher == subscription.session();
            if (!echo) {
                Qos qos = subscription.maximumQos();
                most = most == null || qos.level() > most.level() ? qos : most;
                retainAsPublished |= subscription.retainAsPublished();
                ids = subscription.id() == 0 ? ids : with(ids, subscription.id());
            }
        }
        if (most == null) {
            return null;
        }
        boolean retain = retainAsPublished && message.retain();
        return new Outgoing(message, message.qos().atMost(most), retain, ids, acknowledgement, null, 0);
    }

    /** What a member of a group gets. */
    static Outgoing byGroup(
            SharedGroup group, Subscriber.Subscription member, Message message, Acknowledgement acknowledgement) {
        return new Outgoing(
                message,
                message.qos().atMost(member.maximumQos()),
                member.retainAsPublished() && message.retain(),
                member.id() == 0 ? List.of() : List.of(member.id()),
                acknowledgement,
                group,
                0);
    }

    /** A message found in a session's stored queue; the group is null when it has none, or has no member any longer. */
    static Outgoing of(QueuedMessage queued, @Nullable SharedGroup group) {
        return new Outgoing(
                queued.message(),
                queued.qos(),
                queued.retain(),
                queued.subscriptionIds(),
                Acknowledgement.NOBODY,
                group,
                queued.sequence());
    }

    /** The same with a place in the stored queue; whoever handed it on is answered when that is stored. */
    Outgoing kept(long place) {
        return new Outgoing(message, qos, retain, subscriptionIds, Acknowledgement.NOBODY, group, place);
    }

    /** Whether it has a source that waits for its acknowledgement, and is not to be dropped for lack of room. */
    boolean holdsItsSourceUp() {
        return qos != Qos.AT_MOST_ONCE && acknowledgement != Acknowledgement.NOBODY;
    }

    boolean isKept() {
        return sequence != 0;
    }

    QueuedMessage queued() {
        TopicFilter shared = group == null ? null : group.filter();
        return new QueuedMessage(sequence, message, qos, retain, subscriptionIds, shared);
    }

    /** Its payload, in bytes. */
    int size() {
        return message.payload().size();
    }

    /** The PUBLISH at the given wall-clock time. */
    Publish packet(int packetId, boolean dup, long nowMillis) {
        return new Publish(
                packetId,
                dup,
                qos,
                retain,
                message.topic(),
                0,
                message.payload(),
                remaining(nowMillis),
                subscriptionIds);
    }

    /** The properties with what is left of the Message Expiry Interval [5.0/MQTT-3.3.2-6]. */
    private MessageProperties remaining(long nowMillis) {
        MessageProperties properties = message.properties();
        Long expiry = properties.expirySeconds();
        if (expiry == null) {
            return properties;
        }
        long waited = (nowMillis - message.receivedMillis()) / 1_000;
        return properties.withExpirySeconds(Math.max(0, expiry - Math.max(0, waited)));
    }

    /** Gives a message that is not kept to another member, or to nobody when it has no group. */
    void passOn() {
        if (group == null) {
            acknowledgement.complete(Delivery.accepted());
        } else {
            group.deliver(message, acknowledgement);
        }
    }

    /** The same list from the second on: a device may have a thousand subscriptions that match. */
    private static List<Integer> with(List<Integer> ids, int id) {
        List<Integer> more = ids.isEmpty() ? new ArrayList<>() : ids;
        more.add(id);
        return more;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Delivery;
import io.gantry.api.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who wants the messages of one Topic Name.
 *
 * @param uplinks the routes, as one
 * @param recipients the sessions, each once with all its subscriptions that match [5.0/MQTT-3.3.4-2]
 * @param groups the Shared Subscriptions, of each of which one member gets the message
 */
record Audience(Sink uplinks, List<Recipient> recipients, List<SharedGroup> groups) {

    private static final Sink NO_UPLINK = (message, acknowledgement) -> acknowledgement.complete(Delivery.accepted());

    /** Whether some route wants them. */
    boolean hasUplinks() {
        return uplinks != NO_UPLINK;
    }

    /** One session with those of its subscriptions that match. */
    record Recipient(Session session, List<Subscriber.Subscription> subscriptions) {}

    static Audience of(List<Subscriber> matching) {
        List<Sink> uplinks = new ArrayList<>();
        List<SharedGroup> groups = new ArrayList<>();
        Map<Session, List<Subscriber.Subscription>> bySession = new LinkedHashMap<>();
        for (Subscriber subscriber : matching) {
            if (subscriber instanceof Subscriber.Subscription subscription) {
                bySession
                        .computeIfAbsent(subscription.session(), session -> new ArrayList<>())
                        .add(subscription);
            } else if (subscriber instanceof SharedGroup group) {
                groups.add(group);
            } else {
                uplinks.add(((Subscriber.Uplink) subscriber).sink());
            }
        }
        List<Recipient> recipients = new ArrayList<>();
        bySession.forEach(
                (session, subscriptions) -> recipients.add(new Recipient(session, List.copyOf(subscriptions))));
        return new Audience(
                uplinks.isEmpty() ? NO_UPLINK : Sink.toAll(uplinks), List.copyOf(recipients), List.copyOf(groups));
    }
}

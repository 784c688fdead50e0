// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.Uplink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who wants the messages of one Topic Name.
 *
 * @param atMostOnce the routes as they take QoS 0
 * @param promised the routes as they take QoS 1 and 2
 * @param recipients the sessions, each once with all its subscriptions that match [5.0/MQTT-3.3.4-2]
 * @param groups the Shared Subscriptions, of each of which one member gets the message
 * @param watchers those that are devices without a session
 */
record Audience(
        Routes atMostOnce, Routes promised, List<Recipient> recipients, List<SharedGroup> groups, List<Sink> watchers) {

    private static final Sink NO_ROUTE = (message, acknowledgement) -> acknowledgement.complete(Delivery.accepted());

    /**
     * The routes that want them.
     *
     * @param offered those that are offered each message, as one
     * @param stored those for which each message is put into the write of all it leaves behind
     */
    record Routes(Sink offered, List<Uplink> stored) {

        static Routes of(List<Uplink> routes, Qos qos) {
            List<Sink> offered = new ArrayList<>();
            List<Uplink> stored = new ArrayList<>();
            for (Uplink route : routes) {
                if (route.stores(qos)) {
                    stored.add(route);
                } else {
                    offered.add(route);
                }
            }
            return new Routes(offered.isEmpty() ? NO_ROUTE : Sink.toAll(offered), List.copyOf(stored));
        }

        boolean hasOffered() {
            return offered != NO_ROUTE;
        }
    }

    Routes routes(Qos qos) {
        return qos == Qos.AT_MOST_ONCE ? atMostOnce : promised;
    }

    /** One session with those of its subscriptions that match. */
    record Recipient(Session session, List<Subscriber.Subscription> subscriptions) {}

    static Audience of(List<Subscriber> matching) {
        List<Uplink> routes = new ArrayList<>();
        List<SharedGroup> groups = new ArrayList<>();
        List<Sink> watchers = new ArrayList<>();
        Map<Session, List<Subscriber.Subscription>> bySession = new LinkedHashMap<>();
        for (Subscriber subscriber : matching) {
            if (subscriber instanceof Subscriber.Subscription subscription) {
                bySession
                        .computeIfAbsent(subscription.session(), session -> new ArrayList<>())
                        .add(subscription);
            } else if (subscriber instanceof SharedGroup group) {
                groups.add(group);
            } else if (subscriber instanceof Subscriber.Watcher watcher) {
                watchers.add(watcher.sink());
            } else {
                routes.add(((Subscriber.Route) subscriber).uplink());
            }
        }
        List<Recipient> recipients = new ArrayList<>();
        bySession.forEach(
                (session, subscriptions) -> recipients.add(new Recipient(session, List.copyOf(subscriptions))));
        return new Audience(
                Routes.of(routes, Qos.AT_MOST_ONCE),
                Routes.of(routes, Qos.AT_LEAST_ONCE),
                List.copyOf(recipients),
                List.copyOf(groups),
                List.copyOf(watchers));
    }
}

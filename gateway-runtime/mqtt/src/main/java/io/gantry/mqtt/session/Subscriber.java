// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicFilter;
import io.gantry.api.Uplink;

/** What stands in the router under a Topic Filter. */
public sealed interface Subscriber permits Subscriber.Route, Subscriber.Watcher, Subscriber.Subscription, SharedGroup {

    /** A route that starts at the devices. */
    record Route(Uplink uplink) implements Subscriber {}

    /** One of those that are devices without a session. */
    record Watcher(Sink sink) implements Subscriber {}

    /**
     * A session's subscription with its options [5.0 §3.8.3.1].
     *
     * @param filter as subscribed, so with {@code $share/group/} for a Shared Subscription
     * @param id its Subscription Identifier; 0 when there is none
     */
    record Subscription(
            Session session, TopicFilter filter, Qos maximumQos, boolean noLocal, boolean retainAsPublished, int id)
            implements Subscriber {}
}

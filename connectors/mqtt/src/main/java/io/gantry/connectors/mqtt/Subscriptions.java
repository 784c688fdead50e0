// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.connectors.mqtt.Link.LinkException;
import io.gantry.connectors.spi.ChangesOnly;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The subscriptions of all routes that start at one broker; finds out whose a message is. Any thread. */
final class Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    private static final long AGAIN_SECONDS = 30;
    private static final int REFUSED = 0x80;

    private final Broker broker;
    private final ScheduledExecutorService timer;
    private final List<Subscription> all = new CopyOnWriteArrayList<>();
    private final Set<Integer> made = new HashSet<>();
    private final ChangesOnly reported = new ChangesOnly();
    private @Nullable Link link;
    private boolean withIds;

    Subscriptions(Broker broker, ScheduledExecutorService timer) {
        this.broker = broker;
        this.timer = timer;
    }

    synchronized Subscription add(String route, MqttFrom from) {
        Subscription subscription = new Subscription(route, from, all.size() + 1, timer);
        all.add(subscription);
        return subscription;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Whether any of them is at QoS 2. */
    boolean expectExact() {
        return all.stream().anyMatch(one -> broker.lowered(one.from().qos()) == Qos.EXACTLY_ONCE);
    }

    /** The route takes messages; subscribes now or with the next connection. */
    void start(Subscription subscription, BiConsumer<Arrival, Consumer<Delivery>> route) {
        subscription.start(route);
        subscribe(subscription, current());
    }

    private synchronized @Nullable Link current() {
        return link;
    }

    /** Subscribes what the broker does not know of. */
    void connected(Link to, Announced announced) {
        synchronized (this) {
            link = to;
            withIds = announced.subscriptionIds();
            if (!announced.sessionPresent()) {
                made.clear();
            }
        }
        for (Subscription subscription : all) {
            if (subscription.isStarted()) {
                subscribe(subscription, to);
            }
        }
    }

    synchronized void lost() {
        link = null;
    }

    private void subscribe(Subscription subscription, @Nullable Link to) {
        int id;
        synchronized (this) {
            if (to == null || link != to || made.contains(subscription.number())) {
                return;
            }
            id = withIds ? subscription.number() : 0;
        }
        Qos qos = broker.lowered(subscription.from().qos());
        try {
            to.subscribe(subscription.from(), qos, id, codes -> granted(subscription, qos, codes));
        } catch (LinkException lost) {
            again(subscription);
        }
    }

    /** A refusal is no reason to end the connection: others use it. It is tried again. */
    private void granted(Subscription subscription, Qos wanted, List<Integer> codes) {
        boolean isRefused = codes.isEmpty();
        for (int code : codes) {
            isRefused |= code >= REFUSED;
            if (code < wanted.level()) {
                report(subscription, "sends at a lower QoS than the route asks for");
            }
        }
        if (isRefused) {
            report(subscription, "refuses a subscription; it is tried again");
            again(subscription);
            return;
        }
        synchronized (this) {
            made.add(subscription.number());
        }
    }

    private void again(Subscription subscription) {
        if (!timer.isShutdown()) {
            timer.schedule(() -> subscribe(subscription, current()), AGAIN_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void report(Subscription subscription, String what) {
        if (reported.isNews(subscription.route() + what)) {
            LOG.atWarn()
                    .addKeyValue("endpoint", broker.endpoint())
                    .addKeyValue("route", subscription.route())
                    .addKeyValue("reason", "the broker " + what)
                    .log("a subscription at a remote broker is not as the route says");
        }
    }

    /** Gives a message to the routes whose it is; to those of the Subscription Identifiers where the broker names them. */
    void handOn(Arrival arrival) {
        List<Integer> ids = arrival.message().subscriptionIds();
        List<Subscription> whose = all.stream()
                .filter(one ->
                        ids.isEmpty() ? one.from().wants(arrival.message().topic()) : ids.contains(one.number()))
                .toList();
        arrival.awaits(Math.max(1, whose.size()));
        if (whose.isEmpty()) {
            noOnes(arrival);
        }
        whose.forEach(subscription -> subscription.offer(arrival));
    }

    /** A session may have subscriptions of routes that are gone; holding their messages would stop it. */
    private void noOnes(Arrival arrival) {
        if (reported.isNews("no route")) {
            LOG.atWarn()
                    .addKeyValue("endpoint", broker.endpoint())
                    .log("a remote broker sends what no route wants any more; such messages are dropped");
        }
        arrival.settle();
    }
}

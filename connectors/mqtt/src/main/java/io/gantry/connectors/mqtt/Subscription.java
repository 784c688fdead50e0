// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.connectors.spi.ChangesOnly;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One route's subscription at a broker: hands messages on in the order in which they came. When the route cannot take one
 * now, that one and those behind it wait here, unacknowledged and so bounded in number, and the first is offered again
 * after a while. Any thread; the route is called while no lock is held.
 */
final class Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
    private static final long FIRST_WAIT_MILLIS = 500;
    private static final long LONGEST_WAIT_MILLIS = 30_000;

    private final String route;
    private final MqttFrom from;
    private final int number;
    private final ScheduledExecutorService timer;
    private final ChangesOnly reported = new ChangesOnly();
    private final TreeMap<Long, Arrival> held = new TreeMap<>();
    private @Nullable BiConsumer<Arrival, Consumer<Delivery>> consumer;
    private long sequence;
    private int unanswered;
    private long waitMillis;
    private boolean waiting;
    private boolean probing;
    private boolean handingOn;

    /**
     * Not started yet: what comes is held.
     *
     * @param number of this subscription at the broker, from 1
     */
    Subscription(String route, MqttFrom from, int number, ScheduledExecutorService timer) {
        this.route = route;
        this.from = from;
        this.number = number;
        this.timer = timer;
    }

    private record Next(long place, Arrival arrival, BiConsumer<Arrival, Consumer<Delivery>> consumer) {}

    MqttFrom from() {
        return from;
    }

    int number() {
        return number;
    }

    String route() {
        return route;
    }

    synchronized boolean isStarted() {
        return consumer != null;
    }

    /** From now on the route takes messages. */
    void start(BiConsumer<Arrival, Consumer<Delivery>> route) {
        synchronized (this) {
            consumer = route;
        }
        handOn();
    }

    /**
     * The route takes no more; what comes is held, and sent again by the broker one day. Waits until the route has answered
     * for what it was given.
     *
     * @param longestMillis how long
     */
    synchronized void stop(long longestMillis) throws InterruptedException {
        consumer = null;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(longestMillis);
        for (long left = longestMillis;
                unanswered > 0 && left > 0;
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            wait(left);
        }
    }

    void offer(Arrival arrival) {
        synchronized (this) {
            held.put(sequence++, arrival);
        }
        handOn();
    }

    private void handOn() {
        synchronized (this) {
            if (handingOn) {
                return;
            }
            handingOn = true;
        }
        for (Next next = next(); next != null; next = next()) {
            Next offered = next;
            offered.consumer.accept(offered.arrival, delivery -> onAnswer(offered, delivery));
        }
    }

    private synchronized @Nullable Next next() {
        BiConsumer<Arrival, Consumer<Delivery>> to = consumer;
        if (to == null || held.isEmpty() || waiting || probing) {
            handingOn = false;
            return null;
        }
        probing = waitMillis > 0;
        unanswered++;
        var first = held.pollFirstEntry();
        return new Next(first.getKey(), first.getValue(), to);
    }

    private void onAnswer(Next offered, Delivery delivery) {
        synchronized (this) {
            unanswered--;
            notifyAll();
        }
        if (delivery instanceof Delivery.Unavailable unavailable) {
            holdBack(offered, unavailable);
            return;
        }
        synchronized (this) {
            probing = false;
            if (!waiting) {
                waitMillis = 0;
            }
        }
        if (delivery instanceof Delivery.Rejected rejected && reported.isNews(rejected.reason())) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue("reasonCode", rejected.code())
                    .addKeyValue("reason", rejected.reason())
                    .log("a message of a remote broker was rejected; further ones like it are not logged for a while");
        }
        offered.arrival.settle();
        handOn();
    }

    private void holdBack(Next offered, Delivery.Unavailable unavailable) {
        if (reported.isNews(unavailable.reason())) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue("reason", unavailable.reason())
                    .log("messages of a remote broker wait, since they cannot be taken now");
        }
        synchronized (this) {
            held.put(offered.place, offered.arrival);
            probing = false;
            if (waiting) {
                return;
            }
            waiting = true;
            waitMillis = Math.min(LONGEST_WAIT_MILLIS, Math.max(FIRST_WAIT_MILLIS, 2 * waitMillis));
        }
        if (!timer.isShutdown()) {
            timer.schedule(this::tryAgain, waitMillis, TimeUnit.MILLISECONDS);
        }
    }

    private void tryAgain() {
        synchronized (this) {
            waiting = false;
        }
        handOn();
    }
}

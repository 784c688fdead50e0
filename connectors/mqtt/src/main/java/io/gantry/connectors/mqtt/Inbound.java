// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Qos;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages from a broker that are not acknowledged yet. PUBACK goes out only when the routes have answered; a message
 * that comes again while they have not is not handed on again, even over a new connection. Paho's thread brings messages,
 * any thread answers.
 */
final class Inbound {
    private final int most;
    private final Consumer<Arrival> routes;
    private final Map<Integer, Arrival> arrivals = new HashMap<>();
    private @Nullable Link link;
    private int number;
    private int unsettled;

    /**
     * Nothing has come yet.
     *
     * @param most messages whose routes have not answered
     * @param routes is given each message once, on Paho's thread
     */
    Inbound(int most, Consumer<Arrival> routes) {
        this.most = most;
        this.routes = routes;
    }

    /** A connection is about to begin: what comes from now on comes over it. */
    synchronized void connecting(Link to) {
        number++;
        link = to;
    }

    /** The broker has said whether it still knows what it has sent before. */
    synchronized void connected(boolean sessionPresent) {
        if (!sessionPresent) {
            arrivals.values().removeIf(arrival -> arrival.connection != number);
        }
    }

    synchronized void lost() {
        link = null;
        notifyAll();
    }

    /** Waits while there are as many as may be: then nothing is read, and what comes stays at the broker. */
    void arrived(Incoming message) throws InterruptedException {
        Arrival arrival = accepted(message);
        if (arrival != null) {
            routes.accept(arrival);
        }
    }

    /** Null when it came before, or its connection is gone. */
    private synchronized @Nullable Arrival accepted(Incoming message) throws InterruptedException {
        Arrival before = message.qos() == Qos.AT_MOST_ONCE ? null : arrivals.get(message.packetId());
        if (before != null && message.duplicate()) {
            before.connection = number;
            if (before.settled) {
                acknowledge(before);
            }
            return null;
        }
        while (unsettled >= most && link != null) {
            wait();
        }
        if (link == null) {
            return null;
        }
        Arrival arrival = new Arrival(message, number, this::settled);
        unsettled++;
        if (message.qos() != Qos.AT_MOST_ONCE) {
            arrivals.put(message.packetId(), arrival);
        }
        return arrival;
    }

    private synchronized void settled(Arrival arrival) {
        unsettled--;
        notifyAll();
        arrival.settled = true;
        boolean isCurrent = arrivals.get(arrival.message().packetId()) == arrival;
        if (isCurrent && arrival.connection == number) {
            acknowledge(arrival);
        }
    }

    private void acknowledge(Arrival arrival) {
        if (link != null) {
            arrivals.remove(arrival.message().packetId());
            link.acknowledge(arrival.message().packetId());
        }
    }
}

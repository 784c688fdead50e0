// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Qos;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages from a broker that are not acknowledged yet. PUBACK or PUBREC goes out only when the routes have answered; a
 * message that comes again while they have not is not handed on again, even over a new connection. Of QoS 2 the Packet
 * Identifiers are kept until the broker releases them, since under those the same message may come again. Paho's thread
 * brings messages, any thread answers.
 */
final class Inbound {
    private final int most;
    private final Consumer<Arrival> routes;
    private final Map<Integer, Arrival> arrivals = new HashMap<>();

    /** Messages of QoS 2 whose routes have answered, by Packet Identifier, with the connection on which they came last. */
    private final Map<Integer, Integer> taken = new HashMap<>();

    private @Nullable Link link;
    private @Nullable BrokerUrl connectingTo;
    private @Nullable BrokerUrl connectedTo;
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
    synchronized void connecting(Link to, BrokerUrl url) {
        number++;
        link = to;
        connectingTo = url;
    }

    /** Something has come. At another url the same Packet Identifiers may mean other messages. */
    private void heard() {
        if (!Objects.equals(connectingTo, connectedTo)) {
            arrivals.clear();
            taken.clear();
            connectedTo = connectingTo;
        }
    }

    /** The broker has said whether it still knows what it has sent before. */
    synchronized void connected(boolean sessionPresent) {
        heard();
        if (!sessionPresent) {
            arrivals.values().removeIf(arrival -> arrival.connection != number);
            taken.values().removeIf(connection -> connection != number);
        }
    }

    /** What came at QoS 2 under a Packet Identifier will not come again; false when nothing did. */
    synchronized boolean released(int packetId) {
        heard();
        return taken.remove(packetId) != null;
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
        heard();
        if (isRepeated(message)) {
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
            taken.remove(message.packetId());
        }
        return arrival;
    }

    /** At QoS 2 whatever its DUP flag says; acknowledges it again where that is due. */
    private boolean isRepeated(Incoming message) {
        boolean isExact = message.qos() == Qos.EXACTLY_ONCE;
        if (isExact && taken.containsKey(message.packetId())) {
            taken.put(message.packetId(), number);
            acknowledge(message);
            return true;
        }
        Arrival before = message.qos() == Qos.AT_MOST_ONCE ? null : arrivals.get(message.packetId());
        if (before == null || before.message().qos() != message.qos() || !(isExact || message.duplicate())) {
            return false;
        }
        before.connection = number;
        if (before.settled) {
            acknowledge(message);
        }
        return true;
    }

    private synchronized void settled(Arrival arrival) {
        unsettled--;
        notifyAll();
        arrival.settled = true;
        int packetId = arrival.message().packetId();
        if (arrivals.get(packetId) != arrival) {
            return;
        }
        if (arrival.message().qos() == Qos.EXACTLY_ONCE) {
            arrivals.remove(packetId);
            taken.put(packetId, arrival.connection);
        }
        if (arrival.connection == number) {
            acknowledge(arrival.message());
        }
    }

    private void acknowledge(Incoming message) {
        if (link != null) {
            arrivals.remove(message.packetId());
            link.acknowledge(message.packetId(), message.qos());
        }
    }
}

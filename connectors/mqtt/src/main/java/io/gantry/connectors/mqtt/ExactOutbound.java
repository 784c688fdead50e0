// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.connectors.mqtt.Link.LinkException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of QoS 2 under way to a broker, in a session that carries nothing else. Each is kept until PUBCOMP: when the
 * connection is lost, it is sent again under its Packet Identifier over the next one, as PUBLISH or, once there was PUBREC,
 * as PUBREL. Where the broker has forgotten the session, they are not confirmed, and whoever offered them offers them again.
 * Any thread; answers are given while no lock is held.
 */
final class ExactOutbound implements Publishing {
    private static final int MOST_UNDER_WAY = 1_000;
    private static final int MOST_WAITING = 10_000;
    private static final int REFUSED = 0x80;
    private static final int LARGEST_ID = 65_535;

    /** MQTT 3.1.1 does not say how many a broker takes; Mosquitto, which takes fewest, 20, beyond which it drops some. */
    private static final int MOST_WITH_311 = 20;

    private final Broker broker;
    private final Deque<Flight> waiting = new ArrayDeque<>();

    /** Not sent again yet, over the connection that there is. */
    private final Deque<Flight> again = new ArrayDeque<>();

    /** Without PUBREC, by Packet Identifier, in the order in which they were sent first. */
    private final Map<Integer, Flight> published = new LinkedHashMap<>();

    /** Without PUBCOMP, in the order of their PUBREC. */
    private final Map<Integer, Flight> released = new LinkedHashMap<>();

    private @Nullable Link link;
    private @Nullable Announced limits;
    private @Nullable BrokerUrl home;
    private Trouble trouble = Trouble.NOT_YET;
    private int lastId;

    ExactOutbound(Broker broker) {
        this.broker = broker;
    }

    /** One message, from the offer to its confirmation. */
    private static final class Flight {
        final OutgoingMessage message;
        final Consumer<Delivery> answer;
        int packetId;
        boolean repeated;
        long sentNanos;

        Flight(OutgoingMessage message, Consumer<Delivery> answer) {
            this.message = message;
            this.answer = answer;
        }
    }

    /** What is to be told once no lock is held. */
    private record Ended(Flight flight, Delivery outcome) {

        static List<Ended> unconfirmed(List<Flight> flights) {
            return flights.stream()
                    .map(flight -> new Ended(flight, Answers.NOT_CONFIRMED))
                    .toList();
        }
    }

    private static void tell(List<Ended> all) {
        all.forEach(ended -> ended.flight.answer.accept(ended.outcome));
    }

    @Override
    public void publish(OutgoingMessage message, Consumer<Delivery> answer) {
        Delivery atOnce = offer(message, answer);
        if (atOnce != null) {
            answer.accept(atOnce);
            return;
        }
        tell(sendOn());
    }

    /** The first ones wait for the connection that is made for them. */
    private synchronized @Nullable Delivery offer(OutgoingMessage message, Consumer<Delivery> answer) {
        if (link == null && !trouble.equals(Trouble.NOT_YET)) {
            return trouble.asDelivery();
        }
        if (waiting.size() >= MOST_WAITING) {
            return Answers.NO_ROOM;
        }
        waiting.add(new Flight(message, answer));
        return null;
    }

    /** Sends as many as may be under way, first those that were before; their order is that in which they were offered. */
    private synchronized List<Ended> sendOn() {
        List<Ended> ended = new ArrayList<>();
        Link to = link;
        Announced allowed = limits;
        while (to != null && allowed != null && underWay() < room(allowed) && !(again.isEmpty() && waiting.isEmpty())) {
            Flight next = again.isEmpty() ? numbered(waiting.remove()) : again.remove();
            Delivery refusal = allowed.refusal(next.message, Qos.EXACTLY_ONCE, broker.version());
            if (refusal == null) {
                refusal = send(next, to);
            }
            if (refusal != null) {
                published.remove(next.packetId);
                ended.add(new Ended(next, refusal));
            }
        }
        return ended;
    }

    /** What waits to be sent again is not; what waits for PUBCOMP is. */
    private int underWay() {
        return published.size() - again.size() + released.size();
    }

    private int room(Announced allowed) {
        return Math.min(
                broker.version() == MqttVersion.V311 ? MOST_WITH_311 : MOST_UNDER_WAY, allowed.receiveMaximum());
    }

    private Flight numbered(Flight flight) {
        do {
            lastId = lastId == LARGEST_ID ? 1 : lastId + 1;
        } while (published.containsKey(lastId) || released.containsKey(lastId));
        flight.packetId = lastId;
        published.put(lastId, flight);
        return flight;
    }

    private static @Nullable Delivery send(Flight flight, Link to) {
        try {
            to.send(to.packet(flight.message, flight.packetId, flight.repeated));
        } catch (LinkException notEncoded) {
            return Answers.NOT_CONFIRMED;
        }
        flight.repeated = true;
        flight.sentNanos = System.nanoTime();
        return null;
    }

    /** In a session at another url a message may be half way under any Packet Identifier, and a new one would be lost. */
    @Override
    public synchronized SessionUse sessionAt(BrokerUrl url, boolean subscribed) {
        if (!broker.keepsSession()) {
            return SessionUse.NONE;
        }
        return url.equals(home) ? SessionUse.CONTINUE : SessionUse.BEGIN;
    }

    @Override
    public void connected(Link to, BrokerUrl url, Announced announced) {
        List<Ended> forgotten = List.of();
        synchronized (this) {
            link = to;
            limits = announced;
            home = url;
            if (announced.sessionPresent()) {
                again.addAll(published.values());
                released.values().forEach(flight -> release(flight, to));
            } else {
                forgotten = Ended.unconfirmed(takeHalfWay());
            }
        }
        tell(forgotten);
        tell(sendOn());
    }

    private static void release(Flight flight, Link to) {
        to.send(Packets.pubRel(flight.packetId));
        flight.sentNanos = System.nanoTime();
    }

    private List<Flight> takeHalfWay() {
        List<Flight> all = new ArrayList<>(published.values());
        all.addAll(released.values());
        again.clear();
        published.clear();
        released.clear();
        return all;
    }

    @Override
    public void received(int packetId, int code) {
        List<Ended> ended = new ArrayList<>();
        synchronized (this) {
            Link to = link;
            if (to == null) {
                return;
            }
            Flight flight = published.remove(packetId);
            if (flight != null) {
                again.remove(flight);
            }
            if (flight != null && code >= REFUSED) {
                ended.add(new Ended(flight, Answers.toPublish(code)));
            } else if (flight != null) {
                flight.repeated = false;
                released.put(packetId, flight);
                release(flight, to);
            } else {
                to.send(Packets.pubRel(packetId));
            }
        }
        tell(ended);
        tell(sendOn());
    }

    /** A broker that has had PUBREL already and is asked again may know nothing of it any more (0x92). */
    @Override
    public void completed(int packetId, int code) {
        Flight flight;
        synchronized (this) {
            flight = released.remove(packetId);
        }
        if (flight != null) {
            flight.answer.accept(flight.repeated ? Delivery.accepted() : Answers.toPublish(code));
            tell(sendOn());
        }
    }

    /** What was never sent is given back at once; what is half way waits for the next connection. */
    @Override
    public void lost(Trouble why) {
        List<Flight> back;
        synchronized (this) {
            link = null;
            limits = null;
            trouble = why;
            again.clear();
            released.values().forEach(flight -> flight.repeated = true);
            back = new ArrayList<>(waiting);
            waiting.clear();
            if (!broker.keepsSession()) {
                back.addAll(takeHalfWay());
            }
        }
        tell(Ended.unconfirmed(back));
    }

    @Override
    public void close() {
        lost(Trouble.CLOSED);
        List<Flight> halfWay;
        synchronized (this) {
            halfWay = takeHalfWay();
        }
        tell(Ended.unconfirmed(halfWay));
    }

    @Override
    public synchronized boolean isOverdue(long beforeNanos) {
        return link != null && (isOverdue(published, beforeNanos) || isOverdue(released, beforeNanos));
    }

    private boolean isOverdue(Map<Integer, Flight> flights, long beforeNanos) {
        return flights.values().stream()
                .anyMatch(flight -> flight.sentNanos - beforeNanos < 0 && !again.contains(flight));
    }
}

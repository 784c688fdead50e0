// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.api.Qos;
import io.gantry.connectors.mqtt.Link.LinkException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of QoS 0 and 1 under way to a broker. When the connection is lost they are not confirmed, and whoever offered them offers
 * them again. Any thread; answers are given, and Paho is called, while no lock is held.
 */
final class Outbound implements Publishing {
    private static final int MOST_UNDER_WAY = 1_000;
    private static final int MOST_WAITING = 10_000;

    private final Broker broker;
    private final Set<Flight> flights = new HashSet<>();
    private final Deque<Flight> waiting = new ArrayDeque<>();
    private @Nullable Link link;
    private @Nullable Announced limits;
    private Trouble trouble = Trouble.NOT_YET;

    Outbound(Broker broker) {
        this.broker = broker;
    }

    /** One message, from the offer to its confirmation. */
    private static final class Flight {
        final OutgoingMessage message;
        final Qos qos;

        final Consumer<Delivery> answer;

        long sentNanos;

        Flight(OutgoingMessage message, Qos qos, Consumer<Delivery> answer) {
            this.message = message;
            this.qos = qos;
            this.answer = answer;
        }
    }

    @Override
    public void publish(OutgoingMessage message, Consumer<Delivery> answer) {
        Delivery atOnce = offer(message, answer);
        if (atOnce != null) {
            answer.accept(atOnce);
            return;
        }
        sendOn();
    }

    private synchronized @Nullable Delivery offer(OutgoingMessage message, Consumer<Delivery> answer) {
        Announced allowed = limits;
        if (link == null || allowed == null) {
            return trouble.asDelivery();
        }
        Qos qos = broker.lowered(message.qos());
        Delivery refusal = allowed.refusal(message, qos, broker.version());
        if (refusal != null) {
            return refusal;
        }
        if (waiting.size() >= MOST_WAITING) {
            return Answers.NO_ROOM;
        }
        waiting.add(new Flight(message, qos, answer));
        return null;
    }

    /** Sends as many as may be under way. */
    private void sendOn() {
        for (Flight next = next(); next != null; next = next()) {
            send(next);
        }
    }

    private synchronized @Nullable Flight next() {
        int room = limits == null ? 0 : Math.min(MOST_UNDER_WAY, limits.receiveMaximum());
        if (link == null || waiting.isEmpty() || flights.size() >= room) {
            return null;
        }
        Flight next = waiting.remove();
        next.sentNanos = System.nanoTime();
        flights.add(next);
        return next;
    }

    private void send(Flight flight) {
        Link to;
        synchronized (this) {
            to = link;
        }
        try {
            if (to == null) {
                end(flight, Answers.NOT_CONFIRMED);
            } else {
                to.publish(flight.message, flight.qos, code -> confirmed(flight, code));
            }
        } catch (LinkException lost) {
            end(flight, Answers.NOT_CONFIRMED);
        }
    }

    private void confirmed(Flight flight, int code) {
        end(flight, Answers.toPublish(code));
        sendOn();
    }

    /** Once; what is confirmed after it was given up is not told. */
    private void end(Flight flight, Delivery what) {
        synchronized (this) {
            if (!flights.remove(flight)) {
                return;
            }
        }
        flight.answer.accept(what);
    }

    /** Nothing is half way. */
    @Override
    public SessionUse sessionAt(BrokerUrl url, boolean subscribed) {
        return subscribed && broker.keepsSession() ? SessionUse.CONTINUE : SessionUse.NONE;
    }

    @Override
    public synchronized void connected(Link to, BrokerUrl url, Announced announced) {
        link = to;
        limits = announced;
    }

    @Override
    public void lost(Trouble why) {
        List<Flight> unanswered;
        synchronized (this) {
            link = null;
            limits = null;
            trouble = why;
            unanswered = new ArrayList<>(flights);
            unanswered.addAll(waiting);
            flights.clear();
            waiting.clear();
        }
        unanswered.forEach(flight -> flight.answer.accept(Answers.NOT_CONFIRMED));
    }

    @Override
    public void close() {
        lost(Trouble.CLOSED);
    }

    @Override
    public synchronized boolean isOverdue(long beforeNanos) {
        return link != null && flights.stream().anyMatch(flight -> flight.sentNanos - beforeNanos < 0);
    }
}

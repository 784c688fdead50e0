// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.connectors.amqp.NotSentException.Stage;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.RejectedMessageException;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the answers to one route's requests come in: a queue of its own. A request's correlation id is its message id, so
 * that both ways of answering fit: with the one or with the other.
 */
final class Replies implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

    private final String route;
    private final @Nullable String address;
    private final Duration patience;
    private final boolean properties;
    private final long mostBytes;
    private final EventCounts<EndpointEvent> counts;
    private final Map<String, Awaited> awaited = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer;
    private @Nullable Destination destination;

    private record Awaited(PendingSend send, Future<?> timeOut) {}

    /** Attached to nothing yet. */
    Replies(String route, AmqpTo settings, long mostBytes, EventCounts<EndpointEvent> counts) {
        this.route = route;
        this.address = settings.replyAddress();
        this.patience = settings.replyTimeout();
        this.properties = settings.properties();
        this.mostBytes = mostBytes;
        this.counts = counts;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "amqp-answers-" + route);
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Listens on a connection from now on. */
    void attach(Connection connection) throws JMSException {
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        Destination queue = address == null ? session.createTemporaryQueue() : session.createQueue(address);
        session.createConsumer(queue).setMessageListener(this::onAnswer);
        destination = queue;
    }

    /** Writes into a request where its answer is awaited, and waits. */
    void expect(PendingSend send, Message request) throws JMSException {
        String id = idOf(send);
        request.setJMSReplyTo(destination);
        request.setJMSCorrelationID(id);
        Future<?> timeOut = timer.schedule(
                () -> {
                    forget(send);
                    send.failed(new NotSentException(Stage.ANSWERING, "no answer came in time"));
                },
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
        awaited.put(id, new Awaited(send, timeOut));
    }

    /** The request has an outcome. */
    void forget(PendingSend send) {
        Awaited mine = awaited.get(idOf(send));
        if (mine != null && mine.send == send) {
            awaited.remove(idOf(send), mine);
            mine.timeOut.cancel(false);
        }
    }

    private static String idOf(PendingSend send) {
        return Encoding.ID + send.message().id();
    }

    private void onAnswer(Message answer) {
        PendingSend send = null;
        try {
            String id = answer.getJMSCorrelationID();
            Awaited request = id == null ? null : awaited.get(id);
            if (request == null) {
                counts.count(EndpointEvent.ANSWERED_NOBODY);
                LOG.atInfo().addKeyValue("route", route).log("an answer came for which nobody waits any more");
                return;
            }
            send = request.send;
            forget(send);
            send.answered(Decoding.answer(answer, properties, mostBytes));
        } catch (JMSException | RejectedMessageException unreadable) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue("failure", unreadable.getClass().getSimpleName())
                    .log("an answer cannot be read and is dropped");
            if (send != null) {
                send.failed(new NotSentException(Stage.ANSWERING, "the answer cannot be read"));
            }
        }
    }

    /** The connection is lost, and the queue with it. */
    void failAll(NotSentException why) {
        for (Awaited request : List.copyOf(awaited.values())) {
            forget(request.send);
            request.send.failed(why);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.connectors.spi.ChangesOnly;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.qpid.jms.JmsSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection from which a route reads. One thread reads; another settles, each message alone and as its route has
 * answered, and sends answers. Ends at the first message that is unavailable: what the broker has sent ahead goes back with
 * it, in its place, and so keeps its order.
 */
final class Reading implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    private static final int INDIVIDUAL_ACKNOWLEDGE = 101;
    private static final String ACK_TYPE = "JMS_AMQP_ACK_TYPE";
    private static final int ACCEPTED = 1;
    private static final int REJECTED = 2;
    private static final int RELEASED = 3;
    private static final long TURN_MILLIS = 200;
    private static final long SETTLE_MILLIS = 5_000;

    private final String route;
    private final AmqpFrom settings;
    private final Connection connection;
    private final MessageConsumer consumer;
    private final @Nullable Requesters requesters;
    private final Semaphore room;
    private final ChangesOnly reported;
    private final ExecutorService settler;
    private volatile @Nullable Retry trouble;
    private volatile boolean hasAccepted;

    /** Attaches to the address on a connection, which it closes at the end. */
    Reading(String route, AmqpFrom settings, Connection connection, ChangesOnly reported) throws JMSException {
        this.route = route;
        this.settings = settings;
        this.connection = connection;
        this.reported = reported;
        this.room = new Semaphore(settings.maxInFlight());
        this.requesters = settings.reply()
                ? new Requesters(connection.createSession(false, Session.AUTO_ACKNOWLEDGE), settings.properties())
                : null;
        this.consumer = consumer(connection.createSession(false, INDIVIDUAL_ACKNOWLEDGE));
        this.settler = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "amqp-settling-" + route);
            thread.setDaemon(true);
            return thread;
        });
    }

    private MessageConsumer consumer(Session session) throws JMSException {
        Destination destination = settings.kind().destination(session, settings.address());
        return settings.subscription() == null
                ? session.createConsumer(destination, settings.selector())
                : ((JmsSession) session)
                        .createSharedDurableConsumer((Topic) destination, settings.subscription(), settings.selector());
    }

    /**
     * Reads until it is told to stop or a message is unavailable, and then waits a bounded time for those under way.
     *
     * @param next is given each message; must not block
     * @throws JMSException when the connection or the link is lost
     */
    void read(Consumer<Received> next, BooleanSupplier isStopped) throws JMSException, InterruptedException {
        while (!isStopped.getAsBoolean() && trouble == null) {
            if (room.tryAcquire(TURN_MILLIS, TimeUnit.MILLISECONDS)) {
                Message message = consumer.receive(TURN_MILLIS);
                if (message == null) {
                    room.release();
                } else {
                    next.accept(new Received(message, delivery -> settle(message, delivery)));
                }
            }
        }
        if (!room.tryAcquire(settings.maxInFlight(), SETTLE_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.atInfo().addKeyValue("route", route).log("messages under way go back to the AMQP broker");
        }
    }

    /** Why it has ended; null when nothing was unavailable. */
    @Nullable Retry trouble() {
        return trouble;
    }

    /** Whether the route has taken anything meanwhile. */
    boolean hasAccepted() {
        return hasAccepted;
    }

    private void settle(Message message, Delivery delivery) {
        byItself(() -> settleHere(message, delivery));
    }

    private void byItself(Runnable settling) {
        try {
            settler.execute(settling);
        } catch (RejectedExecutionException closed) {
            // The broker has it back, and sends it again.
        }
    }

    private void settleHere(Message message, Delivery delivery) {
        if (delivery instanceof Delivery.Accepted accepted) {
            hasAccepted = true;
            Answer answer = accepted.answer();
            if (answer != null) {
                tell(message, ACCEPTED, ACCEPTED, (requesters, sent) -> requesters.answer(message, answer, sent));
            } else if (accepted.cameRound()) {
                refuse(message, Requesters.GOES_ROUND, "the message goes round", ACCEPTED, ACCEPTED);
            } else {
                settle(message, ACCEPTED);
            }
        } else if (delivery.equals(Answer.NOT_IN_TIME)) {
            String why = "no answer came in time";
            report(why);
            // Who was told is done with it; else the broker's dead letters are the only place where it shows.
            refuse(message, Requesters.NOT_IN_TIME, why, ACCEPTED, REJECTED);
        } else if (delivery instanceof Delivery.Rejected rejected) {
            report(rejected.reason());
            refuse(message, Requesters.NEVER, rejected.reason(), REJECTED, REJECTED);
        } else if (delivery instanceof Delivery.Unavailable unavailable) {
            trouble = unavailable.retry();
            settle(message, RELEASED);
        }
    }

    private void refuse(Message request, int status, String why, int told, int untold) {
        tell(request, told, untold, (requesters, sent) -> requesters.refuse(request, status, why, sent));
    }

    private void report(String reason) {
        if (reported.isNews(reason)) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue("reason", reason)
                    .log("an AMQP message was rejected; further ones like it are not logged for a while");
        }
    }

    private void settle(Message message, int outcome) {
        try {
            message.setIntProperty(ACK_TYPE, outcome);
            message.acknowledge();
        } catch (JMSException connectionLost) {
            // The broker has it back, and sends it again.
        } finally {
            room.release();
        }
    }

    /** What is said to who has asked. */
    private interface Telling {
        void to(Requesters requesters, CompletionListener sent) throws JMSException;
    }

    /**
     * Tells who has asked. The request is settled once the broker has what was said, or has refused it.
     *
     * @param told how it is settled then
     * @param untold how, when nobody can be told
     */
    private void tell(Message request, int told, int untold, Telling telling) {
        try {
            if (requesters == null || !Requesters.asks(request)) {
                settle(request, untold);
            } else {
                telling.to(requesters, new Told(request, told, untold));
            }
        } catch (JMSException | RuntimeException nowhere) {
            report("the answer cannot be sent");
            settle(request, untold);
        }
    }

    /** Gives back what is not settled. */
    @Override
    public void close() {
        settler.shutdown();
        try {
            if (!settler.awaitTermination(SETTLE_MILLIS, TimeUnit.MILLISECONDS)) {
                settler.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Connections.closeQuietly(connection);
    }

    private final class Told implements CompletionListener {
        private final Message request;
        private final int told;
        private final int untold;

        Told(Message request, int told, int untold) {
            this.request = request;
            this.told = told;
            this.untold = untold;
        }

        @Override
        public void onCompletion(Message answer) {
            byItself(() -> settle(request, told));
        }

        @Override
        public void onException(Message answer, Exception failure) {
            report("the answer cannot be sent");
            byItself(() -> settle(request, untold));
        }
    }
}

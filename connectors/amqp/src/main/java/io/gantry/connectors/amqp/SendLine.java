// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.connectors.amqp.NotSentException.Stage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.qpid.jms.JmsConnection;
import org.jspecify.annotations.Nullable;

/**
 * One connection on which messages are sent, and the one thread that may use its session. The thread waits for nothing
 * but connections, links and credit: what becomes of a message it is told later, on Qpid's threads, so that many are under
 * way.
 */
final class SendLine implements AutoCloseable {
    /** Messages that wait here or are under way; more are refused, since outboxes hold them better. */
    static final int MOST_UNDER_WAY = 2_000;

    private static final int MOST_LINKS = 1_000;
    private static final long IDLE_MILLIS = 60_000;
    private static final long CLOSE_MILLIS = 5_000;

    private final String name;
    private final Connections connections;
    private final AmqpReach reach;
    private final @Nullable Replies replies;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Map<Link, MessageProducer> links = new LinkedHashMap<>(16, 0.75f, true);
    private final OwnIds ids = new OwnIds();
    private final BackOff backOff = new BackOff();
    private final Thread thread;
    private @Nullable Connection connection;
    private @Nullable Session session;
    private NotSentException whyNot = new NotSentException(Stage.CONNECTING, "the endpoint is closed");
    private volatile boolean closed;

    private record Link(String sink, String address, AddressKind kind) {}

    /**
     * A line that connects as soon as it is started, and again whenever the connection is lost.
     *
     * @param replies where answers come in; null for a line on which nobody asks
     */
    SendLine(String name, Connections connections, AmqpReach reach, @Nullable Replies replies) {
        this.name = name;
        this.connections = connections;
        this.reach = reach;
        this.replies = replies;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** How many messages wait here or are under way. */
    int load() {
        return underWay.get();
    }

    /** Sends a message, and tells its waiter what came of it, perhaps on this thread. Never blocks; any thread. */
    void offer(PreparedMessage message, PendingSend.Waiter waiter) {
        if (underWay.incrementAndGet() > MOST_UNDER_WAY || closed) {
            underWay.decrementAndGet();
            waiter.done(new NotSentException(Stage.WAITING, "as many messages as may be are under way"), null);
            return;
        }
        PendingSend send = new PendingSend(message, (failure, answer) -> {
            underWay.decrementAndGet();
            waiter.done(failure, answer);
        });
        long deadline = System.nanoTime() + connections.settings().sendTimeout().toNanos();
        tasks.add(() -> send(send, deadline));
    }

    private void run() {
        try {
            while (!closed) {
                if (connection == null && backOff.isOver()) {
                    connect();
                }
                Runnable task =
                        tasks.poll(connection == null ? backOff.leftMillis() : IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (task != null) {
                    task.run();
                }
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            whyNot = new NotSentException(Stage.CONNECTING, "the endpoint is closed");
            disconnect();
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }
    }

    private void connect() {
        Connection made = null;
        try {
            made = connections.connect(1, ids);
            Session first = made.createSession(false, Session.AUTO_ACKNOWLEDGE);
            if (replies != null) {
                replies.attach(made);
            }
            Connection mine = made;
            ((JmsConnection) made)
                    .addConnectionListener(new LossListener(failure -> tasks.add(() -> lost(mine, failure))));
            connection = made;
            session = first;
            backOff.reset();
            reach.reached(name);
        } catch (JMSException | RuntimeException failure) {
            Connections.closeQuietly(made);
            unreachable(failure);
        }
    }

    private void unreachable(@Nullable Throwable failure) {
        String brokers = connections.brokers();
        String why = failure == null ? "connection lost" : Connections.reason(failure, brokers);
        whyNot = failure == null
                ? new NotSentException(Stage.CONNECTING, why)
                : new NotSentException(Stage.CONNECTING, why, failure);
        backOff.next(failure != null && Connections.wantsMending(failure));
        reach.failed(name, why);
    }

    private void lost(Connection which, @Nullable Throwable failure) {
        if (connection == which) {
            unreachable(failure);
            disconnect();
        }
    }

    /** What is under way on it fails by that. */
    private void disconnect() {
        Connection old = connection;
        connection = null;
        session = null;
        links.clear();
        Connections.closeQuietly(old);
        if (replies != null) {
            replies.failAll(whyNot);
        }
    }

    private void send(PendingSend send, long deadline) {
        Session current = session;
        if (current == null) {
            send.failed(whyNot);
            return;
        }
        if (System.nanoTime() - deadline > 0) {
            // Others have waited for credit all the time.
            send.failed(new NotSentException(Stage.SENDING, "no credit came in time"));
            return;
        }
        PreparedMessage prepared = send.message();
        Link link = new Link(prepared.sink(), prepared.address(), prepared.kind());
        MessageProducer producer;
        try {
            producer = link(current, link);
        } catch (JMSException | RuntimeException failure) {
            send.failed(new NotSentException(Stage.SENDING, "no link to the address", failure));
            if (failure instanceof IllegalStateException || failure instanceof RuntimeException) {
                unreachable(failure);
                disconnect();
            }
            return;
        }
        try {
            send(current, producer, send);
        } catch (JMSException | RuntimeException failure) {
            // The link may be gone; another one tells.
            links.remove(link);
            closeQuietly(producer);
            if (replies != null) {
                replies.forget(send);
            }
            send.failed(new NotSentException(Stage.SENDING, "the link is lost", failure));
        }
    }

    private MessageProducer link(Session current, Link link) throws JMSException {
        MessageProducer known = links.get(link);
        if (known != null) {
            return known;
        }
        MessageProducer made = current.createProducer(link.kind.destination(current, link.address));
        links.put(link, made);
        if (links.size() > MOST_LINKS) {
            Link eldest = links.keySet().iterator().next();
            closeQuietly(links.remove(eldest));
        }
        return made;
    }

    private void send(Session current, MessageProducer producer, PendingSend send) throws JMSException {
        PreparedMessage prepared = send.message();
        Message message = Encoding.write(current, prepared);
        ids.next(prepared.id());
        if (replies != null) {
            replies.expect(send, message);
        }
        long timeToLive = prepared.expiresMillis() == 0
                ? Message.DEFAULT_TIME_TO_LIVE
                : Math.max(1, prepared.expiresMillis() - System.currentTimeMillis());
        producer.send(
                message,
                prepared.isDurable() ? DeliveryMode.PERSISTENT : DeliveryMode.NON_PERSISTENT,
                prepared.priority(),
                timeToLive,
                new Completion(send));
    }

    private static void closeQuietly(@Nullable MessageProducer producer) {
        if (producer != null) {
            try {
                producer.close();
            } catch (JMSException alreadyGone) {
                // Nothing is left to be closed.
            }
        }
    }

    /** Waits for what there is under way no longer than it takes to say goodbye. */
    @Override
    public void close() {
        closed = true;
        tasks.add(() -> {});
        try {
            thread.join(CLOSE_MILLIS);
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        if (replies != null) {
            replies.close();
        }
    }

    /** Is told on Qpid's threads what the broker says. */
    private final class Completion implements CompletionListener {
        private final PendingSend send;

        Completion(PendingSend send) {
            this.send = send;
        }

        @Override
        public void onCompletion(Message message) {
            if (replies == null) {
                send.accepted();
            }
        }

        @Override
        public void onException(Message message, Exception failure) {
            if (replies != null) {
                replies.forget(send);
            }
            Stage stage = Outcomes.isRejected(message) ? Stage.REJECTED : Stage.SENDING;
            send.failed(new NotSentException(stage, "not accepted", failure));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.connectors.mqtt.Link.LinkException;
import io.gantry.connectors.spi.EndpointWatcher;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway as a client of one broker, in one session: connects, and connects again when the connection is lost, at first
 * soon and then ever more slowly. A thread of its own does that; Paho's bring messages and confirmations.
 */
final class RemoteClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteClient.class);
    private static final long CLOSE_MILLIS = 5_000;
    private static final long CHECK_SECONDS = 10;
    private static final Duration CONFIRMED_WITHIN = Duration.ofSeconds(60);

    /** A connection that has lasted so long was a good one; others are followed by ever longer pauses. */
    private static final Duration STEADY = Duration.ofSeconds(10);

    private final Broker broker;
    private final BrokerReach reach;
    private final Pauses pauses;
    private final Publishing outbound;
    private final Inbound inbound;
    private final Subscriptions subscriptions;
    private final ScheduledExecutorService timer;
    private final Thread thread = new Thread(this::run);
    private volatile @Nullable Attempt current;
    private volatile boolean closed;
    private @Nullable ScheduledFuture<?> renewal;
    private @Nullable ScheduledFuture<?> check;
    private boolean started;

    RemoteClient(Broker broker, Publishing outbound, EndpointWatcher watcher, Pauses pauses) {
        this.broker = broker;
        this.pauses = pauses;
        this.reach = new BrokerReach(broker.endpoint(), watcher);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread due = new Thread(task, "mqtt-" + broker.endpoint() + "-timer");
            due.setDaemon(true);
            return due;
        });
        this.outbound = outbound;
        this.subscriptions = new Subscriptions(broker, timer);
        this.inbound = new Inbound(broker.receiveMaximum(), subscriptions::handOn);
        thread.setName("mqtt-" + broker.endpoint());
        thread.setDaemon(true);
        reach.waiting(broker.urls().get(0), Trouble.NOT_YET);
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    /** Begins to connect; nothing at a second call. */
    synchronized void start() {
        if (!started && !closed) {
            started = true;
            thread.start();
        }
    }

    /** Publishes; answers, then or later, what became of it. */
    void publish(OutgoingMessage message, Consumer<Delivery> answer) {
        outbound.publish(message, answer);
    }

    /** Makes a new connection at once, with a new login; nothing while there is none. */
    void reconnect() {
        give(Trouble.RENEWED);
    }

    private void give(Trouble reason) {
        Attempt attempt = current;
        if (attempt != null) {
            attempt.lost(reason);
        }
    }

    /** One connection, or the attempt to make one; what Paho tells of an earlier one is of no interest any more. */
    private final class Attempt implements Link.Events {
        private final BlockingQueue<Trouble> losses = new ArrayBlockingQueue<>(1);
        private final Link link =
                broker.version() == MqttVersion.V5 ? new Link5(broker, this) : new Link311(broker, this);

        @Override
        public void arrived(Incoming message) throws InterruptedException {
            if (current == this) {
                inbound.arrived(message);
            }
        }

        @Override
        public boolean expectsExact() {
            return subscriptions.expectExact();
        }

        @Override
        public boolean released(int packetId) {
            return current == this && inbound.released(packetId);
        }

        @Override
        public void received(int packetId, int code) {
            if (current == this) {
                outbound.received(packetId, code);
            }
        }

        @Override
        public void completed(int packetId, int code) {
            if (current == this) {
                outbound.completed(packetId, code);
            }
        }

        /** The first reason counts. */
        @Override
        public void lost(Trouble why) {
            losses.offer(why);
        }
    }

    private void run() {
        int turn = 0;
        try {
            while (!closed) {
                BrokerUrl url = broker.urls().get(turn % broker.urls().size());
                long began = System.nanoTime();
                Attempt attempt = new Attempt();
                current = attempt;
                boolean connected = connect(url, attempt);
                Trouble trouble = attempt.losses.take();
                end(trouble);
                if (!connected) {
                    turn++;
                } else if (System.nanoTime() - began > STEADY.toNanos()) {
                    pauses.startOver();
                }
                if (!closed && !trouble.equals(Trouble.RENEWED)) {
                    reach.waiting(url, trouble);
                    TimeUnit.MILLISECONDS.sleep(pauses.nextMillis(trouble.needsMending()));
                }
            }
        } catch (InterruptedException closing) {
            end(Trouble.CLOSED);
        }
    }

    /** Connects; false when there is no connection, whose reason is then among the attempt's losses. */
    private boolean connect(BrokerUrl url, Attempt attempt) {
        try {
            Login login = broker.logins().next();
            SessionUse session = outbound.sessionAt(url, !subscriptions.isEmpty());
            inbound.connecting(attempt.link, url);
            Announced announced = attempt.link.connect(url, login, session);
            inbound.connected(announced.sessionPresent());
            outbound.connected(attempt.link, url, announced);
            subscriptions.connected(attempt.link, announced);
            reach.connected(url);
            watch(login.validFor());
            return true;
        } catch (LinkException failure) {
            attempt.losses.clear();
            attempt.lost(failure.trouble());
        } catch (RuntimeException broken) {
            LOG.atError()
                    .addKeyValue("endpoint", broker.endpoint())
                    .setCause(broken)
                    .log("the connection to a remote broker broke and is made again");
            attempt.lost(new Trouble("the gateway failed", false));
        }
        return false;
    }

    private void watch(@Nullable Duration validFor) {
        if (!timer.isShutdown()) {
            check = timer.scheduleWithFixedDelay(this::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
            if (validFor != null) {
                renewal = timer.schedule(this::reconnect, validFor.toMillis() / 4 * 3, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Now and then: whether a broker that is there also confirms. */
    private void check() {
        if (outbound.isOverdue(System.nanoTime() - CONFIRMED_WITHIN.toNanos())) {
            give(Trouble.SILENT);
        }
    }

    private void end(Trouble why) {
        if (check != null) {
            check.cancel(false);
        }
        if (renewal != null) {
            renewal.cancel(false);
        }
        inbound.lost();
        subscriptions.lost();
        outbound.lost(why);
        Attempt attempt = current;
        current = null;
        if (attempt != null) {
            attempt.link.close();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        timer.shutdownNow();
        give(Trouble.CLOSED);
        thread.interrupt();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        outbound.close();
    }
}

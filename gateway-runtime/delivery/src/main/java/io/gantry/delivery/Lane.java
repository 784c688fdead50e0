// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Mailbox;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one route's messages to one of its targets: bounded, and in the order each device sent them. Takes messages
 * on any thread and tries them on its worker, so that no event loop ever runs a route.
 */
public final class Lane implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Delivery FULL =
            new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "too many messages wait for this destination");
    private static final Delivery FAILED =
            new Delivery.Unavailable(ReasonCode.UNSPECIFIED_ERROR, "the route failed on this message");

    private final String route;
    private final Sink target;
    private final int mostMessages;
    private final long mostBytes;
    private final Mailbox mailbox;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /**
     * An empty lane.
     *
     * @param target is offered the messages on the worker's thread
     * @param worker runs what it is given on one thread; lanes to the same endpoint share one, so that a target which
     *     blocks holds up nobody else's
     */
    public Lane(String route, Sink target, DeliverySettings settings, Executor worker) {
        this.route = route;
        this.target = target;
        this.mostMessages = settings.maxInFlight();
        this.mostBytes = settings.maxInFlightBytes().bytes();
        this.mailbox = new Mailbox(worker, failure -> LOG.atError()
                .addKeyValue("route", route)
                .setCause(failure)
                .log("a message broke its route"));
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        int size = message.payload().size();
        boolean tooMany = messages.incrementAndGet() > mostMessages;
        boolean tooLarge = bytes.addAndGet(size) > mostBytes;
        if (tooMany || tooLarge) {
            release(size);
            refused.incrementAndGet();
            acknowledgement.complete(FULL);
            return;
        }
        mailbox.post(new Attempt(message, acknowledgement));
    }

    private void release(int size) {
        messages.decrementAndGet();
        bytes.addAndGet(-size);
    }

    /** The name of the route in the YAML. */
    public String route() {
        return route;
    }

    /** Messages taken and not answered yet. */
    public int waiting() {
        return messages.get();
    }

    /** Messages refused so far because the lane was full. */
    public long refused() {
        return refused.get();
    }

    /** Waits until every message taken has been answered, but not past the time given; true when it is so. */
    public boolean awaitIdle(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (messages.get() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        return messages.get() == 0;
    }

    /** One message on its way to the target and back. */
    private final class Attempt extends Mailbox.Mail implements Acknowledgement {
        private final Message message;
        private final Acknowledgement acknowledgement;

        Attempt(Message message, Acknowledgement acknowledgement) {
            this.message = message;
            this.acknowledgement = acknowledgement;
        }

        @Override
        protected void open() {
            try {
                target.offer(message, this);
            } catch (RuntimeException | Error failure) {
                complete(FAILED);
                throw failure;
            }
        }

        @Override
        public void complete(Delivery delivery) {
            release(message.payload().size());
            acknowledgement.complete(delivery);
        }
    }
}

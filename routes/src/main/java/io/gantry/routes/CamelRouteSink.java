// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.RejectedMessageException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/** Pushes each message into a Camel route and turns what comes of it into a {@link Delivery}. */
final class CamelRouteSink implements Sink {
    private static final Delivery STOPPED =
            new Delivery.Unavailable(ReasonCode.SERVER_SHUTTING_DOWN, "the route is stopped");

    private final RouteEntry entry;
    private final CamelSink target;
    private final @Nullable String mark;

    /**
     * Into one route.
     *
     * @param mark of this gateway, for messages that may come back; null for others
     */
    CamelRouteSink(RouteEntry entry, CamelSink target, @Nullable String mark) {
        this.entry = entry;
        this.target = target;
        this.mark = mark;
    }

    @Override
    public void offer(Message message, Acknowledgement acknowledgement) {
        DefaultConsumer consumer = entry.consumer();
        if (consumer == null) {
            acknowledgement.complete(STOPPED);
            return;
        }
        Exchange exchange = consumer.createExchange(false);
        exchange.setProperty(RouteEntry.MESSAGE, mark == null ? message : Hops.marked(message, mark));
        consumer.getAsyncProcessor().process(exchange, new Hop(exchange, acknowledgement));
    }

    /** What waits for one exchange. */
    private final class Hop implements AsyncCallback {
        private final Exchange exchange;
        private final Acknowledgement acknowledgement;

        Hop(Exchange exchange, Acknowledgement acknowledgement) {
            this.exchange = exchange;
            this.acknowledgement = acknowledgement;
        }

        @Override
        public void done(boolean doneSync) {
            Throwable failure = exchange.getException();
            acknowledgement.complete(failure == null ? success() : outcomeOf(failure));
        }

        private Delivery success() {
            Answer answer = target.answerOf(exchange);
            return answer == null ? Delivery.accepted() : Delivery.answered(answer);
        }

        private Delivery outcomeOf(Throwable failure) {
            return failure instanceof RejectedMessageException rejected
                    ? rejected.asDelivery()
                    : target.outcomeOf(failure);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Retry;
import io.gantry.connectors.spi.ChangesOnly;
import jakarta.jms.Connection;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Where a Camel route starts that comes from a broker. Camel's own consumer settles a message when the exchange is done,
 * on the thread that read it; here many are under way, and each is settled when its route answers.
 */
final class ReadEndpoint extends DefaultEndpoint {
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private final String route;
    private final AmqpFrom settings;
    private final Connections connections;
    private final AmqpReach reach;

    ReadEndpoint(
            String uri, CamelContext camel, String route, AmqpFrom settings, Connections connections, AmqpReach reach) {
        this.route = route;
        this.settings = settings;
        this.connections = connections;
        this.reach = reach;
        setCamelContext(camel);
        setEndpointUri(uri);
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("nothing is sent here");
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        return new Reader(processor);
    }

    /** Reads on a thread of its own, as long as the route runs, and connects again as often as needed. */
    private final class Reader extends DefaultConsumer {
        private static final long STOP_MILLIS = 15_000;

        private final String name = "amqp-from-" + route;
        private final BackOff backOff = new BackOff();
        private final ChangesOnly reported = new ChangesOnly();
        private final CountDownLatch stop = new CountDownLatch(1);
        private @Nullable Thread thread;

        Reader(Processor processor) {
            super(ReadEndpoint.this, processor);
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            Thread reading = new Thread(this::run, name);
            reading.setDaemon(true);
            thread = reading;
            reading.start();
        }

        @Override
        protected void doStop() throws Exception {
            stop.countDown();
            Thread reading = thread;
            if (reading != null) {
                reading.join(STOP_MILLIS);
                reading.interrupt();
            }
            super.doStop();
        }

        private void run() {
            try {
                do {
                    readOnce();
                } while (!stop.await(backOff.leftMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
        }

        private void readOnce() throws InterruptedException {
            Connection connection = null;
            try {
                connection = connections.connect(settings.credit(), null);
                read(connection);
            } catch (JMSException | RuntimeException failure) {
                Connections.closeQuietly(connection);
                backOff.next(Connections.wantsMending(failure));
                reach.failed(name, why(failure));
            }
        }

        private void read(Connection connection) throws JMSException, InterruptedException {
            try (Reading reading = new Reading(route, settings, connection, reported)) {
                reach.reached(name);
                reading.read(this::handOn, () -> stop.getCount() == 0);
                if (reading.hasAccepted()) {
                    backOff.reset();
                }
                Retry trouble = reading.trouble();
                if (trouble != null) {
                    backOff.next(trouble.parked());
                    backOff.atLeast(
                            trouble.notBefore().compareTo(LONGEST_PAUSE) < 0 ? trouble.notBefore() : LONGEST_PAUSE);
                }
            }
        }

        private void handOn(Received received) {
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(received);
            getAsyncProcessor().process(exchange, doneSync -> {});
        }

        private String why(Throwable failure) {
            return failure instanceof InvalidDestinationException
                    ? "there is no address '" + settings.address() + "' at the AMQP broker"
                    : Connections.reason(failure, connections.brokers());
        }
    }
}

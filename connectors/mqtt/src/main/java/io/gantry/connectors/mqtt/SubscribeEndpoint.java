// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/** The Camel endpoint at which a route starts: each exchange carries an {@link Offered} and no header. */
final class SubscribeEndpoint extends DefaultEndpoint {
    private static final long STOP_MILLIS = 10_000;

    private final RemoteClient client;
    private final Subscription subscription;

    SubscribeEndpoint(String uri, CamelContext camel, RemoteClient client, Subscription subscription) {
        this.client = client;
        this.subscription = subscription;
        setCamelContext(camel);
        setEndpointUri(uri);
    }

    /**
     * A message, and who is to be told what became of it.
     *
     * @param answer to be called once
     */
    record Offered(Arrival arrival, java.util.function.Consumer<Delivery> answer) {}

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("a route starts here");
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        return new SubscribeConsumer(this, processor);
    }

    private final class SubscribeConsumer extends DefaultConsumer {

        SubscribeConsumer(SubscribeEndpoint endpoint, Processor processor) {
            super(endpoint, processor);
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            client.subscriptions().start(subscription, this::receive);
            client.start();
        }

        @Override
        protected void doStop() throws Exception {
            subscription.stop(STOP_MILLIS);
            super.doStop();
        }

        private void receive(Arrival arrival, java.util.function.Consumer<Delivery> answer) {
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(new Offered(arrival, answer));
            getAsyncProcessor().process(exchange, doneSync -> {});
        }
    }
}

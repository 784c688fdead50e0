// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Message;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** The Camel endpoint at which a route takes messages from Gantry. Its exchanges start without headers and body. */
final class RouteEntry extends DefaultEndpoint {
    /** The exchange property that carries the message through the route. */
    static final String MESSAGE = "io.gantry.message";

    private final String routeId;
    private volatile @Nullable DefaultConsumer consumer;

    RouteEntry(String routeId, CamelContext camel) {
        this.routeId = routeId;
        setCamelContext(camel);
        setEndpointUri("gantry:" + routeId);
    }

    String routeId() {
        return routeId;
    }

    /** Where exchanges go in; null while the route is not started. */
    @Nullable DefaultConsumer consumer() {
        return consumer;
    }

    static Message messageOf(Exchange exchange) {
        return exchange.getProperty(MESSAGE, Message.class);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        return new DefaultConsumer(this, processor) {
            @Override
            protected void doStart() throws Exception {
                super.doStart();
                consumer = this;
            }

            @Override
            protected void doStop() throws Exception {
                consumer = null;
                super.doStop();
            }
        };
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("nothing is sent to the entry of a route by Camel");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Delivery;
import io.gantry.api.UserProperty;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;

/**
 * The Camel endpoint of a route that starts with CoAP requests. Its exchanges have the request as their body and no header
 * at all; the request is answered with the {@link Delivery} that is their body in the end.
 */
final class ListeningEndpoint extends DefaultEndpoint {
    private final PathRoutes.Entry entry;
    private final CoapFrom settings;

    ListeningEndpoint(String uri, CamelContext camel, PathRoutes.Entry entry, CoapFrom settings) {
        this.entry = entry;
        this.settings = settings;
        setCamelContext(camel);
        setEndpointUri(uri);
    }

    /**
     * The body of an exchange.
     *
     * @param path the values of the names in the route's path
     */
    record Received(IncomingRequest request, List<UserProperty> path) {}

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("nothing is sent to who calls but answers");
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        return new RequestConsumer(this, processor);
    }

    private final class RequestConsumer extends DefaultConsumer implements PathRoutes.Taker {

        RequestConsumer(ListeningEndpoint endpoint, Processor processor) {
            super(endpoint, processor);
        }

        @Override
        public void take(IncomingRequest request, List<UserProperty> path) {
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(new Received(request, path));
            getAsyncProcessor().process(exchange, doneSync -> answer(request, exchange));
        }

        private void answer(IncomingRequest request, Exchange exchange) {
            request.answer(
                    exchange.getException() == null && exchange.getMessage().getBody() instanceof Delivery delivery
                            ? Answers.of(delivery, request.method(), settings.properties())
                            : Answers.refusal(ResponseCode.INTERNAL_SERVER_ERROR, "the route failed on this request"));
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            entry.starts(this);
        }

        @Override
        protected void doStop() throws Exception {
            entry.stops();
            super.doStop();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Where a route starts at a listener. Camel's own HTTP servers copy what callers send into headers, which other
 * components obey; here the exchange carries the request as its body, and no header at all.
 */
final class ListenEndpoint extends DefaultEndpoint {
    private final HttpFrom from;
    private final Places places;

    ListenEndpoint(String name, CamelContext camel, HttpFrom from, Places places) {
        super("http-listener://" + URLEncoder.encode(name, StandardCharsets.UTF_8), null);
        this.from = from;
        this.places = places;
        setCamelContext(camel);
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("a listener is where routes start");
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        return new RequestConsumer(this, processor);
    }

    private final class RequestConsumer extends DefaultConsumer implements Place {

        RequestConsumer(ListenEndpoint endpoint, Processor processor) {
            super(endpoint, processor);
        }

        @Override
        public void take(ReceivedRequest request) {
            Exchange exchange = createExchange(true);
            exchange.getMessage().setBody(request);
            getAsyncProcessor().process(exchange, doneSync -> {
                if (exchange.getException() != null) {
                    getExceptionHandler().handleException("taking a request failed", exchange, exchange.getException());
                    request.answer(HttpAnswer.error(500, "this failed inside the gateway, whose log says why"));
                }
            });
        }

        @Override
        public Duration extraTime() {
            return from.reply() ? from.replyTimeout() : Duration.ZERO;
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            places.add(from, this);
        }

        @Override
        protected void doStop() throws Exception {
            places.remove(this);
            super.doStop();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultEndpoint;
import org.eclipse.californium.core.coap.Response;
import org.jspecify.annotations.Nullable;

/**
 * The Camel endpoint of a route that ends at a CoAP server. Its producer sends the request that {@link CoapSink} put into
 * the body, and reads no header; the body then is the answer, or null when none was awaited.
 */
final class RequestEndpoint extends DefaultEndpoint {
    private final Target target;

    RequestEndpoint(String uri, CamelContext camel, Target target) {
        this.target = target;
        setCamelContext(camel);
        setEndpointUri(uri);
    }

    @Override
    public Producer createProducer() {
        return new RequestProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("nothing comes from a CoAP server by itself");
    }

    private final class RequestProducer extends DefaultAsyncProducer {

        RequestProducer(RequestEndpoint endpoint) {
            super(endpoint);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            PreparedRequest request = (PreparedRequest) exchange.getMessage().getBody();
            try {
                target.send(request, (answer, failure) -> {
                    take(exchange, answer, failure);
                    callback.done(false);
                });
                return false;
            } catch (RejectedExecutionException full) {
                exchange.setException(full);
                callback.done(true);
                return true;
            }
        }

        private static void take(Exchange exchange, @Nullable Response answer, @Nullable Throwable failure) {
            if (failure != null) {
                exchange.setException(failure);
            } else if (answer != null && !answer.isSuccess()) {
                Long maxAge =
                        answer.getOptions().hasMaxAge() ? answer.getOptions().getMaxAge() : null;
                exchange.setException(
                        new ErrorAnswerException(answer.getCode(), maxAge, answer instanceof HopLimitReached));
            }
            exchange.getMessage().setBody(answer);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import java.util.List;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Where a Camel route ends that leads to a broker: sends the {@link PreparedMessage} in the body, and reads no header.
 * Camel's own producer makes destination and more out of headers such as {@code CamelJmsDestinationName}, and waits on a
 * thread for each message.
 */
final class SendEndpoint extends DefaultEndpoint {
    private final List<SendLine> lines;

    SendEndpoint(String uri, CamelContext camel, List<SendLine> lines) {
        this.lines = List.copyOf(lines);
        setCamelContext(camel);
        setEndpointUri(uri);
    }

    @Override
    public Producer createProducer() {
        return new LineProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("nothing is read here");
    }

    private SendLine leastLoaded() {
        SendLine least = lines.get(0);
        for (SendLine line : lines) {
            if (line.load() < least.load()) {
                least = line;
            }
        }
        return least;
    }

    private static final class LineProducer extends DefaultAsyncProducer {
        private final SendEndpoint endpoint;

        LineProducer(SendEndpoint endpoint) {
            super(endpoint);
            this.endpoint = endpoint;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            PreparedMessage message = (PreparedMessage) exchange.getMessage().getBody();
            endpoint.leastLoaded().offer(message, (failure, answer) -> {
                if (failure != null) {
                    exchange.setException(failure);
                }
                exchange.getMessage().setBody(answer);
                callback.done(false);
            });
            return false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultEndpoint;

/**
 * The Camel endpoint at which a route ends. Its producer publishes the message that {@link MqttSink} put into the body; no
 * header can choose anything, because none is read.
 */
final class PublishEndpoint extends DefaultEndpoint {
    private final ConnectedMqtt broker;

    PublishEndpoint(String uri, CamelContext camel, ConnectedMqtt broker) {
        this.broker = broker;
        setCamelContext(camel);
        setEndpointUri(uri);
    }

    @Override
    public Producer createProducer() {
        return new PublishProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("a route ends here");
    }

    private final class PublishProducer extends DefaultAsyncProducer {

        PublishProducer(PublishEndpoint endpoint) {
            super(endpoint);
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            broker.start();
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            broker.publish((OutgoingMessage) exchange.getMessage().getBody(), outcome -> {
                if (!(outcome instanceof Delivery.Accepted)) {
                    exchange.setException(new NotPublishedException(outcome));
                }
                callback.done(false);
            });
            return false;
        }
    }
}

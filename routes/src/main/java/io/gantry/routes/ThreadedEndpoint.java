// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.connectors.spi.SendingThreads;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** Any component's endpoint, whose producer works on threads of its own and is started by its first message. */
final class ThreadedEndpoint extends DefaultEndpoint {
    private final Endpoint component;
    private final SendingThreads threads;
    private final @Nullable CamelReach reach;

    /** Which tells the outcome of each message to {@code reach}, where there is one. */
    ThreadedEndpoint(Endpoint component, SendingThreads threads, @Nullable CamelReach reach) {
        this.component = component;
        this.threads = threads;
        this.reach = reach;
        setCamelContext(component.getCamelContext());
        setEndpointUri("gantry-camel:" + Integer.toHexString(System.identityHashCode(this)));
    }

    @Override
    public Producer createProducer() throws Exception {
        return new ThreadedProducer(component.createAsyncProducer());
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("only sends");
    }

    private final class ThreadedProducer extends DefaultAsyncProducer {
        private final AsyncProducer producer;

        ThreadedProducer(AsyncProducer producer) {
            super(ThreadedEndpoint.this);
            this.producer = producer;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            try {
                threads.run(() -> send(exchange, doneSync -> {
                    threads.ended();
                    tell(exchange);
                    callback.done(false);
                }));
                return false;
            } catch (RejectedExecutionException full) {
                exchange.setException(full);
                callback.done(true);
                return true;
            }
        }

        private void tell(Exchange exchange) {
            if (reach != null && exchange.getException() == null) {
                reach.answered();
            } else if (reach != null) {
                reach.failed(exchange.getException());
            }
        }

        /** Not at the start of the route: what a component needs may be away then. */
        private void send(Exchange exchange, AsyncCallback callback) {
            try {
                ServiceHelper.startService(component, producer);
            } catch (RuntimeException away) {
                exchange.setException(away);
                callback.done(false);
                return;
            }
            producer.process(exchange, callback);
        }

        @Override
        protected void doStop() throws Exception {
            ServiceHelper.stopService(producer);
            super.doStop();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.EndpointWatcher;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.ValueNames;
import io.gantry.connectors.spi.Values;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * A connector whose producer keeps what reached it, headers and all, and obeys no header itself. The one header it sets
 * is {@code site}, as the "YAML" of the tests fixes it.
 */
final class RecordingConnector
        implements Connector<RecordingConnector.None, RecordingConnector.None, RecordingConnector.To> {

    /** No settings. */
    record None() {}

    /** A template for the one header. */
    record To(Template site) {}

    /** What the producer saw. */
    record Seen(Map<String, Object> headers, Payload body, Endpoint endpoint) {}

    final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());

    /** When set, preparing a message breaks with it. */
    volatile @Nullable RuntimeException breakage;

    /** When set, the producer fails with it. */
    volatile @Nullable Exception failure;

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public Class<None> endpointSettings() {
        return None.class;
    }

    @Override
    public Class<None> fromSettings() {
        return None.class;
    }

    @Override
    public Class<To> toSettings() {
        return To.class;
    }

    @Override
    public ValueNames valueNames() {
        return ValueNames.of();
    }

    @Override
    public ConnectedEndpoint<None, To> open(EndpointContext context, None settings) {
        return new ConnectedEndpoint<>() {
            @Override
            public String address() {
                return "recording " + context.name();
            }

            @Override
            public CamelSink sink(String route, To to) {
                return new RecordingSink(context.camel(), to);
            }

            @Override
            public CamelSource source(String route, None from, MessageId.Sequence ids) {
                throw new UnsupportedOperationException("nothing comes from here");
            }

            @Override
            public void close() {
                context.watcher().changed(context.name(), EndpointWatcher.State.WAITING, "closed");
            }
        };
    }

    final class RecordingSink implements CamelSink {
        private final To to;
        private final Endpoint endpoint;

        RecordingSink(CamelContext camel, To to) {
            this.to = to;
            this.endpoint = new RecordingEndpoint(camel);
        }

        @Override
        public Endpoint endpoint() {
            return endpoint;
        }

        @Override
        public void prepare(Message message, Values values, Exchange exchange) throws RejectedMessageException {
            RuntimeException broken = breakage;
            if (broken != null) {
                throw broken;
            }
            String site = to.site().render(values);
            if (site == null) {
                throw new RejectedMessageException(ReasonCode.UNSPECIFIED_ERROR, "no site");
            }
            exchange.getMessage().setHeader("site", site);
            exchange.getMessage().setBody(message.payload().sharedBytes());
        }

        @Override
        public Delivery outcomeOf(Throwable thrown) {
            return new Delivery.Unavailable(ReasonCode.SERVER_BUSY, String.valueOf(thrown.getMessage()));
        }
    }

    private final class RecordingEndpoint extends DefaultEndpoint {

        RecordingEndpoint(CamelContext camel) {
            setCamelContext(camel);
            setEndpointUri("recording:end");
        }

        @Override
        public Producer createProducer() {
            return new DefaultAsyncProducer(this) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    seen.add(new Seen(
                            new TreeMap<>(exchange.getMessage().getHeaders()),
                            Payload.owning(exchange.getMessage().getBody(byte[].class)),
                            getEndpoint()));
                    exchange.setException(failure);
                    callback.done(true);
                    return true;
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("nothing comes from here");
        }
    }
}

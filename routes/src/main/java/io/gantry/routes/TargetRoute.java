// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicPattern;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Camel route of one target: from the entry through the route's steps and the gate to the producer. */
final class TargetRoute extends RouteBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(TargetRoute.class);

    private final RouteEntry entry;
    private final List<MessageStep> steps;
    private final Processor gate;
    private final CamelSink target;
    private final @Nullable TopicPattern pattern;

    /**
     * A route to be added to a Camel context.
     *
     * @param steps what happens to the message on its way
     * @param gate stands directly before the producer
     */
    TargetRoute(
            RouteEntry entry,
            List<MessageStep> steps,
            Processor gate,
            CamelSink target,
            @Nullable TopicPattern pattern) {
        this.entry = entry;
        this.steps = steps;
        this.gate = gate;
        this.target = target;
        this.pattern = pattern;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());
        ProcessorDefinition<?> route = from(entry).routeId(entry.routeId());
        for (MessageStep step : steps) {
            route = route.process(exchange -> onMessage(on -> take(step, on), exchange));
        }
        route.process(exchange -> onMessage(this::prepare, exchange)).to(target.endpoint());
    }

    private static void take(MessageStep step, Exchange exchange) throws RejectedMessageException {
        exchange.setProperty(RouteEntry.MESSAGE, step.apply(RouteEntry.messageOf(exchange)));
    }

    /** What breaks before the producer breaks on this message, and would again. */
    private void onMessage(Processor step, Exchange exchange) throws Exception {
        try {
            step.process(exchange);
        } catch (RuntimeException broken) {
            LOG.atWarn()
                    .addKeyValue("route", entry.routeId())
                    .addKeyValue("message", RouteEntry.messageOf(exchange).id())
                    .setCause(broken)
                    .log("a message broke its route and is rejected");
            throw new RejectedMessageException(ReasonCode.UNSPECIFIED_ERROR, "the route failed on this message");
        }
    }

    /** The last step: first nothing is a header any more, then what the connector makes of the YAML is. */
    private void prepare(Exchange exchange) throws Exception {
        gate.process(exchange);
        Message message = RouteEntry.messageOf(exchange);
        target.prepare(message, new MessageValues(message, pattern), exchange);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Message;
import io.gantry.api.TopicPattern;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.MessageValues;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;
import org.jspecify.annotations.Nullable;

/** The Camel route of one target: from the entry through the route's steps and the gate to the producer. */
final class TargetRoute extends RouteBuilder {
    private final RouteEntry entry;
    private final List<Processor> steps;
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
            RouteEntry entry, List<Processor> steps, Processor gate, CamelSink target, @Nullable TopicPattern pattern) {
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
        for (Processor step : steps) {
            route = route.process(step);
        }
        route.process(this::prepare).to(target.endpoint());
    }

    /** The last step: first nothing is a header any more, then what the connector makes of the YAML is. */
    private void prepare(Exchange exchange) throws Exception {
        gate.process(exchange);
        Message message = RouteEntry.messageOf(exchange);
        target.prepare(message, new MessageValues(message, pattern), exchange);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.MessageId;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.EndpointContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An AMQP broker of the YAML in use: a few connections on which all its routes send, one for each route that reads, and
 * one for each that asks for answers.
 */
final class ConnectedAmqp implements ConnectedEndpoint<AmqpFrom, AmqpTo> {
    private final EndpointContext context;
    private final Connections connections;
    private final AmqpReach reach;
    private final List<SendLine> shared = new ArrayList<>();
    private final List<SendLine> asking = new ArrayList<>();
    private final Map<String, Integer> sinks = new HashMap<>();

    ConnectedAmqp(EndpointContext context, AmqpEndpointSettings settings) {
        this.context = context;
        this.connections = new Connections(settings);
        this.reach = new AmqpReach(context.name(), context.watcher());
    }

    @Override
    public String address() {
        return "amqp " + connections.brokers();
    }

    @Override
    public CamelSink sink(String route, AmqpTo settings) {
        String name = route + "/" + sinks.merge(route, 1, Integer::sum);
        long mostBytes = connections.settings().maxMessageSize().bytes();
        List<SendLine> lines = settings.reply() ? List.of(askingLine(name, settings, mostBytes)) : sharedLines();
        SendEndpoint endpoint = new SendEndpoint(uri("to", name), context.camel(), lines);
        return new AmqpSink(route, endpoint, new MessageChoice(name, settings, mostBytes));
    }

    private SendLine askingLine(String name, AmqpTo settings, long mostBytes) {
        Replies replies = new Replies(name, settings.replyAddress(), settings.replyTimeout(), mostBytes);
        SendLine line = new SendLine("amqp-" + context.name() + "-" + name, connections, reach, replies);
        asking.add(line);
        line.start();
        return line;
    }

    private List<SendLine> sharedLines() {
        if (shared.isEmpty()) {
            for (int i = 1; i <= connections.settings().maxConnections(); i++) {
                shared.add(new SendLine("amqp-" + context.name() + "-" + i, connections, reach, null));
            }
            shared.forEach(SendLine::start);
        }
        return shared;
    }

    @Override
    public CamelSource source(String route, AmqpFrom settings, MessageId.Sequence ids) {
        ReadEndpoint endpoint =
                new ReadEndpoint(uri("from", route), context.camel(), route, settings, connections, reach);
        return new AmqpSource(
                context.name(),
                endpoint,
                settings,
                connections.settings().maxMessageSize().bytes(),
                ids);
    }

    private String uri(String side, String name) {
        return "gantry-amqp:" + side + "-" + URLEncoder.encode(context.name() + "-" + name, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        asking.forEach(SendLine::close);
        shared.forEach(SendLine::close);
    }
}

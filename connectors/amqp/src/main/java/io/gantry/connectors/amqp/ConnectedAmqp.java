// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.MessageId;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An AMQP broker of the YAML in use: each target of a route has connections of its own to send on, and each route that
 * reads has one.
 */
final class ConnectedAmqp implements ConnectedEndpoint<AmqpFrom, AmqpTo> {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectedAmqp.class);
    private final EndpointContext context;
    private final Connections connections;
    private final AmqpReach reach;
    private final List<SendLine> lines = new ArrayList<>();
    private final EventCounts<EndpointEvent> counts = new EventCounts<>(EnumSet.of(EndpointEvent.ANSWERED_NOBODY));
    private final Map<String, Integer> sinks = new HashMap<>();

    ConnectedAmqp(EndpointContext context, AmqpEndpointSettings settings) {
        this.context = context;
        this.connections = new Connections(context.name(), settings);
        this.reach = new AmqpReach(context.name(), context.watcher());
        if (settings.tellsSecretsInTheClear()) {
            LOG.atWarn()
                    .addKeyValue("endpoint", context.name())
                    .log("The credentials for AMQP go over the network unencrypted, as its url is no amqps://");
        }
    }

    @Override
    public String address() {
        return "amqp " + connections.brokers();
    }

    @Override
    public CamelSink sink(String route, AmqpTo settings) {
        String name = route + "/" + sinks.merge(route, 1, Integer::sum);
        List<SendLine> own = settings.reply() ? List.of(asking(name, settings)) : sending(name);
        own.forEach(SendLine::start);
        lines.addAll(own);
        SendEndpoint endpoint = new SendEndpoint(uri("to", name), context.camel(), own);
        return new AmqpSink(route, endpoint, new MessageChoice(name, settings, mostBytes()), settings.properties());
    }

    /** Of its own, since an address without room holds up the line on which somebody sends there. */
    private List<SendLine> sending(String name) {
        List<SendLine> own = new ArrayList<>();
        for (int i = 1; i <= connections.settings().maxConnections(); i++) {
            own.add(new SendLine(threadName(name) + "-" + i, connections, reach, null));
        }
        return own;
    }

    private SendLine asking(String name, AmqpTo settings) {
        return new SendLine(threadName(name), connections, reach, new Replies(name, settings, mostBytes(), counts));
    }

    private String threadName(String name) {
        return "amqp-" + context.name() + "-" + name;
    }

    private long mostBytes() {
        return connections.settings().maxMessageSize().bytes();
    }

    @Override
    public CamelSource source(String route, AmqpFrom settings, MessageId.Sequence ids) {
        ReadEndpoint endpoint =
                new ReadEndpoint(uri("from", route), context.camel(), route, settings, connections, reach);
        return new AmqpSource(context.name(), endpoint, settings, mostBytes(), ids);
    }

    private String uri(String side, String name) {
        return "gantry-amqp:" + side + "-" + URLEncoder.encode(context.name() + "-" + name, StandardCharsets.UTF_8);
    }

    @Override
    public Map<String, Long> counts() {
        return counts.now();
    }

    @Override
    public void close() {
        lines.forEach(SendLine::close);
        connections.close();
    }
}

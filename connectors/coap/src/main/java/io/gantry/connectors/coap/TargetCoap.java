// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.MessageId;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.RequestReach;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A CoAP server of the YAML in use. */
final class TargetCoap implements ConnectedEndpoint<CoapFrom, CoapTo> {
    private final EndpointContext context;
    private final CoapEndpointSettings settings;
    private final CoapAddress address;
    private final EventCounts<EndpointEvent> counts = new EventCounts<>(EnumSet.of(EndpointEvent.ANSWERED_NOBODY));
    private final Target target;
    private final AtomicInteger sinks = new AtomicInteger();

    TargetCoap(EndpointContext context, CoapEndpointSettings settings) {
        this.context = context;
        this.settings = settings;
        this.address = CoapAddress.ofTarget(String.valueOf(settings.url()));
        this.target = new Target(
                context.name(),
                settings,
                address,
                new RequestReach(context.name(), context.watcher()),
                () -> counts.count(EndpointEvent.ANSWERED_NOBODY));
    }

    @Override
    public String address() {
        return "coap " + address;
    }

    @Override
    public CamelSink sink(String route, CoapTo to) {
        String uri = "coap://to-" + URLEncoder.encode(context.name() + "-" + route, StandardCharsets.UTF_8) + "-"
                + sinks.incrementAndGet();
        return new CoapSink(route, new RequestEndpoint(uri, context.camel(), target), to, settings.blockSize());
    }

    @Override
    public CamelSource source(String route, CoapFrom from, MessageId.Sequence ids) {
        throw new InvalidSettingException(
                "from",
                "names the endpoint '" + context.name() + "', which has a url; a route starts at one with listen");
    }

    @Override
    public Map<String, Long> counts() {
        return counts.now();
    }

    @Override
    public void close() {
        target.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.MessageId;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.SendingThreads;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** An endpoint of the YAML that Camel components carry out: threads that wait for them, shared by its routes. */
final class ConnectedCamel implements ConnectedEndpoint<CamelFrom, CamelTo> {
    private static final int MOST_WAITING = 1_000;

    private final CamelUriConnector connector;
    private final EndpointContext context;
    private final CamelEndpointSettings settings;
    private final @Nullable CloudService service;
    private final SendingThreads threads;
    private final @Nullable CamelReach reach;

    ConnectedCamel(CamelUriConnector connector, EndpointContext context, CamelEndpointSettings settings) {
        this.connector = connector;
        this.context = context;
        this.settings = settings;
        this.service = settings.preset() == null ? null : settings.preset().service();
        this.threads = new SendingThreads("camel-" + context.name(), settings.maxInFlight(), MOST_WAITING);
        this.reach = service == null ? null : new CamelReach(context.name(), context.watcher());
    }

    @Override
    public String address() {
        return service == null ? "camel components" : service.address(settings);
    }

    @Override
    public CamelSink sink(String route, CamelTo to) {
        connector.checkTo(settings, to);
        Endpoint component = component(to.uri(), Map.of());
        return new CamelUriSink(new ThreadedEndpoint(component, threads, reach), to, service);
    }

    @Override
    public CamelSource source(String route, CamelFrom from, MessageId.Sequence ids) {
        connector.checkFrom(settings, from, List.of());
        Endpoint component = component(from.uri(), service == null ? Map.of() : service.sourceOptions());
        return new CamelUriSource(context.name(), route, component, from, reach, ids);
    }

    private Endpoint component(String uri, Map<String, Object> more) {
        if (service == null) {
            return CamelUris.resolve(context.camel(), uri);
        }
        Map<String, Object> options = new HashMap<>(service.options(settings, uri));
        options.putAll(more);
        Endpoint component = CamelUris.create(context.camel(), service.scheme(), service.path(settings, uri), options);
        if (component instanceof DefaultEndpoint quiet && reach != null) {
            quiet.setExceptionHandler(reach);
        }
        return component;
    }

    /** The Camel context stops its components itself. */
    @Override
    public void close() {
        threads.close();
    }
}

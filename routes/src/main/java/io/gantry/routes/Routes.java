// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.DeviceSide;
import io.gantry.api.MessageId;
import io.gantry.api.Sink;
import io.gantry.api.Target;
import io.gantry.api.TopicPattern;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.EndpointWatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;

/**
 * All routes of a gateway: each is a Camel route, and all share one Camel context. First {@link #open} the endpoints,
 * then add the routes with {@link #to}, {@link #toDevices} and {@link #from}, then {@link #start}.
 */
public final class Routes implements AutoCloseable {
    private final CamelContext camel;
    private final MessageId.Sequence ids;
    private final EndpointWatcher watcher;
    private final DeviceSide devices;
    private final String gateway;
    private final Map<String, OpenEndpoint<?, ?>> endpoints = new LinkedHashMap<>();
    private final Map<String, Integer> targets = new HashMap<>();
    private final List<String> sources = new ArrayList<>();

    private Routes(
            CamelContext camel, MessageId.Sequence ids, EndpointWatcher watcher, DeviceSide devices, String gateway) {
        this.camel = camel;
        this.ids = ids;
        this.watcher = watcher;
        this.devices = devices;
        this.gateway = gateway;
    }

    /**
     * Prepares an empty set of routes.
     *
     * @param ids gives messages that come from endpoints their identity
     * @param watcher is told when an endpoint's state changes, on any thread
     * @param devices the devices' side
     * @param gateway tells this gateway from every other, in letters and digits
     */
    public static Routes create(MessageId.Sequence ids, EndpointWatcher watcher, DeviceSide devices, String gateway) {
        return new Routes(QuietCamel.create(), ids, watcher, devices, gateway);
    }

    /** Opens an endpoint of the YAML; the target system may be away. */
    public <E extends Record, F extends Record, T extends Record> void open(
            String endpoint, Connector<E, F, T> connector, E settings) {
        if (endpoints.containsKey(endpoint)) {
            throw new IllegalArgumentException("endpoint " + endpoint + " is open already");
        }
        endpoints.put(
                endpoint,
                new OpenEndpoint<>(
                        connector.open(new EndpointContext(endpoint, camel, watcher, devices, gateway), settings),
                        connector.fromSettings(),
                        connector.toSettings()));
    }

    /** Where an endpoint points, for one line at start-up. */
    public String address(String endpoint) {
        return opened(endpoint).address();
    }

    /**
     * Builds the Camel route from Gantry to one target.
     *
     * @param route its name in the YAML; a route with several targets calls this for each
     * @param toSettings what the route wants of the endpoint, of the connector's own type
     * @param pattern the filter of a route that starts at the devices; null for others
     * @return takes messages once {@link #start} was called
     */
    public Target to(String route, String endpoint, Record toSettings, @Nullable TopicPattern pattern) {
        CamelSink target = opened(endpoint).sink(route, toSettings);
        String id = route + "/" + targets.merge(route, 1, Integer::sum);
        RouteEntry entry = new RouteEntry(id, camel);
        add(new TargetRoute(entry, List.of(), HeaderGate::close, target, pattern));
        return new Target(new CamelRouteSink(entry, target), target.keepsOrder(), target.transactions());
    }

    /**
     * The way from a route to the devices.
     *
     * @param devices the devices' side, which publishes to whoever subscribes
     */
    public Sink toDevices(String route, ToDevices settings, @Nullable TopicPattern pattern, Sink devices) {
        return new DevicesSink(settings, pattern, devices);
    }

    /**
     * Builds the Camel route from a source endpoint into Gantry.
     *
     * @param next takes each message; what it answers decides whether the source is acknowledged
     */
    public void from(String route, String endpoint, Record fromSettings, Sink next) {
        CamelSource source = opened(endpoint).source(route, fromSettings, ids);
        String id = route + "/source";
        add(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(source.endpoint()).routeId(id).autoStartup(false).process(new SourceExit(source, next));
            }
        });
        sources.add(id);
    }

    /** Starts the ways to the targets: messages may be offered. */
    public void start() {
        camel.start();
    }

    /** Starts what brings messages in, once they can be taken. */
    public void startSources() {
        sources.forEach(id -> QuietCamel.startRoute(camel, id));
        endpoints.values().forEach(OpenEndpoint::startListening);
    }

    /** Stops what brings messages in and waits a bounded time for those under way; the rest goes on. */
    public void stopSources() {
        endpoints.values().forEach(OpenEndpoint::stopListening);
        for (String id : sources) {
            QuietCamel.stopRoute(camel, id);
        }
    }

    /** Stops everything, waiting a bounded time for messages under way. */
    @Override
    public void close() {
        camel.stop();
        endpoints.values().forEach(OpenEndpoint::close);
        endpoints.clear();
    }

    private OpenEndpoint<?, ?> opened(String endpoint) {
        OpenEndpoint<?, ?> opened = endpoints.get(endpoint);
        if (opened == null) {
            throw new IllegalArgumentException("no endpoint " + endpoint + " is open");
        }
        return opened;
    }

    private void add(RouteBuilder builder) {
        try {
            camel.addRoutes(builder);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException("cannot build the route", failure);
        }
    }
}

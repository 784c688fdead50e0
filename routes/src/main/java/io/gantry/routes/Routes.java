// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.DeviceSide;
import io.gantry.api.MessageId;
import io.gantry.api.Sink;
import io.gantry.api.Target;
import io.gantry.api.TopicPattern;
import io.gantry.api.files.FileCounts;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.EndpointWatcher;
import io.gantry.connectors.spi.Entrance;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.ReplySettings;
import io.gantry.connectors.spi.RequestSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
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
    private final Map<String, OpenEndpoint<?, ?>> endpoints = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, Integer> targets = new HashMap<>();
    private final List<String> sources = new ArrayList<>();
    private final Map<String, EventCounts<RouteEvent>> counts = new ConcurrentSkipListMap<>();
    private final Set<String> circular = new HashSet<>();
    private final OpenRequests requests;
    private final PayloadCrypto crypto = new PayloadCrypto();

    private Routes(
            CamelContext camel, MessageId.Sequence ids, EndpointWatcher watcher, DeviceSide devices, String gateway) {
        this.camel = camel;
        this.ids = ids;
        this.watcher = watcher;
        this.devices = devices;
        this.gateway = gateway;
        this.requests = new OpenRequests(devices);
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
                        connector.open(new EndpointContext(endpoint, camel, watcher, devices, gateway, ids), settings),
                        connector.fromSettings(),
                        connector.toSettings()));
    }

    /** Where an endpoint points, for one line at start-up. */
    public String address(String endpoint) {
        return opened(endpoint).address();
    }

    /** Says, before its targets are added, that what a route carries may come back by another, and is to be marked. */
    public void mayComeBack(String route) {
        circular.add(route);
    }

    /**
     * What happens to each message of a route. The keys are read again when their files change.
     *
     * @param decrypt null when payloads come in the clear, or stay as they are
     * @param encrypt null when payloads go on as they are then
     */
    public List<MessageStep> steps(@Nullable DecryptSettings decrypt, @Nullable EncryptSettings encrypt) {
        return crypto.steps(decrypt, encrypt);
    }

    /** As {@link #to(String, String, Record, TopicPattern, List)}, with nothing on the way. */
    public Target to(String route, String endpoint, Record toSettings, @Nullable TopicPattern pattern) {
        return to(route, endpoint, toSettings, pattern, List.of());
    }

    /**
     * Builds the Camel route from Gantry to one target. Answers of the target, where the settings want them, are published
     * to the devices.
     *
     * @param route its name in the YAML; a route with several targets calls this for each
     * @param toSettings what the route wants of the endpoint, of the connector's own type
     * @param pattern the filter of a route that starts at the devices; null for others
     * @param steps what happens to each message on its way
     * @return takes messages once {@link #start} was called
     */
    public Target to(
            String route, String endpoint, Record toSettings, @Nullable TopicPattern pattern, List<MessageStep> steps) {
        CamelSink target = opened(endpoint).sink(route, toSettings);
        String id = route + "/" + targets.merge(route, 1, Integer::sum);
        RouteEntry entry = new RouteEntry(id, camel);
        add(new TargetRoute(entry, steps, HeaderGate::close, target, pattern));
        Sink sink =
                new CamelRouteSink(entry, target, target.mayComeBack() || circular.contains(route) ? gateway : null);
        if (toSettings instanceof ReplySettings replies && replies.reply()) {
            sink = new AnsweredSink(
                    endpoint, sink, replies.replyTopic(), pattern, devices.subscribers(), ids, countsOf(route));
        }
        return new Target(sink, target.keepsOrder(), target.transactions());
    }

    /**
     * The way from a route to the devices.
     *
     * @param fromSettings what the route wants of its source: where callers wait, the device is asked; null when the route
     *     starts at the devices
     * @param devices the devices' side, which publishes to whoever subscribes
     * @param steps what happens to each message on its way
     */
    public Sink toDevices(
            String route,
            @Nullable Record fromSettings,
            ToDevices settings,
            @Nullable TopicPattern pattern,
            Sink devices,
            List<MessageStep> steps) {
        Sink toTopic = new DevicesSink(settings, pattern, devices);
        Sink published = steps.isEmpty() ? toTopic : new SteppingSink(steps, toTopic);
        return fromSettings instanceof RequestSettings asks && asks.reply()
                ? new AskingSink(published, requests, asks.replyTimeout(), settings.answerTopic(), countsOf(route))
                : published;
    }

    /**
     * Builds the Camel route from a source endpoint into Gantry.
     *
     * @param next takes each message; what it answers decides whether the source is acknowledged
     */
    public void from(String route, String endpoint, Record fromSettings, Sink next) {
        CamelSource source = opened(endpoint).source(route, fromSettings, ids);
        Entrance intake = new Intake(next, gateway, source.mayComeBack() || circular.contains(route), countsOf(route));
        String id = route + "/source";
        add(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(source.endpoint()).routeId(id).autoStartup(false).process(new SourceExit(source, intake));
            }
        });
        sources.add(id);
    }

    /** What happened to each route besides its outboxes, since the start: by route, and by the name of the event. */
    public Map<String, Map<String, Long>> counts() {
        Map<String, Map<String, Long>> now = new LinkedHashMap<>();
        counts.forEach((route, events) -> now.put(route, events.now()));
        return now;
    }

    /** What happened at each endpoint besides the messages of routes, since the start: by its name and the event's. */
    public Map<String, Map<String, Long>> endpointCounts() {
        Map<String, Map<String, Long>> now = new LinkedHashMap<>();
        synchronized (endpoints) {
            endpoints.forEach((name, endpoint) -> now.put(name, endpoint.counts()));
        }
        return now;
    }

    /** When the first of the certificates ends that an endpoint shows to its callers, by its name; of those that show some. */
    public Map<String, Instant> certificateExpiries() {
        Map<String, Instant> now = new LinkedHashMap<>();
        synchronized (endpoints) {
            endpoints.forEach(
                    (name, endpoint) -> endpoint.certificateExpiry().ifPresent(expiry -> now.put(name, expiry)));
        }
        return now;
    }

    /** What became of files with keys that have changed. */
    public FileCounts keyFiles() {
        return crypto.files();
    }

    /** Answers of devices that nobody waited for any longer, or ever had. */
    public long lateAnswers() {
        return requests.late();
    }

    private EventCounts<RouteEvent> countsOf(String route) {
        return counts.computeIfAbsent(route, name -> new EventCounts<>(EnumSet.allOf(RouteEvent.class)));
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
        requests.close();
        camel.stop();
        crypto.close();
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

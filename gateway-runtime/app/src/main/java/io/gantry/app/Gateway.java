// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.MessageId;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.app.config.EndpointEntry;
import io.gantry.app.config.GatewaySettings;
import io.gantry.app.config.RouteEntry;
import io.gantry.app.config.RouteTo;
import io.gantry.app.config.Sides;
import io.gantry.connectors.spi.Connector;
import io.gantry.delivery.Lane;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.mqtt.ListenerUrl;
import io.gantry.mqtt.MqttServer;
import io.gantry.routes.FromDevices;
import io.gantry.routes.Routes;
import io.gantry.routes.ToDevices;
import io.gantry.store.RocksStore;
import io.gantry.store.StoreRefusedException;
import io.gantry.store.StoreSettings;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole process, wired by hand. Reading this class from top to bottom is reading the architecture. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private final GatewaySettings settings;
    private final Consumer<String> console;
    private final RocksStore store;
    private final Wiring wiring;
    private final MqttServer server;
    private final Routes routes;
    private final LaneWorkers workers = new LaneWorkers();
    private final List<Lane> lanes = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    private Gateway(GatewaySettings settings, RocksStore store, Consumer<String> console, Wiring wiring) {
        Clock clock = Clock.systemUTC();
        MessageId.Sequence ids = new MessageId.Sequence(clock.millis(), new SecureRandom().nextInt());
        this.settings = settings;
        this.store = store;
        this.console = console;
        this.wiring = wiring;
        this.server = MqttServer.start(settings.limits(), ids, clock, wiring.store(store), Map.of());
        this.routes = Routes.create(ids, new EndpointLog());
    }

    /**
     * Starts what the settings ask for: what is needed first, first. Whatever had started is closed again when a later
     * part fails.
     *
     * @param console is given one line for each endpoint and listener
     * @throws IOException when an address cannot be listened on
     * @throws StoreRefusedException when the store cannot be opened
     */
    public static Gateway start(GatewaySettings settings, Consumer<String> console)
            throws IOException, InterruptedException, StoreRefusedException {
        return start(settings, console, Wiring.PLAIN);
    }

    static Gateway start(GatewaySettings settings, Consumer<String> console, Wiring wiring)
            throws IOException, InterruptedException, StoreRefusedException {
        StoreSettings kept = settings.store();
        RocksStore store = RocksStore.open(Path.of(kept.directory()), kept.durability());
        Gateway gateway = new Gateway(settings, store, console, wiring);
        try {
            settings.endpoints().forEach(gateway::openEndpoint);
            settings.routes().forEach(gateway::addRoute);
            gateway.routes.start();
            int sessions = gateway.server.restore();
            console.accept("store " + kept.directory() + ": sessions " + sessions);
            for (ListenerSettings listener : settings.listeners()) {
                gateway.listen(listener);
            }
            gateway.tellSystemTopics();
            gateway.routes.startSources();
            return gateway;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            gateway.close();
            throw failure;
        }
    }

    private void tellSystemTopics() {
        if (!settings.sysInterval().isZero()) {
            server.tellSystemTopics(GantryCommand.Version.read(), settings.sysInterval());
        }
    }

    private void openEndpoint(String name, EndpointEntry entry) {
        open(name, entry.connector(), entry.settings());
        console.accept("endpoint " + name + ": " + routes.address(name));
    }

    private <E extends Record, F extends Record, T extends Record> void open(
            String name, Connector<E, F, T> connector, Record endpointSettings) {
        routes.open(name, connector, connector.endpointSettings().cast(endpointSettings));
    }

    private void addRoute(String name, RouteEntry route) {
        if (route.from().settings() instanceof FromDevices devices) {
            TopicPattern pattern = devices.filter();
            for (RouteTo target : route.to()) {
                server.addUplink(pattern.filter(), lane(name, route, target, pattern));
            }
        } else {
            List<Sink> targets = new ArrayList<>();
            for (RouteTo target : route.to()) {
                targets.add(
                        target.settings() instanceof ToDevices toDevices
                                ? routes.toDevices(name, toDevices, null, server.devices())
                                : lane(name, route, target, null));
            }
            routes.from(name, route.from().endpoint(), route.from().settings(), Sink.toAll(targets));
        }
    }

    private Lane lane(String route, RouteEntry entry, RouteTo target, @Nullable TopicPattern pattern) {
        Sink camelRoute = wiring.target(
                route + "/" + target.endpoint(),
                routes.to(route, target.endpoint(), target.settings(), pattern).sink());
        Lane lane = new Lane(route, camelRoute, entry.delivery(), workers.of(bulkhead(route, target)));
        lanes.add(lane);
        return lane;
    }

    /** Routes to one endpoint share its client and so may share its thread; Camel URIs have nothing in common. */
    private static String bulkhead(String route, RouteTo target) {
        return target.endpoint().equals(Sides.CAMEL) ? Sides.CAMEL + "-" + route : target.endpoint();
    }

    private void listen(ListenerSettings listener) throws IOException, InterruptedException {
        InetSocketAddress address = server.listen(listener);
        addresses.add(address);
        ListenerUrl.Transport transport = listener.url().transport();
        console.accept("listener " + transport + "://" + NetUtil.toSocketAddressString(address)
                + listener.url().path());
        if (!address.getAddress().isLoopbackAddress()) {
            LOG.atWarn()
                    .addKeyValue("listener", address)
                    .log("devices are not authenticated: whoever reaches this listener may publish and subscribe");
        }
    }

    /** Where devices connect, in the order of the settings. */
    List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** The MQTT server, for what tests count. */
    MqttServer server() {
        return server;
    }

    /**
     * Stops in the order in which messages flow: nothing new comes in, what is under way is delivered and acknowledged
     * within the shutdown time-out, then connections end.
     */
    @Override
    public void close() {
        long deadline = System.nanoTime() + settings.shutdownTimeout().toNanos();
        attempt("stopping the sources", routes::stopSources);
        attempt("draining the devices", server::drain);
        awaitLanes(deadline);
        attempt("closing the connections", server::close);
        // wills of the devices that were connected
        awaitLanes(deadline);
        attempt("stopping the routes", routes::close);
        workers.close();
        attempt("closing the store", store::close);
        LOG.atInfo().addKeyValue("counts", server.counts()).log("stopped");
    }

    private void awaitLanes(long deadline) {
        for (Lane lane : lanes) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            if (!lane.awaitIdle(left)) {
                LOG.atWarn()
                        .addKeyValue("route", lane.route())
                        .addKeyValue("messages", lane.waiting())
                        .log("not delivered within shutdown-timeout; not acknowledged, so the devices keep them");
            }
        }
    }

    /** A step of stopping that must not keep the others from being taken. */
    private interface Step {
        void run() throws InterruptedException, IOException;
    }

    private static void attempt(String what, Step step) {
        try {
            step.run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException failure) {
            LOG.atWarn().addKeyValue("step", what).addKeyValue("cause", failure).log("a step of stopping failed");
        }
    }
}

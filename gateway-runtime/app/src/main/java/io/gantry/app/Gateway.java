// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.AdminServer;
import io.gantry.api.MessageId;
import io.gantry.api.Sink;
import io.gantry.api.TopicPattern;
import io.gantry.api.store.WriteOrder;
import io.gantry.app.config.BidirectionalRules;
import io.gantry.app.config.EndpointEntry;
import io.gantry.app.config.GatewaySettings;
import io.gantry.app.config.RouteEntry;
import io.gantry.app.config.RouteTo;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.Hops;
import io.gantry.delivery.Ledger;
import io.gantry.delivery.Outboxes;
import io.gantry.mqtt.ListenerSettings;
import io.gantry.mqtt.ListenerUrl;
import io.gantry.mqtt.MqttServer;
import io.gantry.routes.FromDevices;
import io.gantry.routes.MessageStep;
import io.gantry.routes.Routes;
import io.gantry.routes.ToDevices;
import io.gantry.security.RoleSettings;
import io.gantry.security.Security;
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
    private final Security security;
    private final RocksStore store;
    private final MqttServer server;
    private final Routes routes;
    private final Outboxes outboxes;
    private final RouteOutboxes targets;
    private final GatewayAdministration administration;
    private final ListenerCertificates certificates;
    private @Nullable AdminServer admin;
    private final List<InetSocketAddress> addresses = new ArrayList<>();

    private Gateway(
            GatewaySettings settings, Security security, RocksStore store, Consumer<String> console, Wiring wiring) {
        Clock clock = Clock.systemUTC();
        MessageId.Sequence ids = new MessageId.Sequence(clock.millis(), new SecureRandom().nextInt());
        this.settings = settings;
        this.security = security;
        this.store = store;
        this.console = console;
        WriteOrder order = new WriteOrder(wiring.store(store));
        this.server = MqttServer.start(settings.limits(), ids, clock, order, security.gates());
        security.onChangedUsers(server::endThoseOf);
        String id = order.store().id();
        this.certificates = new ListenerCertificates(server);
        server.leaveOut(message -> Hops.isOver(message, id));
        EndpointLog endpoints = new EndpointLog();
        this.routes = Routes.create(ids, endpoints, server.deviceSide(), id);
        this.outboxes = new Outboxes(order, clock, ids::next, settings.deadLetters());
        this.targets = new RouteOutboxes(outboxes, routes, server, wiring);
        this.administration =
                new GatewayAdministration(order.store(), endpoints, outboxes, routes, server, security, certificates);
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
        Security security = Security.open(settings.security(), Clock.systemUTC());
        RocksStore store;
        try {
            store = RocksStore.open(Path.of(kept.directory()), kept.durability());
        } catch (StoreRefusedException | RuntimeException | LinkageError failure) {
            security.close();
            throw failure;
        }
        Gateway gateway = new Gateway(settings, security, store, console, wiring);
        try {
            settings.endpoints().forEach(gateway::openEndpoint);
            settings.routes().forEach(gateway::addRoute);
            // shows the outboxes, so not before they are all there
            gateway.openAdminPort();
            gateway.routes.start();
            gateway.startOutboxes();
            int sessions = gateway.server.restore();
            console.accept("store " + kept.directory() + ": sessions " + sessions);
            for (ListenerSettings listener : settings.listeners()) {
                gateway.listen(listener);
            }
            gateway.tellSystemTopics();
            gateway.routes.startSources();
            gateway.administration.started(true);
            return gateway;
        } catch (IOException | InterruptedException | RuntimeException | LinkageError failure) {
            gateway.close();
            throw failure;
        }
    }

    private void openAdminPort() throws IOException, InterruptedException {
        if (settings.admin().enabled()) {
            admin = AdminServer.start(settings.admin(), Path.of(settings.store().directory()), administration);
            console.accept("admin " + (settings.admin().tls() == null ? "http://" : "https://")
                    + NetUtil.toSocketAddressString(admin.address()));
        }
    }

    private void startOutboxes() {
        outboxes.ownerless().forEach((name, size) -> LOG.atWarn()
                .addKeyValue("outbox", name)
                .addKeyValue("messages", size.messages())
                .log("messages wait for a target that no route names any longer; they stay until one does"));
        outboxes.start();
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
        if (BidirectionalRules.isHalf(name)) {
            routes.mayComeBack(name);
        }
        if (route.from().settings() instanceof FromDevices devices) {
            TopicPattern pattern = devices.filter();
            for (RouteTo target : route.to()) {
                server.addUplink(pattern.filter(), targets.open(name, route, target, pattern));
            }
        } else {
            List<MessageStep> steps = routes.steps(route.decrypt(), route.encrypt());
            List<Sink> sinks = new ArrayList<>();
            for (RouteTo target : route.to()) {
                sinks.add(
                        target.settings() instanceof ToDevices toDevices
                                ? routes.toDevices(
                                        name, route.from().settings(), toDevices, null, server.devices(), steps)
                                : targets.open(name, route, target, null));
            }
            routes.from(name, route.from().endpoint(), route.from().settings(), Sink.toAll(sinks));
        }
    }

    private void listen(ListenerSettings listener) throws IOException, InterruptedException {
        InetSocketAddress address =
                server.listen(listener, certificates.of(listener.url().toString(), listener.tls()));
        addresses.add(address);
        ListenerUrl.Transport transport = listener.url().transport();
        console.accept("listener " + transport + "://" + NetUtil.toSocketAddressString(address)
                + listener.url().path());
        boolean reachable = !address.getAddress().isLoopbackAddress();
        if (reachable && settings.security().isOpen()) {
            // a name that the file was let pass for, and that is none of this machine alone
            throw new IOException(listener.url() + " is " + address
                    + ", which other machines can reach, and nothing under security says" + " who may connect");
        }
        if (reachable && settings.security().authenticate().isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("listener", address)
                    .log("anonymous devices are let in: whoever can reach this listener may connect");
        }
    }

    /** Takes other roles in place of those the settings have; who is connected is judged by them from the next message on. */
    void replaceRoles(Map<String, RoleSettings> roles) {
        security.replaceRoles(roles);
    }

    /** Where devices connect, in the order of the settings. */
    List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** The books of all outboxes, for tests. */
    List<Ledger.Snapshot> ledgers() {
        return outboxes.ledgers();
    }

    /** What was counted of the routes, for tests. */
    Map<String, Map<String, Long>> routeCounts() {
        return routes.counts();
    }

    /** The MQTT server, for what tests count. */
    MqttServer server() {
        return server;
    }

    /**
     * Stops in the order in which messages flow: nothing new comes in, what waits is delivered within the shutdown time-out
     * where its target takes it, then connections end. What is stored and not delivered stays in its outbox.
     */
    @Override
    public void close() {
        long deadline = System.nanoTime() + settings.shutdownTimeout().toNanos();
        administration.started(false);
        attempt("stopping the sources", routes::stopSources);
        attempt("draining the devices", server::drain);
        outboxes.awaitRest(until(deadline));
        attempt("closing the connections", server::close);
        certificates.close();
        // wills of the devices that were connected
        outboxes.awaitRest(until(deadline));
        outboxes.stop(until(deadline));
        sayWhatIsLeft();
        attempt("stopping the routes", routes::close);
        targets.close();
        outboxes.close();
        attempt("closing the admin port", this::closeAdminPort);
        attempt("closing the store", store::close);
        security.close();
        LOG.atInfo().addKeyValue("counts", server.counts()).log("stopped");
    }

    private void closeAdminPort() throws IOException, InterruptedException {
        if (admin != null) {
            admin.close();
        }
    }

    private static Duration until(long deadlineNanos) {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    private void sayWhatIsLeft() {
        for (Ledger.Snapshot ledger : outboxes.ledgers()) {
            if (ledger.waiting() > 0) {
                LOG.atWarn()
                        .addKeyValue("outbox", ledger.route() + "/" + ledger.target())
                        .addKeyValue("messages", ledger.waiting())
                        .log("not delivered before the stop; what is stored is delivered after the next start");
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

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.api.Sink;
import io.gantry.api.Target;
import io.gantry.api.TopicPattern;
import io.gantry.app.config.RouteEntry;
import io.gantry.app.config.RouteTo;
import io.gantry.app.config.Sides;
import io.gantry.delivery.Outbox;
import io.gantry.delivery.OutboxName;
import io.gantry.delivery.Outboxes;
import io.gantry.mqtt.MqttServer;
import io.gantry.routes.MessageStep;
import io.gantry.routes.Routes;
import io.gantry.routes.ToDevices;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives each target of a route its outbox, and the outbox the thread it works on. */
final class RouteOutboxes implements AutoCloseable {
    private static final String DEAD_LETTERS = "dead-letter";

    private final Outboxes outboxes;
    private final Routes routes;
    private final MqttServer server;
    private final Wiring wiring;
    private final LaneWorkers workers = new LaneWorkers();
    private final Map<String, Integer> targets = new HashMap<>();

    RouteOutboxes(Outboxes outboxes, Routes routes, MqttServer server, Wiring wiring) {
        this.outboxes = outboxes;
        this.routes = routes;
        this.server = server;
        this.wiring = wiring;
    }

    /**
     * Opens the outbox of one target.
     *
     * @param pattern the filter of a route that starts at the devices; null for others
     */
    Outbox open(String route, RouteEntry entry, RouteTo to, @Nullable TopicPattern pattern) {
        int times = targets.merge(route + "/" + to.endpoint(), 1, Integer::sum);
        OutboxName name = new OutboxName(route, times == 1 ? to.endpoint() : to.endpoint() + "-" + times);
        Outbox outbox = open(name, entry, to, pattern, routes.steps(entry.decrypt(), entry.encrypt()));
        RouteTo deadLetter = entry.deadLetter();
        if (deadLetter != null) {
            OutboxName letters = new OutboxName(route, name.target() + "-" + DEAD_LETTERS);
            // as the message came, but nothing leaves such a route unencrypted
            outbox.copyDeadLettersTo(open(letters, entry, deadLetter, pattern, routes.steps(null, entry.encrypt())));
        }
        return outbox;
    }

    private Outbox open(
            OutboxName name, RouteEntry entry, RouteTo to, @Nullable TopicPattern pattern, List<MessageStep> steps) {
        Target target = target(name.route(), to, pattern, steps);
        Sink sink = wiring.target(name.toString(), target.sink());
        return outboxes.open(
                name,
                new Target(sink, target.keepsOrder(), target.transactions()),
                entry.delivery(),
                workers.of(bulkhead(name, to, target)));
    }

    private Target target(String route, RouteTo to, @Nullable TopicPattern pattern, List<MessageStep> steps) {
        return to.settings() instanceof ToDevices devices
                ? new Target(routes.toDevices(route, null, devices, pattern, server.devices(), steps), false, null)
                : routes.to(route, to.endpoint(), to.settings(), pattern, steps);
    }

    /**
     * Routes to one endpoint share its client and so may share its thread; Camel URIs have nothing in common, and a
     * transaction is waited for.
     */
    private static String bulkhead(OutboxName name, RouteTo to, Target target) {
        if (target.transactions() != null) {
            return name.toString();
        }
        return to.endpoint().equals(Sides.CAMEL) ? Sides.CAMEL + "-" + name.route() : to.endpoint();
    }

    @Override
    public void close() {
        workers.close();
    }
}

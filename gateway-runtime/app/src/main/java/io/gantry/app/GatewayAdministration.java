// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.Administration;
import io.gantry.admin.EndpointStatus;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreHealth;
import io.gantry.delivery.DeadLetters;
import io.gantry.delivery.Ledger;
import io.gantry.delivery.Outboxes;
import io.gantry.mqtt.MqttServer;
import java.util.List;
import java.util.Map;

/** What the admin port sees of a gateway. */
final class GatewayAdministration implements Administration {
    private final Store store;
    private final MqttServer server;
    private final Outboxes outboxes;
    private final EndpointLog endpoints;
    private volatile boolean started;

    GatewayAdministration(Store store, MqttServer server, Outboxes outboxes, EndpointLog endpoints) {
        this.store = store;
        this.server = server;
        this.outboxes = outboxes;
        this.endpoints = endpoints;
    }

    /** Everything has started, or something has begun to stop. */
    void started(boolean now) {
        started = now;
    }

    @Override
    public String version() {
        return GantryCommand.Version.number();
    }

    @Override
    public boolean started() {
        return started;
    }

    @Override
    public StoreHealth storeHealth() {
        return store.health();
    }

    @Override
    public List<EndpointStatus> endpoints() {
        return endpoints.endpoints();
    }

    @Override
    public List<Ledger.Snapshot> ledgers() {
        return outboxes.ledgers();
    }

    @Override
    public DeadLetters deadLetters() {
        return outboxes.deadLetters();
    }

    @Override
    public int connections() {
        return server.connections();
    }

    @Override
    public Map<String, Long> mqttCounters() {
        return server.allCounts();
    }
}

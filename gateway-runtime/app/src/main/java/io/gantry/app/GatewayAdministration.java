// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.admin.Administration;
import io.gantry.admin.Bans;
import io.gantry.admin.EndpointStatus;
import io.gantry.api.files.FileCounts;
import io.gantry.api.store.Store;
import io.gantry.api.store.StoreHealth;
import io.gantry.delivery.DeadLetters;
import io.gantry.delivery.Ledger;
import io.gantry.delivery.Outboxes;
import io.gantry.mqtt.MqttServer;
import io.gantry.routes.Routes;
import io.gantry.security.Security;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The gateway as its admin port shows it. */
final class GatewayAdministration implements Administration {
    private final Store store;
    private final EndpointLog endpoints;
    private final Outboxes outboxes;
    private final Routes routes;
    private final MqttServer server;
    private final Security security;
    private final ListenerCertificates certificates;
    private final String version = GantryCommand.Version.number();
    private volatile boolean started;

    GatewayAdministration(
            Store store,
            EndpointLog endpoints,
            Outboxes outboxes,
            Routes routes,
            MqttServer server,
            Security security,
            ListenerCertificates certificates) {
        this.store = store;
        this.endpoints = endpoints;
        this.outboxes = outboxes;
        this.routes = routes;
        this.server = server;
        this.security = security;
        this.certificates = certificates;
    }

    /** Says whether everything runs. */
    void started(boolean now) {
        started = now;
    }

    @Override
    public String version() {
        return version;
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
        Map<String, Map<String, Long>> counts = routes.endpointCounts();
        return endpoints.endpoints().stream()
                .map(endpoint -> endpoint.withEvents(counts.getOrDefault(endpoint.name(), Map.of())))
                .toList();
    }

    @Override
    public List<Ledger.Snapshot> ledgers() {
        return outboxes.ledgers();
    }

    @Override
    public Map<String, Map<String, Long>> routeCounters() {
        return routes.counts();
    }

    @Override
    public long lateAnswers() {
        return routes.lateAnswers();
    }

    @Override
    public DeadLetters deadLetters() {
        return outboxes.deadLetters();
    }

    @Override
    public Bans bans() {
        return new DeviceBans(server.bans());
    }

    @Override
    public int connections() {
        return server.connections();
    }

    @Override
    public Map<String, Integer> overload() {
        return server.overload();
    }

    @Override
    public Map<String, Long> mqttCounters() {
        return server.allCounts();
    }

    @Override
    public Map<String, Long> securityCounters() {
        Map<String, Long> counters = new TreeMap<>();
        counters.put("rules-without-value", security.rulesWithoutValue());
        count(counters, "authentication", security.files());
        count(counters, "key", routes.keyFiles());
        return counters;
    }

    private static void count(Map<String, Long> counters, String kind, FileCounts files) {
        counters.put(kind + "-files-renewed", files.renewals());
        counters.put(kind + "-files-failed", files.failures());
    }

    @Override
    public Map<String, Instant> certificateExpiries() {
        Map<String, Instant> expiries = new HashMap<>(certificates.expiries());
        routes.certificateExpiries().forEach((name, expiry) -> expiries.put("endpoints." + name, expiry));
        return expiries;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.store.StoreHealth;
import io.gantry.delivery.DeadLetters;
import io.gantry.delivery.Ledger;
import io.gantry.delivery.MovingLedger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway as the admin port sees it, with real ledgers and whatever state a test gives it. */
final class SmallGateway implements Administration {
    final List<MovingLedger> ledgers = new CopyOnWriteArrayList<>();
    final MemoryDeadLetters deadLetters = new MemoryDeadLetters();
    final MemoryBans bans = new MemoryBans();
    volatile boolean started = true;
    volatile Map<String, Integer> overload = Map.of("heap", 0);
    volatile StoreHealth health = new StoreHealth.Ready();
    volatile List<EndpointStatus> endpoints = List.of(
            new EndpointStatus("plant", true, "", Map.of("answered-nobody", 3L)),
            new EndpointStatus("erp", false, "connection refused", Map.of()));

    MovingLedger ledger(String route, String target) {
        MovingLedger ledger = new MovingLedger(route, target);
        ledgers.add(ledger);
        return ledger;
    }

    @Override
    public String version() {
        return "1.2.3";
    }

    @Override
    public boolean started() {
        return started;
    }

    @Override
    public StoreHealth storeHealth() {
        return health;
    }

    @Override
    public List<EndpointStatus> endpoints() {
        return endpoints;
    }

    @Override
    public List<Ledger.Snapshot> ledgers() {
        return ledgers.stream().map(MovingLedger::snapshot).toList();
    }

    @Override
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    @Override
    public Bans bans() {
        return bans;
    }

    @Override
    public int connections() {
        return 7;
    }

    @Override
    public Map<String, Map<String, Long>> routeCounters() {
        return Map.of("orders.down", Map.of("received", 9L, "looped", 2L), "ask", Map.of("asked", 4L));
    }

    @Override
    public long lateAnswers() {
        return 6;
    }

    @Override
    public Map<String, Integer> overload() {
        return overload;
    }

    @Override
    public Map<String, Long> mqttCounters() {
        return Map.of("packets-malformed", 3L, "messages-received", 1_000_000L);
    }

    @Override
    public Map<String, Long> securityCounters() {
        return Map.of("rules-without-value", 4L, "key-files-failed", 2L);
    }

    @Override
    public Map<String, Instant> certificateExpiries() {
        return Map.of("mqtts://0.0.0.0:8883", Instant.ofEpochSecond(1_900_000_000), "endpoints.web", Instant.EPOCH);
    }
}

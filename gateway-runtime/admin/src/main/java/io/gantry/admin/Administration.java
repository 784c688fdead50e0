// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.store.StoreHealth;
import io.gantry.delivery.DeadLetters;
import io.gantry.delivery.Ledger;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the admin port shows of a gateway. Any thread; nothing here waits, but for what {@link DeadLetters} says of itself. */
public interface Administration {

    /** The version of the gateway, as {@code 0.1.0}. */
    String version();

    /** Whether everything has started and nothing has begun to stop. */
    boolean started();

    /** Whether the store takes writes. */
    StoreHealth storeHealth();

    /** The endpoints in the order of the YAML. */
    List<EndpointStatus> endpoints();

    /** The books of all outboxes, those of one outbox from one moment; no two have the same route and target. */
    List<Ledger.Snapshot> ledgers();

    /** What was counted of each route besides its outboxes, by its name and the name of the event. */
    Map<String, Map<String, Long>> routeCounters();

    /** Answers of devices to requests that nobody waited for. */
    long lateAnswers();

    /** The messages that could not be delivered. */
    DeadLetters deadLetters();

    /** The devices that are not let in. */
    Bans bans();

    /** Devices that are connected. */
    int connections();

    /** What is done about an overload of the MQTT server, 0 for nothing, by what there is too much of; fixed names. */
    Map<String, Integer> overload();

    /** What the MQTT server has counted since the start, by names such as {@code packets-malformed}; always the same names. */
    Map<String, Long> mqttCounters();

    /** What security has counted since the start, by names such as {@code rules-without-value}; always the same names. */
    Map<String, Long> securityCounters();

    /**
     * When the first of the certificates ends that are shown to who connects: by the URL of a listener, or the endpoint's
     * place in the YAML.
     */
    Map<String, Instant> certificateExpiries();
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.delivery.Ledger;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Tells a supervisor and a load balancer what they need to know. */
final class HealthResources {
    private final Administration gateway;

    HealthResources(Administration gateway) {
        this.gateway = gateway;
    }

    /** That the process answers: it need not be started again. */
    Answer live() {
        return Answer.ok(new JsonObject().put("live", true));
    }

    /**
     * Whether devices may be sent here: not while the gateway is overloaded, where they would be refused. A route whose target
     * is away does not change that, since its messages wait in the outbox; it is only listed.
     */
    Answer ready() {
        StoreStatus store = StoreStatus.of(gateway.storeHealth());
        JsonArray reasons = new JsonArray();
        if (!gateway.started()) {
            reasons.add("the gateway has not started, or is stopping");
        }
        if (!store.isReady()) {
            reasons.add("the store is " + store.state() + ": " + store.reason());
        }
        gateway.overload().forEach((cause, step) -> {
            if (step > 0) {
                reasons.add("the gateway is overloaded: " + cause);
            }
        });
        JsonArray parked = new JsonArray();
        for (Ledger.Snapshot ledger : gateway.ledgers()) {
            if (ledger.state() == Ledger.State.PARKED || ledger.state() == Ledger.State.STOPPED) {
                parked.add(ledger.route() + "/" + ledger.target());
            }
        }
        boolean isReady = reasons.isEmpty();
        JsonObject body =
                new JsonObject().put("ready", isReady).put("notReady", reasons).put("parked", parked);
        return Answer.json(isReady ? 200 : 503, body);
    }
}

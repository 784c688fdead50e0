// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.store.StoreHealth;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Whether the store takes writes.
 *
 * @param state {@code ready}, {@code full} or {@code failed}
 * @param reason why it does not; empty when it does
 */
public record StoreStatus(String state, String reason) {
    static final String READY = "ready";
    static final String FULL = "full";
    static final String FAILED = "failed";

    /** All there are. */
    static final List<String> STATES = List.of(READY, FULL, FAILED);

    static StoreStatus of(StoreHealth health) {
        if (health instanceof StoreHealth.Full full) {
            return new StoreStatus(FULL, full.reason());
        }
        return health instanceof StoreHealth.Failed failed
                ? new StoreStatus(FAILED, failed.reason())
                : new StoreStatus(READY, "");
    }

    /** Whether writes are taken. */
    public boolean isReady() {
        return state.equals(READY);
    }

    JsonObject toJson() {
        return new JsonObject().put("state", state).put("reason", reason);
    }
}

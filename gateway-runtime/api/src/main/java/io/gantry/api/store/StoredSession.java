// SPDX-License-Identifier: Apache-2.0
package io.gantry.api.store;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.security.Identity;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is stored.
 *
 * @param number given by {@link Store#newSessionNumber}
 * @param expirySeconds the Session Expiry Interval, 0 to 4,294,967,295
 * @param awaySinceMillis wall-clock time at which the device went away; 0 while it is connected
 * @param owner who has proved that it is his, {@link Identity#withoutEnd without the end} of the proof; null for nobody
 * @param will what is to be published for the device when it is lost
 */
public record StoredSession(
        long number,
        ClientId clientId,
        long expirySeconds,
        long awaySinceMillis,
        @Nullable Identity owner,
        @Nullable StoredWill will) {

    /**
     * A Will Message.
     *
     * @param delaySeconds Will Delay Interval, 0 to 4,294,967,295
     */
    public record StoredWill(Message message, long delaySeconds) {}
}

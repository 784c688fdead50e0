// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.ClientId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each Client Identifier has connected within the current minute: two devices of the same name would take over
 * each other's session for ever. Remembers a bounded number of them. One thread.
 */
final class ConnectRates {
    private static final int REMEMBERED = 10_000;
    private static final long MINUTE_MILLIS = 60_000;

    private final int most;
    private final Map<ClientId, Minute> minutes = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ClientId, Minute> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Minute(long startMillis, int connects) {}

    /**
     * None seen yet.
     *
     * @param most connects within a minute; 0 for any number
     */
    ConnectRates(int most) {
        this.most = most;
    }

    /** Counts one; true when it is one too many. */
    boolean isExceededBy(ClientId clientId, long nowMillis) {
        if (most == 0) {
            return false;
        }
        Minute before = minutes.get(clientId);
        long age = before == null ? MINUTE_MILLIS : nowMillis - before.startMillis;
        boolean over = age < 0 || age >= MINUTE_MILLIS;
        Minute now =
                before == null || over ? new Minute(nowMillis, 1) : new Minute(before.startMillis, before.connects + 1);
        if (over) {
            minutes.remove(clientId);
        }
        minutes.put(clientId, now);
        return now.connects > most;
    }
}

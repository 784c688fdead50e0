// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import io.gantry.api.ClientId;
import io.gantry.mqtt.LimitSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often each Client Identifier has connected within the current minute: two devices of the same name would take over
 * each other's session for ever. Who connects too often is banned, for twice as long each time it does so again; whoever
 * is connected then stays. Remembers a bounded number of them. One thread.
 */
final class ConnectRates {
    private static final int REMEMBERED = 10_000;
    private static final long MINUTE_MILLIS = 60_000;
    private static final long FIRST_BAN_MILLIS = 10_000;
    private static final Seen NEVER = new Seen(0, 0, 0, 0);

    private final int most;
    private final long longestBanMillis;
    private final Counters counters;
    private final Map<ClientId, Seen> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ClientId, Seen> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * What is known of one Client Identifier.
     *
     * @param startMillis of the minute in which its connects are counted
     * @param banMillis how long its last ban was, 0 when it has had none
     * @param endMillis when that ban was or will be over
     */
    private record Seen(long startMillis, int connects, long banMillis, long endMillis) {

        /** Not when the clock was set back to before the ban. */
        boolean isBannedAt(long nowMillis) {
            return nowMillis < endMillis && nowMillis >= endMillis - banMillis;
        }

        Seen andOneMoreAt(long nowMillis) {
            long age = nowMillis - startMillis;
            return age < 0 || age >= MINUTE_MILLIS
                    ? new Seen(nowMillis, 1, banMillis, endMillis)
                    : new Seen(startMillis, connects + 1, banMillis, endMillis);
        }

        Seen bannedAt(long nowMillis, long longestMillis) {
            boolean calmLongEnough = nowMillis - endMillis >= longestMillis;
            long ban = banMillis == 0 || calmLongEnough ? FIRST_BAN_MILLIS : Math.min(2 * banMillis, longestMillis);
            return new Seen(nowMillis + ban, 0, ban, nowMillis + ban);
        }
    }

    /** None seen yet. */
    ConnectRates(LimitSettings limits, Counters counters) {
        this.most = limits.maxConnectsPerMinute();
        this.longestBanMillis = limits.maxConnectBan().toMillis();
        this.counters = counters;
    }

    /** Counts one; true when it is one too many. */
    boolean isExceededBy(ClientId clientId, long nowMillis) {
        if (most == 0) {
            return false;
        }
        Seen before = seen.getOrDefault(clientId, NEVER);
        if (before.isBannedAt(nowMillis)) {
            return true;
        }
        Seen now = before.andOneMoreAt(nowMillis);
        boolean tooOften = now.connects > most;
        // the one that came last is the last to be forgotten
        seen.remove(clientId);
        seen.put(clientId, tooOften ? now.bannedAt(nowMillis, longestBanMillis) : now);
        if (tooOften) {
            counters.count(Counter.CLIENT_IDS_BANNED);
        }
        return tooOften;
    }
}

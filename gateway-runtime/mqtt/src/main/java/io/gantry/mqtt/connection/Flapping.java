// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.BanList.Subject;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often a Client Identifier at an address has come and gone at once within the current minute. By both: many devices may
 * share an address, and a Client Identifier may be that of another's device. Remembers a bounded number of them, those that
 * came last. Any thread.
 */
final class Flapping {
    private static final int REMEMBERED = 10_000;
    private static final long MINUTE_MILLIS = 60_000;

    private final int most;
    private final Map<Subject, Flaps> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Subject, Flaps> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** So many since then. */
    private record Flaps(long sinceMillis, int count) {

        Flaps andOneMoreAt(long nowMillis) {
            long age = nowMillis - sinceMillis;
            return age < 0 || age >= MINUTE_MILLIS ? new Flaps(nowMillis, 1) : new Flaps(sinceMillis, count + 1);
        }
    }

    /**
     * None seen yet.
     *
     * @param most in a minute; 0 for no limit
     */
    Flapping(int most) {
        this.most = most;
    }

    /** Counts one; true when it is one too many, and then it begins anew. */
    synchronized boolean isExceededBy(Subject who, long nowMillis) {
        if (most == 0) {
            return false;
        }
        Flaps before = seen.remove(who);
        Flaps now = before == null ? new Flaps(nowMillis, 1) : before.andOneMoreAt(nowMillis);
        if (now.count > most) {
            return true;
        }
        // the one that came last is the last to be forgotten
        seen.put(who, now);
        return false;
    }
}

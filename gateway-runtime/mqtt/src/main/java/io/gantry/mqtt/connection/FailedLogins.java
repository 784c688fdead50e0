// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.connection;

import io.gantry.mqtt.AddressBlock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often logins have failed within the last minutes, from each address and of each user name: who guesses is answered
 * later each time. Remembers a bounded number of both. Any thread.
 */
final class FailedLogins {
    private static final int REMEMBERED = 10_000;
    private static final int LONGEST_NAME = 128;
    private static final long WINDOW_MILLIS = 5 * 60_000L;
    private static final long FIRST_WAIT_MILLIS = 1_000;
    private static final long LONGEST_WAIT_MILLIS = 30_000;
    private static final Failures NONE = new Failures(0, 0);

    private final Map<AddressBlock, Failures> ofAddresses = remembered();
    private final Map<String, Failures> ofNames = remembered();

    /** So many since then. */
    private record Failures(long sinceMillis, int count) {

        Failures andOneMoreAt(long nowMillis) {
            long age = nowMillis - sinceMillis;
            boolean over = count == 0 || age < 0 || age >= WINDOW_MILLIS;
            return over ? new Failures(nowMillis, 1) : new Failures(sinceMillis, count + 1);
        }
    }

    /**
     * What follows from a failure.
     *
     * @param fromAddress failures from that address within the last minutes
     * @param waitMillis before the device is told
     */
    record Consequence(int fromAddress, long waitMillis) {}

    private static <K> Map<K, Failures> remembered() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Failures> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    /** One more. */
    synchronized Consequence failed(AddressBlock address, @Nullable String username, long nowMillis) {
        int fromAddress = count(ofAddresses, address, nowMillis);
        int ofName = username == null ? 0 : count(ofNames, cut(username), nowMillis);
        int doublings = Math.min(Math.max(fromAddress, ofName) - 1, 5);
        return new Consequence(fromAddress, Math.min(FIRST_WAIT_MILLIS << doublings, LONGEST_WAIT_MILLIS));
    }

    /** Names of 64 KiB each would be much to remember. */
    private static String cut(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }

    private static <K> int count(Map<K, Failures> all, K key, long nowMillis) {
        Failures before = all.remove(key);
        Failures now = (before == null ? NONE : before).andOneMoreAt(nowMillis);
        // the one that came last is the last to be forgotten
        all.put(key, now);
        return now.count;
    }

    /** The address is banned for them, and begins anew afterwards. */
    synchronized void forget(AddressBlock address) {
        ofAddresses.remove(address);
    }
}

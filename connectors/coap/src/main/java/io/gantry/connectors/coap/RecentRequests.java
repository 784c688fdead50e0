// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.network.KeyMID;
import org.eclipse.californium.core.network.deduplication.Deduplicator;
import org.jspecify.annotations.Nullable;

/**
 * The messages that came lately, so that one that comes twice is known again (RFC 7252 §4.5). Californium's own remember
 * without a bound, and whoever forges addresses could fill the memory with them; here the oldest go first.
 */
final class RecentRequests implements Deduplicator {
    private final int most;
    private final long lifetimeNanos;
    private final Map<KeyMID, Seen> seen = new LinkedHashMap<>();

    RecentRequests(int most, long lifetimeNanos) {
        this.most = most;
        this.lifetimeNanos = lifetimeNanos;
    }

    private record Seen(Exchange exchange, long nanos) {}

    @Override
    public synchronized @Nullable Exchange findPrevious(KeyMID key, Exchange exchange) {
        long now = System.nanoTime();
        forgetOld(now);
        Seen previous = seen.get(key);
        if (previous != null && previous.exchange.getOrigin() == exchange.getOrigin()) {
            return previous.exchange;
        }
        put(key, exchange, now);
        return null;
    }

    @Override
    public synchronized boolean replacePrevious(KeyMID key, Exchange previous, Exchange exchange) {
        Seen current = seen.get(key);
        if (current != null && !current.exchange.equals(previous)) {
            return false;
        }
        put(key, exchange, System.nanoTime());
        return true;
    }

    private void put(KeyMID key, Exchange exchange, long now) {
        seen.remove(key);
        seen.put(key, new Seen(exchange, now));
        if (seen.size() > most) {
            Iterator<Seen> oldest = seen.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private void forgetOld(long now) {
        Iterator<Seen> oldest = seen.values().iterator();
        while (oldest.hasNext() && now - oldest.next().nanos > lifetimeNanos) {
            oldest.remove();
        }
    }

    @Override
    public synchronized @Nullable Exchange find(KeyMID key) {
        Seen found = seen.get(key);
        return found == null ? null : found.exchange;
    }

    @Override
    public synchronized boolean isEmpty() {
        return seen.isEmpty();
    }

    @Override
    public synchronized int size() {
        return seen.size();
    }

    @Override
    public synchronized void clear() {
        seen.clear();
    }

    @Override
    public void start() {
        // Old ones are forgotten when new ones come.
    }

    @Override
    public void stop() {
        clear();
    }

    @Override
    public void setExecutor(ScheduledExecutorService executor) {
        // Nothing is done in the background.
    }
}

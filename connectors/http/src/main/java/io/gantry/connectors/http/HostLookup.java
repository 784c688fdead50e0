// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks up the few hosts of an endpoint, and waits for that only so long: a name server that is silent blocks this
 * object's threads, and none of those that send.
 */
final class HostLookup implements DnsResolver, AutoCloseable {

    /** The part that may block. */
    @FunctionalInterface
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** The service, the token service and the proxy. */
    private static final int MOST_HOSTS = 3;

    private final Names names;
    private final long longestMillis;
    private final ExecutorService threads;
    private final Map<String, Future<InetAddress[]>> underWay = new HashMap<>();

    HostLookup(String endpoint, Names names, Duration longest) {
        this.names = names;
        this.longestMillis = longest.toMillis();
        this.threads = Executors.newFixedThreadPool(MOST_HOSTS, task -> {
            Thread lookup = new Thread(task, "http-lookup-" + endpoint);
            lookup.setDaemon(true);
            return lookup;
        });
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        try {
            return lookup(host).get(longestMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException(host);
        } catch (ExecutionException | TimeoutException | CancellationException | RejectedExecutionException failure) {
            UnknownHostException unknown = new UnknownHostException(host);
            unknown.initCause(failure);
            throw unknown;
        }
    }

    /** Who needs the name while it is looked up waits for the same answer. */
    private synchronized Future<InetAddress[]> lookup(String host) {
        Future<InetAddress[]> lookup = underWay.get(host);
        if (lookup == null || lookup.isDone()) {
            lookup = threads.submit(() -> names.addresses(host));
            underWay.put(host, lookup);
        }
        return lookup;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

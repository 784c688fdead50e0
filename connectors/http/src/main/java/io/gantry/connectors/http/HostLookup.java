// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the one host of an endpoint, and waits for that only so long: a name server that is silent blocks this
 * object's thread, and none of those that send.
 */
final class HostLookup implements DnsResolver, AutoCloseable {

    /** The part that may block. */
    @FunctionalInterface
    interface Names {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Names names;
    private final long longestMillis;
    private final ExecutorService thread;
    private @Nullable Future<InetAddress[]> underWay;

    HostLookup(String endpoint, Names names, Duration longest) {
        this.names = names;
        this.longestMillis = longest.toMillis();
        this.thread = Executors.newSingleThreadExecutor(task -> {
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
        Future<InetAddress[]> lookup = underWay;
        if (lookup == null || lookup.isDone()) {
            lookup = thread.submit(() -> names.addresses(host));
            underWay = lookup;
        }
        return lookup;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the one host of an endpoint is. A name is looked up on a thread of its own, which a silent name server may block,
 * and again when the server has not answered.
 */
final class HostLookup implements AutoCloseable {

    /** The part that may block. */
    @FunctionalInterface
    interface Names {
        InetAddress address(String host) throws UnknownHostException;
    }

    private final CoapAddress target;
    private final Names names;
    private final ExecutorService thread;
    private volatile @Nullable InetSocketAddress known;

    HostLookup(String endpoint, CoapAddress target, Names names) {
        this.target = target;
        this.names = names;
        this.thread = Threads.of(1, "coap-lookup-" + endpoint);
    }

    /** Gives the address, at once or from the thread that looks it up; null when there is none. */
    void withAddress(Consumer<@Nullable InetSocketAddress> next) {
        InetSocketAddress address = known;
        if (address != null) {
            next.accept(address);
            return;
        }
        try {
            thread.execute(() -> next.accept(lookUp()));
        } catch (RejectedExecutionException closed) {
            next.accept(null);
        }
    }

    private @Nullable InetSocketAddress lookUp() {
        InetSocketAddress address = known;
        if (address != null) {
            return address;
        }
        try {
            address = new InetSocketAddress(names.address(target.host()), target.port());
            known = address;
            return address;
        } catch (UnknownHostException unknown) {
            return null;
        }
    }

    /** The server may be elsewhere by now. */
    void forget() {
        if (!target.isLiteral()) {
            known = null;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;

/**
 * The sockets from which a server is sent to: one, and more when it has used up its message ids. A server cannot tell
 * more than 65536 messages of one socket apart while it remembers them, so that speed costs sockets. Safe for any thread.
 */
final class Sockets implements AutoCloseable {
    /** Together some 7500 messages a second for ever, and any rate for a while. */
    private static final int MOST = 32;

    private final Configuration configuration;
    private final Supplier<Connector> connectors;
    private final ScheduledExecutorService protocol;
    private final ScheduledExecutorService timers;
    private final Runnable toNobody;
    private final List<Socket> sockets = new ArrayList<>();
    private int current;
    private boolean closed;

    /**
     * No socket is open yet.
     *
     * @param toNobody is told of each answer for which nobody waits, on any thread
     */
    Sockets(
            Configuration configuration,
            Supplier<Connector> connectors,
            ScheduledExecutorService protocol,
            ScheduledExecutorService timers,
            Runnable toNobody) {
        this.toNobody = toNobody;
        this.configuration = configuration;
        this.connectors = connectors;
        this.protocol = protocol;
        this.timers = timers;
    }

    /** One of them. */
    static final class Socket {
        private final CoapEndpoint endpoint;
        private final MessageIds ids = new MessageIds();
        private boolean renewing;
        private long answeredNanos = System.nanoTime();

        private Socket(CoapEndpoint endpoint) {
            this.endpoint = endpoint;
        }

        /** Sends. */
        CoapEndpoint endpoint() {
            return endpoint;
        }

        /** A request was answered: whatever stands between both sides, it works. */
        synchronized void answered() {
            answeredNanos = System.nanoTime();
            renewing = false;
        }

        /**
         * A request was not answered; when nothing else was either since it began, the DTLS session may be lost.
         *
         * @param sinceNanos when it began
         */
        synchronized void failed(long sinceNanos) {
            renewing |= sinceNanos - answeredNanos > 0;
        }

        /** Whether the next request is to begin with a new DTLS handshake; true once. */
        synchronized boolean renews() {
            boolean renews = renewing;
            renewing = false;
            return renews;
        }
    }

    /** Sockets of plain CoAP. */
    static Supplier<Connector> plain(Configuration configuration) {
        return () -> new UDPConnector(new InetSocketAddress(0), configuration);
    }

    /**
     * A socket that can send so many messages.
     *
     * @throws IOException when none can be opened, or all have sent as many as they may
     */
    synchronized Socket take(int messages) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        long now = System.nanoTime();
        for (int i = 0; i < sockets.size(); i++) {
            int index = (current + i) % sockets.size();
            if (sockets.get(index).ids.take(messages, now)) {
                current = index;
                return sockets.get(index);
            }
        }
        if (sockets.size() == MOST) {
            throw new IOException("all message ids are in use");
        }
        Socket socket = open();
        socket.ids.take(messages, now);
        current = sockets.size();
        sockets.add(socket);
        return socket;
    }

    private Socket open() throws IOException {
        CoapEndpoint endpoint = CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setConnector(connectors.get())
                .setDataSerializerAndParser(new UdpDataSerializer(), new HopLimitReached.Parser())
                .build();
        endpoint.setExecutors(protocol, timers);
        endpoint.addPostProcessInterceptor(new MessageInterceptorAdapter() {
            @Override
            public void receiveResponse(Response response) {
                if (response.isCanceled()) {
                    toNobody.run();
                }
            }
        });
        endpoint.start();
        return new Socket(endpoint);
    }

    /** How many are open. */
    synchronized int count() {
        return sockets.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
        sockets.forEach(socket -> socket.endpoint.destroy());
        sockets.clear();
    }
}

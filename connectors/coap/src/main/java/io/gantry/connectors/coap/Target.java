// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.connectors.spi.RequestReach;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.jspecify.annotations.Nullable;

/** The CoAP server of one endpoint, shared by its routes. Sends without blocking; every request has a deadline. */
final class Target implements AutoCloseable {
    private static final int MOST_WAITING = 1_000;
    private static final int PROTOCOL_THREADS = 2;

    private final CoapAddress address;
    private final int blockSize;
    private final Duration longest;
    private final Duration longestOfBlock;
    private final RequestReach reach;
    private final Gate all;
    private final Gate large;
    private final HostLookup lookup;
    private final ScheduledThreadPoolExecutor protocol;
    private final ScheduledThreadPoolExecutor timers;
    private final Deadlines deadlines;
    private final Sockets sockets;

    Target(String endpoint, CoapEndpointSettings settings, CoapAddress address, RequestReach reach, Runnable toNobody) {
        this.address = address;
        this.blockSize = settings.blockSize();
        this.longestOfBlock = longestTransmission(settings);
        this.longest = longestOfBlock.plus(settings.responseTimeout());
        this.reach = reach;
        this.lookup = new HostLookup(endpoint, address, InetAddress::getByName);
        this.protocol = Threads.of(PROTOCOL_THREADS, "coap-" + endpoint);
        this.timers = Threads.of(1, "coap-timers-" + endpoint);
        this.deadlines = new Deadlines(timers);
        this.all = new Gate(settings.maxInFlight(), MOST_WAITING, protocol);
        this.large = new Gate(1, MOST_WAITING, protocol);
        Configuration configuration = Configurations.ofTarget(settings);
        Supplier<Connector> connectors =
                address.secure() ? Dtls.toTarget(configuration, settings) : Sockets.plain(configuration);
        this.sockets = new Sockets(configuration, connectors, protocol, timers, toNobody);
    }

    /** From the first time that a message is sent to the end of waiting for the last one's acknowledgement. */
    private static Duration longestTransmission(CoapEndpointSettings settings) {
        return settings.ackTimeout().multipliedBy(3L << settings.maxRetransmit());
    }

    /** Is told once what came of a request. Any thread. */
    @FunctionalInterface
    interface Ending {
        /**
         * The end.
         *
         * @param answer null when there was a failure, and of a request that nobody acknowledges
         */
        void ended(@Nullable Response answer, @Nullable Throwable failure);
    }

    /**
     * Sends a request, as soon as no more than may are under way; one of several blocks not beside another, since a server
     * could not tell their blocks apart.
     *
     * @throws RejectedExecutionException when too many wait
     */
    void send(PreparedRequest request, Ending ending) {
        if (request.isLarge(blockSize)) {
            large.pass(() -> sendNext(request, (answer, failure) -> {
                large.leave();
                ending.ended(answer, failure);
            }));
        } else {
            all.pass(() -> transmit(request, ending));
        }
    }

    private void sendNext(PreparedRequest request, Ending ending) {
        try {
            all.pass(() -> transmit(request, ending));
        } catch (RejectedExecutionException full) {
            ending.ended(null, full);
        }
    }

    private void transmit(PreparedRequest prepared, Ending ending) {
        long since = System.nanoTime();
        Sending sending = new Sending(prepared.confirmable(), deadlines, (answer, failure) -> {
            all.leave();
            tell(since, prepared, failure);
            ending.ended(answer, failure);
        });
        deadlines.add(sending, deadlineMillis(prepared));
        lookup.withAddress(found -> {
            if (found == null) {
                sending.fail(new UnknownHostException(address.host()));
            } else {
                transmit(prepared, found, sending);
            }
        });
    }

    private void transmit(PreparedRequest prepared, InetSocketAddress to, Sending sending) {
        try {
            Sockets.Socket socket = sockets.take(1 + prepared.body().size() / blockSize);
            Request request = prepared.toRequest();
            request.setScheme(address.secure() ? "coaps" : "coap");
            request.setDestinationContext(context(to, socket));
            sending.sends(request, socket);
            socket.endpoint().sendRequest(request);
        } catch (IOException | RuntimeException failure) {
            sending.fail(failure);
        }
    }

    /** With the name that a certificate must be of; a lost session is made anew, and there is no way around DTLS. */
    private EndpointContext context(InetSocketAddress to, Sockets.Socket socket) {
        if (!address.secure()) {
            return new AddressEndpointContext(to);
        }
        String name = address.isLiteral() ? null : address.host();
        return socket.renews()
                ? new MapBasedEndpointContext(to, name, null, DtlsEndpointContext.ATTRIBUE_HANDSHAKE_MODE_FORCE_FULL)
                : new AddressEndpointContext(to, name, null);
    }

    private long deadlineMillis(PreparedRequest prepared) {
        int blocks = prepared.body().size() / blockSize;
        return longest.plus(longestOfBlock.multipliedBy(Math.min(blocks, 10))).toMillis();
    }

    private void tell(long since, PreparedRequest prepared, @Nullable Throwable failure) {
        if (failure != null) {
            lookup.forget();
            reach.failed(since, SendFailures.shown(failure));
        } else if (prepared.confirmable()) {
            reach.answered();
        }
    }

    @Override
    public void close() {
        sockets.close();
        lookup.close();
        protocol.shutdownNow();
        timers.shutdownNow();
        try {
            protocol.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

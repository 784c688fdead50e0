// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.ClientId;
import io.gantry.api.MessageId;
import io.gantry.api.security.CallerGate;
import io.gantry.api.security.ServerTls;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.ListenAddress;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.EndpointEvent;
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.TlsFileCounts;
import io.gantry.tls.ReloadingTls;
import io.gantry.tls.vertx.HttpTls;
import io.gantry.tls.vertx.OwnVertx;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of one endpoint. It has an event loop and a worker of its own, so that no other listener, nor the admin
 * port, waits for it; the worker takes requests one after the other and never waits, so that their order is kept.
 */
final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private static final int LONGEST_FIRST_LINE = 8 * 1024;

    private final EndpointContext context;
    private final HttpListen settings;
    private final boolean tells;
    private final @Nullable CallerGate gate;
    private final Places places;
    private final RecentKeys keys = new RecentKeys(System::nanoTime);
    private final List<HttpFrom> routes = new ArrayList<>();
    private final EventCounts<EndpointEvent> counts = new EventCounts<>(EnumSet.of(
            EndpointEvent.REFUSED,
            EndpointEvent.TIMED_OUT,
            EndpointEvent.TLS_FILE_RENEWED,
            EndpointEvent.TLS_FILE_FAILED));
    private volatile ListenAddress address;
    private @Nullable Vertx vertx;
    private volatile @Nullable ReloadingTls tls;
    private @Nullable Reception reception;
    private @Nullable ExecutorService worker;

    /**
     * Does not listen yet.
     *
     * @param tells whether the endpoint is what this is: the state of one that is a service too is the service's
     */
    Listener(EndpointContext context, HttpListen settings, boolean tells) {
        this.context = context;
        this.settings = settings;
        this.tells = tells;
        this.gate = settings.security() ? context.gate() : null;
        this.address = settings.address();
        MessageId.Sequence ids = new MessageId.Sequence(System.currentTimeMillis(), new SecureRandom().nextInt());
        this.places = new Places(
                settings.topics(),
                new TopicsPlace(context.name(), settings.username(), settings.topics(), context.devices(), ids));
        tell(State.WAITING, "does not listen yet");
    }

    String address() {
        return (settings.tls() == null ? "http" : "https") + " listener " + address;
    }

    CamelSource source(String route, HttpFrom from, MessageId.Sequence ids) {
        if (routes.stream().anyMatch(from::overlaps)) {
            throw new InvalidSettingException("path", "must not match what another route matches, was " + from.path());
        }
        routes.add(from);
        ListenEndpoint endpoint = new ListenEndpoint(context.name() + "-" + route, context.camel(), from, places);
        return new HttpSource(context.name(), route, endpoint, from, ids, keys);
    }

    /**
     * Opens the port.
     *
     * @throws UncheckedIOException when the address cannot be listened on, or a file of TLS not be used
     */
    void start() {
        ServerTlsSettings certificates = settings.tls();
        ReloadingTls followed = certificates == null
                ? null
                : ReloadingTls.openAt(
                        "endpoints." + context.name() + ".http.listen", certificates, new TlsFileCounts(counts));
        tls = followed;
        Vertx server = OwnVertx.start();
        vertx = server;
        ExecutorService taking = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(settings.maxConnections()), task -> {
                    Thread thread = new Thread(task, "http-in-" + context.name());
                    thread.setDaemon(true);
                    return thread;
                });
        worker = taking;
        HttpTls encrypted = new HttpTls(server, followed);
        Reception.Entrance entrance =
                new Reception.Entrance(new Callers(settings, context.devices().bans()), logins(server));
        Reception taken = new Reception(server, settings, encrypted, entrance, places, taking, counts);
        reception = taken;
        HttpServer http = server.createHttpServer(serverOptions(followed))
                .connectionHandler(taken::opened)
                .requestHandler(taken);
        try {
            InetSocketAddress asked = settings.address().socketAddress();
            await(http.listen(SocketAddress.inetSocketAddress(
                    asked.getPort(), asked.getAddress().getHostAddress())));
        } catch (IOException refused) {
            throw new UncheckedIOException(
                    "endpoints." + context.name() + ".http.listen: cannot listen on " + settings.address() + ": "
                            + refused.getMessage(),
                    refused);
        }
        address = new ListenAddress(settings.address().host(), http.actualPort());
        tell(State.CONNECTED, "listens on " + address);
        warn();
    }

    private @Nullable Logins logins(Vertx server) {
        return gate == null ? null : new Logins(gate, new ClientId("http-" + context.name()), server);
    }

    private void warn() {
        boolean isOpen = tls == null || !settings.asksForCredentials();
        if (isOpen && !settings.address().isLoopback()) {
            LOG.atWarn()
                    .addKeyValue("endpoint", context.name())
                    .addKeyValue("listener", address)
                    .log(
                            settings.asksForCredentials()
                                    ? "callers send their credentials without TLS: whoever sees the connection can read them"
                                    : "callers are not authenticated: whoever reaches this listener may call");
        }
    }

    private HttpServerOptions serverOptions(@Nullable ServerTls certificates) {
        int headers = (int) settings.maxHeaders().bytes();
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(Math.min(LONGEST_FIRST_LINE, headers))
                .setMaxHeaderSize(headers)
                // else a connection that says nothing is not shown to the connection handler
                .setHttp2ClearTextEnabled(false);
        return HttpTls.secured(options, certificates);
    }

    private static void await(Future<?> future) throws IOException {
        try {
            OwnVertx.await(future);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stopping);
        }
    }

    /** Who calls from now on is told to come later; what is under way is still answered. */
    void refuseNew() {
        if (reception != null) {
            reception.refuseNew();
        }
    }

    Map<String, Long> counts() {
        return counts.now();
    }

    Optional<Instant> certificateExpiry() {
        return Optional.ofNullable(tls).map(ReloadingTls::expiry);
    }

    private void tell(State state, String detail) {
        if (tells) {
            context.watcher().changed(context.name(), state, detail);
        }
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.shutdownNow();
        }
        if (tls != null) {
            tls.close();
        }
        try {
            if (vertx != null) {
                await(vertx.close());
            }
        } catch (IOException failure) {
            LOG.atWarn()
                    .addKeyValue("endpoint", context.name())
                    .setCause(failure)
                    .log("closing a listener failed");
        }
    }
}

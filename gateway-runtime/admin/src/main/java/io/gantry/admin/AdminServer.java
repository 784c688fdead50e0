// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.api.files.FileCounts;
import io.gantry.api.security.ServerTls;
import io.gantry.api.security.ServerTlsSettings;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.api.settings.ListenAddress;
import io.gantry.tls.ReloadingTls;
import io.gantry.tls.vertx.HttpTls;
import io.gantry.tls.vertx.OwnVertx;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * The admin port: health, metrics, status and dead letters over HTTP. It has threads of its own, one event loop and a few
 * workers, so that it answers whatever the gateway's other threads do, and takes nothing from them.
 */
public final class AdminServer implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Vertx vertx;
    private final Parts parts;
    private final InetSocketAddress address;

    /** What is open beside the port. */
    private record Parts(
            OwnNumbers own,
            GatewayMetrics metrics,
            Workers workers,
            Audit audit,
            @Nullable ReloadingTls tls) {

        void close() throws IOException {
            workers.close();
            metrics.close();
            if (tls != null) {
                tls.close();
            }
            audit.close();
        }
    }

    private AdminServer(Vertx vertx, Parts parts, InetSocketAddress address) {
        this.vertx = vertx;
        this.parts = parts;
        this.address = address;
    }

    /**
     * Opens the port.
     *
     * @param settings which must have it enabled
     * @param directory where changes are recorded, in {@code audit.jsonl}, unless the settings name a file
     * @throws IOException when the address cannot be listened on, or the file not be written; its message names the key
     */
    public static AdminServer start(AdminSettings settings, Path directory, Administration gateway)
            throws IOException, InterruptedException {
        return start(settings, directory, gateway, AdminLimits.DEFAULT);
    }

    static AdminServer start(AdminSettings settings, Path directory, Administration gateway, AdminLimits limits)
            throws IOException, InterruptedException {
        Entrance entrance = new Entrance(new Tokens(settings.tokens()), new Attempts(System::nanoTime));
        Parts parts = parts(settings, directory, gateway, entrance);
        Vertx vertx = OwnVertx.start();
        try {
            Site site = new Site(gateway, parts.metrics, new Uptime());
            HostCheck hosts = new HostCheck(settings.hosts(), parts.tls != null);
            Reception.Gate gate = new Reception.Gate(new HttpTls(vertx, parts.tls), hosts, entrance, parts.audit);
            Connections connections = new Connections(vertx, limits, parts.own.connections());
            Reception reception = new Reception(vertx, site, gate, connections, limits, parts.workers);
            HttpServer server = listening(vertx, settings.listen(), serverOptions(limits, parts.tls), reception);
            InetSocketAddress asked = settings.listen().socketAddress();
            return new AdminServer(vertx, parts, new InetSocketAddress(asked.getAddress(), server.actualPort()));
        } catch (IOException | InterruptedException | RuntimeException failure) {
            parts.close();
            OwnVertx.await(vertx.close());
            throw failure;
        }
    }

    private static Parts parts(AdminSettings settings, Path directory, Administration gateway, Entrance entrance)
            throws IOException {
        ServerTlsSettings certificates = settings.tls();
        FileCounts files = new FileCounts();
        ReloadingTls tls = certificates == null ? null : opened(certificates, files);
        OwnNumbers own = new OwnNumbers(entrance, new ConnectionCounts(), files, tls);
        GatewayMetrics metrics = new GatewayMetrics(gateway, own);
        String named = settings.audit().file();
        Path file = named == null ? directory.resolve("audit.jsonl") : Path.of(named);
        try {
            Audit audit = Audit.open(settings.audit(), file, Clock.systemUTC(), System::nanoTime);
            return new Parts(own, metrics, new Workers(), audit, tls);
        } catch (IOException failure) {
            if (tls != null) {
                tls.close();
            }
            throw failure;
        }
    }

    private static ReloadingTls opened(ServerTlsSettings certificates, FileCounts files) throws IOException {
        try {
            return ReloadingTls.open(certificates, files);
        } catch (InvalidSettingException refused) {
            throw new IOException("admin." + refused.key().orElse("tls") + ": " + refused.getMessage(), refused);
        }
    }

    private static HttpServerOptions serverOptions(AdminLimits limits, @Nullable ServerTls tls) {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(limits.firstLine())
                .setMaxHeaderSize(limits.headers())
                .setHandle100ContinueAutomatically(true)
                // else a connection that says nothing is not shown to the connection handler
                .setHttp2ClearTextEnabled(false);
        return HttpTls.secured(options, tls);
    }

    private static HttpServer listening(
            Vertx vertx, ListenAddress listen, HttpServerOptions options, Reception reception)
            throws IOException, InterruptedException {
        HttpServer server = vertx.createHttpServer(options)
                .connectionHandler(reception::opened)
                .requestHandler(reception)
                .invalidRequestHandler(reception::malformed);
        InetSocketAddress address = listen.socketAddress();
        try {
            OwnVertx.await(server.listen(SocketAddress.inetSocketAddress(
                    address.getPort(), address.getAddress().getHostAddress())));
            return server;
        } catch (IOException refused) {
            throw new IOException(
                    "admin.listen: cannot listen on " + listen + ": " + refused.getMessage()
                            + "; another address is taken with admin: {listen: \"127.0.0.1:PORT\"}, none with admin:"
                            + " {enabled: false}",
                    refused);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Answers what is under way, for half a minute at most, then closes the port and ends its threads. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            parts.workers.close(PATIENCE_SECONDS);
            OwnVertx.await(vertx.close());
        } finally {
            parts.close();
        }
    }
}

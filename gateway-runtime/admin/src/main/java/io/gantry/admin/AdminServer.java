// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The admin port: health, metrics, status and dead letters over HTTP. It has threads of its own, one event loop and a few
 * workers, so that it answers whatever the gateway's other threads do, and takes nothing from them.
 */
public final class AdminServer implements AutoCloseable {
    private static final int READERS = 2;
    private static final long PATIENCE_SECONDS = 30;

    /** A change of many dead letters may take this long before the log complains. */
    private static final long CHANGE_MINUTES = 60;

    private final Vertx vertx;
    private final GatewayMetrics metrics;
    private final InetSocketAddress address;

    private AdminServer(Vertx vertx, GatewayMetrics metrics, InetSocketAddress address) {
        this.vertx = vertx;
        this.metrics = metrics;
        this.address = address;
    }

    /**
     * Opens the port.
     *
     * @param settings which must have it enabled
     * @throws IOException when the address cannot be listened on; its message names the key
     */
    public static AdminServer start(AdminSettings settings, Administration gateway)
            throws IOException, InterruptedException {
        return start(settings, gateway, AdminLimits.DEFAULT);
    }

    static AdminServer start(AdminSettings settings, Administration gateway, AdminLimits limits)
            throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx(options());
        GatewayMetrics metrics = new GatewayMetrics(gateway);
        try {
            HttpServer server = listening(vertx, settings, new Site(gateway, metrics, new Uptime()), limits);
            InetSocketAddress asked = settings.listen().socketAddress();
            return new AdminServer(vertx, metrics, new InetSocketAddress(asked.getAddress(), server.actualPort()));
        } catch (IOException | InterruptedException | RuntimeException failure) {
            metrics.close();
            await(vertx.close());
            throw failure;
        }
    }

    private static VertxOptions options() {
        // Nothing is served from files, so it must not make a directory for them.
        FileSystemOptions noFiles =
                new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        return new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(noFiles);
    }

    private static HttpServer listening(Vertx vertx, AdminSettings settings, Site site, AdminLimits limits)
            throws IOException, InterruptedException {
        Connections connections = new Connections(vertx, limits);
        Reception reception = new Reception(
                site,
                connections,
                limits,
                vertx.createSharedWorkerExecutor("gantry-admin", READERS, PATIENCE_SECONDS, TimeUnit.SECONDS),
                vertx.createSharedWorkerExecutor("gantry-admin-changes", 1, CHANGE_MINUTES, TimeUnit.MINUTES));
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(limits.firstLine())
                .setMaxHeaderSize(limits.headers())
                .setHandle100ContinueAutomatically(true)
                // else a connection that says nothing is not shown to the connection handler
                .setHttp2ClearTextEnabled(false);
        HttpServer server = vertx.createHttpServer(options)
                .connectionHandler(connections::opened)
                .requestHandler(reception)
                .invalidRequestHandler(reception::malformed);
        InetSocketAddress address = settings.listen().socketAddress();
        try {
            await(server.listen(SocketAddress.inetSocketAddress(
                    address.getPort(), address.getAddress().getHostAddress())));
            return server;
        } catch (IOException refused) {
            throw new IOException(
                    "admin.listen: cannot listen on " + settings.listen() + ": " + refused.getMessage()
                            + "; another address is taken with admin: {listen: \"127.0.0.1:PORT\"}, none with admin:"
                            + " {enabled: false}",
                    refused);
        }
    }

    private static void await(Future<?> future) throws IOException, InterruptedException {
        try {
            future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            throw new IOException(cause == null ? "unknown" : cause.getMessage(), failure);
        } catch (TimeoutException late) {
            throw new IOException("no answer within " + PATIENCE_SECONDS + " s", late);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Closes the port and ends its threads; a change that is under way is finished. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            await(vertx.close());
        } finally {
            metrics.close();
        }
    }
}

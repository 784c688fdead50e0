// SPDX-License-Identifier: Apache-2.0
package io.gantry.tls.vertx;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A Vert.x for one HTTP server alone, so that no server waits for another. */
public final class OwnVertx {
    private static final long PATIENCE_SECONDS = 30;

    private OwnVertx() {}

    /** With one event loop, which starts now. */
    public static Vertx start() {
        // Nothing is served from files, so it must not make a directory for them.
        FileSystemOptions noFiles =
                new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(noFiles));
    }

    /**
     * Waits until it has done something, for 30 seconds at most. Not on its event loop.
     *
     * @throws IOException when it has failed, with the reason as its message, or has not been done in time
     */
    public static void await(Future<?> done) throws IOException, InterruptedException {
        try {
            done.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            throw new IOException(cause == null ? "unknown" : cause.getMessage(), failure);
        } catch (TimeoutException late) {
            throw new IOException("no answer within " + PATIENCE_SECONDS + " s", late);
        }
    }
}

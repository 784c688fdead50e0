// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.security.ServerTls;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks about callers' certificates what others must be asked (OCSP), on threads of its own: a handshake waits for no other one,
 * and for its own answer only so long. Any thread.
 */
final class TrustChecks implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int WAITING = 1_000;

    private final ServerTls tls;
    private final ThreadPoolExecutor threads;

    /**
     * Of one listener.
     *
     * @param tls stays open when this is closed
     */
    TrustChecks(ServerTls tls) {
        this.tls = tls;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, "coap-tls-checks");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Finds out whether a chain is trusted. It is not when that is not known in time, or too many wait before it.
     *
     * @param then is told once, on any thread; must not wait
     */
    void ask(List<X509Certificate> chain, Consumer<Boolean> then) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        answer.completeOnTimeout(false, tls.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(then);
        try {
            threads.execute(() -> answer(chain, answer));
        } catch (RejectedExecutionException tooMany) {
            answer.complete(false);
        }
    }

    private void answer(List<X509Certificate> chain, CompletableFuture<Boolean> answer) {
        if (answer.isDone()) {
            // it has waited too long already, and nobody waits for it any more
            return;
        }
        boolean trusted = false;
        try {
            trusted = tls.isTrusted(chain);
        } finally {
            answer.complete(trusted);
        }
    }

    /** Who still waits is not trusted. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}

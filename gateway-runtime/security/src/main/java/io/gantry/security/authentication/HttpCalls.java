// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import io.gantry.api.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server about devices. Never follows it elsewhere, never waits longer than said for the whole answer, never reads
 * more of one than 256 KiB, and never asks more than 64 things at a time. Any thread.
 */
final class HttpCalls implements AutoCloseable {
    private static final int MOST_AT_A_TIME = 64;
    private static final int MOST_BYTES = 256 << 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    private final ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "gantry-authentication-http");
        thread.setDaemon(true);
        return thread;
    });
    private final Semaphore room = new Semaphore(MOST_AT_A_TIME);
    private final HttpClient client;
    private final Duration timeout;

    /** What a server has answered. */
    record Answer(int status, Payload body) {}

    private HttpCalls(@Nullable SSLContext tls, Duration timeout) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(threads)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.client = builder.build();
        this.timeout = timeout;
    }

    /**
     * Makes a client.
     *
     * @param ca file of the authorities that are trusted; null for the JVM's own
     * @param timeout for a whole answer
     * @throws InvalidFileException when the file holds something else
     */
    static HttpCalls open(@Nullable String ca, Duration timeout) throws InvalidFileException {
        return new HttpCalls(ca == null ? null : trusting(ca), timeout);
    }

    private static SSLContext trusting(String ca) throws InvalidFileException {
        try {
            Collection<? extends Certificate> authorities = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(Path.of(ca))));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate each : authorities) {
                store.setCertificateEntry("authority-" + store.size(), each);
            }
            if (store.size() == 0) {
                throw InvalidFileException.of(ca, "must be certificates in PEM");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return tls;
        } catch (IOException failure) {
            throw InvalidFileException.of(ca, "must be a file that can be read");
        } catch (GeneralSecurityException malformed) {
            throw InvalidFileException.of(ca, "must be certificates in PEM");
        }
    }

    /** Asks; fails when there is no room, no answer in time, or too long an answer. */
    CompletableFuture<Answer> send(HttpRequest request) {
        if (!room.tryAcquire()) {
            return CompletableFuture.failedFuture(new IOException("too many requests at a time"));
        }
        CompletableFuture<HttpResponse<byte[]>> sent;
        try {
            sent = client.sendAsync(request, head -> new LimitedBody(MOST_BYTES));
        } catch (RuntimeException failure) {
            room.release();
            return CompletableFuture.failedFuture(failure);
        }
        return sent.thenApply(response -> new Answer(response.statusCode(), Payload.owning(response.body())))
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    sent.cancel(true);
                    room.release();
                });
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

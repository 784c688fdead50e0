// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import com.nimbusds.jose.JWSHeader;
import io.gantry.security.JwtSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys at a URL. They are fetched at the start, each time they have become old, and when a token names a key that is not
 * there; whatever tokens name, at most once in 30 seconds, and all who wait wait for the same answer.
 */
final class JwksEndpoint implements KeySource {
    private static final Logger LOG = LoggerFactory.getLogger(JwksEndpoint.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    private final Supplier<CompletableFuture<VerificationKeys>> fetch;
    private final Duration refresh;
    private final Duration stale;
    private final LongSupplier nanoTime;

    private @Nullable VerificationKeys keys;
    private long fetchedAt;
    private boolean attempted;
    private long attemptedAt;
    private boolean failing;
    private @Nullable CompletableFuture<Void> underWay;

    /** @param nanoTime as {@link System#nanoTime()} */
    JwksEndpoint(
            Supplier<CompletableFuture<VerificationKeys>> fetch,
            Duration refresh,
            Duration stale,
            LongSupplier nanoTime) {
        this.fetch = fetch;
        this.refresh = refresh;
        this.stale = stale;
        this.nanoTime = nanoTime;
    }

    /** Begins to fetch. */
    static JwksEndpoint open(JwtSettings settings, String url, Workers workers) throws InvalidFileException {
        HttpCalls calls = workers.closing(HttpCalls.open(settings.ca(), TIMEOUT));
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Accept", "application/jwk-set+json, application/json")
                .GET()
                .build();
        JwksEndpoint endpoint = new JwksEndpoint(
                () -> calls.send(request)
                        .handle((answer, failure) -> answer == null ? unanswered(url, failure) : read(url, answer)),
                settings.jwksRefresh(),
                settings.jwksStale(),
                System::nanoTime);
        endpoint.refreshIfOld();
        workers.every(INTERVAL, endpoint::refreshIfOld);
        return endpoint;
    }

    /** Throws what is logged, with the place. */
    private static VerificationKeys unanswered(String url, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        throw new CompletionException(new IOException(url + " does not answer: " + cause, failure));
    }

    private static VerificationKeys read(String url, HttpCalls.Answer answer) {
        if (answer.status() != 200) {
            throw new CompletionException(
                    new IOException(url + " answered with status " + answer.status() + ", expected 200"));
        }
        try {
            return VerificationKeys.ofJwks(url, answer.body().sharedBytes());
        } catch (InvalidFileException malformed) {
            throw new CompletionException(malformed);
        }
    }

    @Override
    public CompletableFuture<List<VerificationKey>> fitting(JWSHeader header) {
        CompletableFuture<Void> fetched;
        synchronized (this) {
            List<VerificationKey> known = now(header);
            fetched = known.isEmpty() ? refreshIfAllowed() : null;
            if (fetched == null) {
                return CompletableFuture.completedFuture(known);
            }
        }
        return fetched.thenApply(ignored -> now(header));
    }

    private synchronized List<VerificationKey> now(JWSHeader header) {
        boolean isUsable = keys != null && nanoTime.getAsLong() - fetchedAt <= stale.toNanos();
        return keys != null && isUsable ? keys.fitting(header) : List.of();
    }

    /** Called now and then. */
    synchronized void refreshIfOld() {
        if (keys == null || nanoTime.getAsLong() - fetchedAt >= refresh.toNanos()) {
            refreshIfAllowed();
        }
    }

    /** What is to be waited for; null when it is too soon to ask again. */
    private @Nullable CompletableFuture<Void> refreshIfAllowed() {
        if (underWay != null) {
            return underWay;
        }
        long now = nanoTime.getAsLong();
        if (attempted && now - attemptedAt < INTERVAL.toNanos()) {
            return null;
        }
        attempted = true;
        attemptedAt = now;
        CompletableFuture<Void> done = new CompletableFuture<>();
        underWay = done;
        CompletableFuture<VerificationKeys> answer = fetch.get();
        answer.whenComplete((found, failure) -> take(found, failure, done));
        return done;
    }

    private void take(@Nullable VerificationKeys found, @Nullable Throwable failure, CompletableFuture<Void> done) {
        synchronized (this) {
            underWay = null;
            if (found != null) {
                keys = found;
                fetchedAt = nanoTime.getAsLong();
            } else if (!failing) {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                LOG.atWarn().addKeyValue("reason", cause).log("keys for tokens cannot be fetched");
            }
            failing = found == null;
        }
        done.complete(null);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Payload;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The access token of an endpoint: asked for when it is needed, kept, and renewed before it expires. However many requests
 * need one, one of them asks, and the others wait for it, a bounded time. Safe for any thread; callers may block.
 */
final class AccessTokens {
    private static final long MOST_EARLY = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);
    private static final long LONGEST_SECONDS = TimeUnit.DAYS.toSeconds(1);
    private static final int LONGEST_TOKEN = 8_192;
    private static final String NAME = "the token service";

    private final OAuthSettings settings;
    private final Service service;
    private final long longestMillis;
    private final LongSupplier nanos;
    private @Nullable Held held;
    private @Nullable CompletableFuture<String> underWay;

    /** Sends a request and gives back what came. */
    @FunctionalInterface
    interface Service {
        Response ask(HttpUriRequestBase request) throws IOException;
    }

    /** A token, and until when it is good; a token that never expires has both times far away. */
    private record Held(String token, long dueNanos, long endNanos) {}

    /**
     * No token is asked for yet.
     *
     * @param longest how long a request waits for another one that asks
     * @param nanos a clock that only goes forward
     */
    AccessTokens(OAuthSettings settings, Service service, Duration longest, LongSupplier nanos) {
        this.settings = settings;
        this.service = service;
        this.longestMillis = longest.toMillis();
        this.nanos = nanos;
    }

    /**
     * A token that is good now.
     *
     * @throws OutcomeException when there is none
     */
    String current() throws OutcomeException {
        CompletableFuture<String> awaited;
        boolean isOurs = false;
        synchronized (this) {
            long now = nanos.getAsLong();
            Held token = held;
            if (token != null && token.endNanos - now > 0 && (token.dueNanos - now > 0 || underWay != null)) {
                return token.token;
            }
            if (underWay == null) {
                underWay = new CompletableFuture<>();
                isOurs = true;
            }
            awaited = underWay;
        }
        if (isOurs) {
            renew(awaited);
        }
        return await(awaited);
    }

    /**
     * A token in place of one that was refused.
     *
     * @throws OutcomeException when there is none
     */
    String insteadOf(String refused) throws OutcomeException {
        drop(refused);
        return current();
    }

    /** Forgets a token that was refused, unless there is another one already. */
    synchronized void drop(String refused) {
        if (held != null && held.token.equals(refused)) {
            held = null;
        }
    }

    private void renew(CompletableFuture<String> waiting) {
        try {
            Held fresh = fetched();
            synchronized (this) {
                held = fresh;
                underWay = null;
            }
            waiting.complete(fresh.token);
        } catch (IOException | RuntimeException failure) {
            Held old = keptInstead();
            if (old == null) {
                waiting.completeExceptionally(failure);
            } else {
                waiting.complete(old.token);
            }
        }
    }

    /** The token that should have been renewed, while it is good: the next attempt comes a little later. */
    private synchronized @Nullable Held keptInstead() {
        underWay = null;
        long now = nanos.getAsLong();
        Held old = held;
        if (old == null || old.endNanos - now <= 0) {
            held = null;
            return null;
        }
        held = new Held(old.token, now + PAUSE, old.endNanos);
        return held;
    }

    private String await(CompletableFuture<String> awaited) throws OutcomeException {
        try {
            return awaited.get(longestMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw RequestFailures.withoutAnswer(NAME, closing);
        } catch (TimeoutException late) {
            throw RequestFailures.withoutAnswer(NAME, late);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            throw cause instanceof OutcomeException known
                    ? known
                    : RequestFailures.withoutAnswer(NAME, cause == null ? failure : cause);
        }
    }

    private Held fetched() throws IOException {
        Response answer = service.ask(request());
        if (!answer.isSuccess()) {
            throw StatusClasses.ofTokenService(answer);
        }
        long now = nanos.getAsLong();
        Map<String, String> members = JsonText.membersOf(answer.body().sharedBytes())
                .orElseThrow(() -> StatusClasses.parked("the token service answered with something else than a token"));
        String token = members.getOrDefault("access_token", "");
        if (!HttpEndpointSettings.isToken(token)
                || token.length() > LONGEST_TOKEN
                || !members.getOrDefault("token_type", "bearer").equalsIgnoreCase("bearer")) {
            throw StatusClasses.parked("the token service answered without a bearer token");
        }
        long lives = TimeUnit.SECONDS.toNanos(seconds(members.get("expires_in")));
        return new Held(token, now + lives - Math.min(MOST_EARLY, lives / 5), now + lives);
    }

    /** How long a token is good; one that does not say is asked for again the next day. */
    private static long seconds(@Nullable String expiresIn) throws OutcomeException {
        try {
            return expiresIn == null
                    ? LONGEST_SECONDS
                    : Math.min(LONGEST_SECONDS, Math.max(0, (long) Double.parseDouble(expiresIn)));
        } catch (NumberFormatException garbage) {
            throw StatusClasses.parked("the token service does not say in seconds when its token expires");
        }
    }

    private HttpUriRequestBase request() {
        StringJoiner form = new StringJoiner("&").add("grant_type=client_credentials");
        add(form, "scope", settings.scope());
        add(form, "audience", settings.audience());
        HttpUriRequestBase request = new HttpUriRequestBase("POST", settings.url());
        request.addHeader(HttpHeaders.ACCEPT, "application/json");
        request.addHeader(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded");
        if (settings.clientAuthentication() == OAuthSettings.ClientAuthentication.BODY) {
            add(form, "client_id", settings.clientId());
            add(form, "client_secret", settings.clientSecret().reveal());
        } else {
            request.addHeader(
                    HttpHeaders.AUTHORIZATION,
                    Basic.header(
                            encoded(settings.clientId()),
                            encoded(settings.clientSecret().reveal())));
        }
        request.setEntity(new PayloadEntity(Payload.ofText(form.toString())));
        return request;
    }

    private static void add(StringJoiner form, String name, @Nullable String value) {
        if (value != null) {
            form.add(name + "=" + encoded(value));
        }
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}

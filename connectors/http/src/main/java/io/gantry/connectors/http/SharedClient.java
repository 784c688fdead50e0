// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.Delivery;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.RequestReach;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of one endpoint, shared by its routes. It does what it is told and nothing by itself: it follows no
 * redirect, tries nothing again, keeps no cookie, answers no challenge and unpacks nothing. The one thing that it does
 * twice is a request whose access token was refused.
 */
final class SharedClient implements AutoCloseable {
    /** How long the rest of an answer is waited for so that its connection can be used again. */
    private static final long BODY_MILLIS = 1_000;

    /** A connection that is not used for so long is closed, before a service or a firewall between forgets it. */
    private static final long IDLE_SECONDS = 30;

    private static final int UNAUTHORIZED = 401;
    private static final int PIECE = 8 << 10;
    private static final long LARGEST_TOKEN = 64 << 10;

    private final RequestReach reach;
    private final NewClient making;
    private final long deadlineMillis;
    private final long responseMillis;
    private final long longestBody;
    private final HostLookup lookup;
    private final ScheduledThreadPoolExecutor deadlines;
    private final CloseableHttpClient client;
    private final @Nullable AccessTokens tokens;

    SharedClient(String endpoint, HttpEndpointSettings settings, RequestReach reach) {
        this.reach = reach;
        this.making = new NewClient(endpoint, settings);
        Duration longest = settings.connectTimeout().plus(settings.responseTimeout());
        this.deadlineMillis = longest.toMillis();
        this.responseMillis = settings.responseTimeout().toMillis();
        this.longestBody = settings.maxResponseSize().bytes();
        HostLookup.Names names = InetAddress::getAllByName;
        this.lookup = new HostLookup(
                endpoint,
                settings.denyPrivateAddresses() ? new PublicAddresses(names) : names,
                settings.connectTimeout());
        this.deadlines = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "http-deadlines-" + endpoint);
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
        PoolingHttpClientConnectionManager connections = making.connections(lookup);
        this.client = making.using(connections);
        // Who waits for a token waits for the looking up, the connecting and the answering of another one's request.
        this.tokens = settings.oauth() == null
                ? null
                : new AccessTokens(settings.oauth(), this::token, longest.multipliedBy(2), System::nanoTime);
        var unused = deadlines.scheduleWithFixedDelay(
                () -> connections.closeIdle(TimeValue.ofSeconds(IDLE_SECONDS)),
                IDLE_SECONDS,
                IDLE_SECONDS,
                TimeUnit.SECONDS);
    }

    HttpClient httpClient() {
        return client;
    }

    /** Runs something soon, on a thread that must not be kept; not any more once the client is closed. */
    void later(Runnable task, Duration delay) {
        try {
            var unused = deadlines.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // Nothing comes after it.
        }
    }

    /**
     * Sends a request and waits for the answer, at most until the deadline. Without its body the status is the answer:
     * what happens to the body after it changes nothing, and costs at most the connection.
     *
     * @param withBody whether the body of a 2xx is wanted
     * @throws OutcomeException when there was no token, no tunnel, or too large a body
     */
    Response exchange(PreparedRequest request, boolean withBody) throws IOException {
        if (tokens == null) {
            return watched(request.toRequest(), withBody);
        }
        String token = token();
        Response answer = watched(authorized(request, token), withBody);
        if (answer.status() != UNAUTHORIZED) {
            return answer;
        }
        String other = tokens.insteadOf(token);
        Response second = watched(authorized(request, other), withBody);
        if (second.status() == UNAUTHORIZED) {
            tokens.drop(other);
        }
        return second;
    }

    private String token() throws OutcomeException {
        long since = System.nanoTime();
        try {
            return tokens == null ? "" : tokens.current();
        } catch (OutcomeException none) {
            reach.failed(since, none.kind());
            throw none;
        }
    }

    private Response token(HttpUriRequestBase request) throws IOException {
        try {
            return send(request, LARGEST_TOKEN);
        } catch (OutcomeException known) {
            throw known.outcome() instanceof Delivery.Rejected
                    ? StatusClasses.parked("the token service's answer is too large")
                    : known;
        } catch (IOException failure) {
            throw RequestFailures.withoutAnswer("the token service", failure);
        }
    }

    private static HttpUriRequestBase authorized(PreparedRequest request, String token) {
        HttpUriRequestBase withToken = request.toRequest();
        withToken.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token);
        return withToken;
    }

    private Response watched(HttpUriRequestBase request, boolean withBody) throws IOException {
        long since = System.nanoTime();
        try {
            Response answer = send(request, withBody ? longestBody : 0);
            reach.answered();
            return answer;
        } catch (IOException failure) {
            reach.failed(since, RequestFailures.shown(failure));
            throw failure;
        }
    }

    /**
     * Sends it as it is.
     *
     * @param largest of a body that is kept; 0 for none
     */
    private Response send(HttpUriRequestBase request, long largest) throws IOException {
        HttpClientContext context = making.context();
        Future<?> deadline = deadlines.schedule(request::cancel, deadlineMillis, TimeUnit.MILLISECONDS);
        ClassicHttpResponse answer;
        try {
            answer = client.executeOpen(RoutingSupport.determineHost(request), request, context);
        } catch (HttpException bug) {
            throw new IOException(bug);
        } finally {
            deadline.cancel(false);
        }
        if (!NewClient.reached(context)) {
            request.cancel();
            throw StatusClasses.ofProxy(answer.getCode());
        }
        boolean isKept = largest > 0 && answer.getCode() / 100 == 2;
        Payload body = isKept ? kept(answer.getEntity(), request, largest) : dropped(answer.getEntity(), request);
        ClassicHttpResponse head = new BasicClassicHttpResponse(answer.getCode());
        head.setHeaders(answer.getHeaders());
        return new Response(head, body);
    }

    private Payload kept(@Nullable HttpEntity body, HttpUriRequestBase request, long largest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Future<?> patience = deadlines.schedule(request::cancel, responseMillis, TimeUnit.MILLISECONDS);
        try {
            if (body != null && !copied(body.getContent(), bytes, largest)) {
                request.cancel();
                throw new OutcomeException(
                        new Delivery.Rejected(
                                ReasonCode.PACKET_TOO_LARGE,
                                "the HTTP service's answer is larger than max-response-size"),
                        "too large an answer");
            }
            return Payload.owning(bytes.toByteArray());
        } finally {
            patience.cancel(false);
        }
    }

    private Payload dropped(@Nullable HttpEntity body, HttpUriRequestBase request) {
        if (body == null) {
            return Payload.EMPTY;
        }
        Future<?> patience = null;
        try {
            patience = deadlines.schedule(request::cancel, BODY_MILLIS, TimeUnit.MILLISECONDS);
            if (!copied(body.getContent(), null, longestBody)) {
                request.cancel();
            }
        } catch (IOException | RuntimeException cutOff) {
            // Whatever it is, the service has answered before.
            request.cancel();
        } finally {
            if (patience != null) {
                patience.cancel(false);
            }
        }
        return Payload.EMPTY;
    }

    /** False when there is more than that. */
    private static boolean copied(InputStream bytes, @Nullable ByteArrayOutputStream to, long most) throws IOException {
        byte[] piece = new byte[PIECE];
        long total = 0;
        for (int count = bytes.read(piece); count >= 0; count = bytes.read(piece)) {
            total += count;
            if (total > most) {
                return false;
            }
            if (to != null) {
                to.write(piece, 0, count);
            }
        }
        return true;
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
        deadlines.shutdownNow();
        lookup.close();
        making.close();
    }
}

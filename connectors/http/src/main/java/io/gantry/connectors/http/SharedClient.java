// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of one endpoint, shared by its routes. It does what it is told and nothing by itself: it follows no
 * redirect, tries nothing again, keeps no cookie, answers no challenge, uses no proxy and unpacks nothing.
 */
final class SharedClient implements AutoCloseable {
    /** How long the rest of an answer is waited for so that its connection can be used again. */
    private static final long BODY_MILLIS = 1_000;

    /** A connection that is not used for so long is closed, before a service or a firewall between forgets it. */
    private static final long IDLE_SECONDS = 30;

    private static final int LONGEST_HEADER_LINE = 16 << 10;
    private static final int MOST_HEADERS = 200;
    private static final int PIECE = 8 << 10;

    private final HttpReach reach;
    private final long deadlineMillis;
    private final long longestBody;
    private final HostLookup lookup;
    private final ScheduledThreadPoolExecutor deadlines;
    private final CloseableHttpClient client;

    SharedClient(String endpoint, HttpEndpointSettings settings, HttpReach reach) {
        this.reach = reach;
        this.deadlineMillis =
                settings.connectTimeout().plus(settings.responseTimeout()).toMillis();
        this.longestBody = settings.maxResponseSize().bytes();
        this.lookup = new HostLookup(endpoint, InetAddress::getAllByName, settings.connectTimeout());
        this.deadlines = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "http-deadlines-" + endpoint);
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
        PoolingHttpClientConnectionManager connections = connections(settings, lookup);
        this.client = client(settings, connections);
        var unused = deadlines.scheduleWithFixedDelay(
                () -> connections.closeIdle(TimeValue.ofSeconds(IDLE_SECONDS)),
                IDLE_SECONDS,
                IDLE_SECONDS,
                TimeUnit.SECONDS);
    }

    private static CloseableHttpClient client(
            HttpEndpointSettings settings, PoolingHttpClientConnectionManager connections) {
        return HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout(settings.connectTimeout()))
                        .setResponseTimeout(timeout(settings.responseTimeout()))
                        .setAuthenticationEnabled(false)
                        .setExpectContinueEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .setRedirectsEnabled(false)
                        .build())
                .setDefaultHeaders(authorization(settings))
                .setUserAgent("gantry")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .disableConnectionState()
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(HttpEndpointSettings settings, HostLookup lookup) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(settings.maxConnections())
                .setMaxConnPerRoute(settings.maxConnections())
                .setDnsResolver(lookup)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .responseOutOfOrderStrategy(new MonitoringResponseOutOfOrderStrategy(PayloadEntity.PIECE))
                        .http1Config(Http1Config.custom()
                                .setMaxLineLength(LONGEST_HEADER_LINE)
                                .setMaxHeaderCount(MOST_HEADERS)
                                .build())
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout(settings.connectTimeout()))
                        .setSocketTimeout(timeout(settings.responseTimeout()))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                        .build())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(timeout(settings.connectTimeout()))
                        .build())
                .build();
    }

    private static List<Header> authorization(HttpEndpointSettings settings) {
        if (settings.token() != null) {
            return List.of(new BasicHeader(
                    HttpHeaders.AUTHORIZATION, "Bearer " + settings.token().reveal(), true));
        }
        if (settings.username() == null || settings.password() == null) {
            return List.of();
        }
        byte[] both = (settings.username() + ":" + settings.password().reveal()).getBytes(StandardCharsets.UTF_8);
        return List.of(new BasicHeader(
                HttpHeaders.AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(both), true));
    }

    private static Timeout timeout(Duration duration) {
        return Timeout.ofMilliseconds(duration.toMillis());
    }

    HttpClient httpClient() {
        return client;
    }

    /**
     * Sends a request and waits for the answer, at most until the deadline. The status is the answer: what happens to
     * the body after it changes nothing, and costs at most the connection.
     *
     * @return status and headers, without the body
     */
    ClassicHttpResponse exchange(HttpHost host, HttpUriRequestBase request) throws IOException {
        long since = System.nanoTime();
        Future<?> deadline = deadlines.schedule(request::cancel, deadlineMillis, TimeUnit.MILLISECONDS);
        ClassicHttpResponse answer;
        try {
            answer = client.executeOpen(host, request, HttpClientContext.create());
        } catch (IOException failure) {
            reach.failed(since, RequestFailures.shown(failure));
            throw failure;
        } finally {
            deadline.cancel(false);
        }
        reach.answered();
        if (!isReadToItsEnd(answer.getEntity(), request)) {
            request.cancel();
        }
        ClassicHttpResponse head = new BasicClassicHttpResponse(answer.getCode());
        head.setHeaders(answer.getHeaders());
        return head;
    }

    private boolean isReadToItsEnd(@Nullable HttpEntity body, HttpUriRequestBase request) {
        if (body == null) {
            return true;
        }
        Future<?> patience = null;
        try {
            patience = deadlines.schedule(request::cancel, BODY_MILLIS, TimeUnit.MILLISECONDS);
            InputStream bytes = body.getContent();
            byte[] piece = new byte[PIECE];
            long total = 0;
            for (int count = 0; count >= 0 && total <= longestBody; count = bytes.read(piece)) {
                total += count;
            }
            return total <= longestBody;
        } catch (IOException | RuntimeException cutOff) {
            // Whatever it is, the service has answered before.
            return false;
        } finally {
            if (patience != null) {
                patience.cancel(false);
            }
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
        deadlines.shutdownNow();
        lookup.close();
    }
}

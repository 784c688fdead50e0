// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.settings.Secret;
import io.gantry.connectors.spi.FollowedTls;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.auth.AuthExchange;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** How the settings of an endpoint become a client. */
final class NewClient implements AutoCloseable {
    private static final int LONGEST_HEADER_LINE = 16 << 10;
    private static final int MOST_HEADERS = 200;

    /** Stands in a context once a request was on its way to the service itself. */
    private static final String REACHED = "gantry.reached";

    private final HttpEndpointSettings settings;

    private final @Nullable FollowedTls tls;

    NewClient(String endpoint, HttpEndpointSettings settings) {
        this.settings = settings;
        this.tls = settings.tls() == null ? null : settings.tls().open(endpoint);
    }

    CloseableHttpClient using(PoolingHttpClientConnectionManager connections) {
        return HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setProxy(settings.proxy() == null ? null : settings.proxy().host())
                .addExecInterceptorAfter(ChainElement.CONNECT.name(), REACHED, (request, scope, chain) -> {
                    scope.clientContext.setAttribute(REACHED, true);
                    return chain.proceed(request, scope);
                })
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout(settings.connectTimeout()))
                        .setResponseTimeout(timeout(settings.responseTimeout()))
                        .setAuthenticationEnabled(false)
                        .setExpectContinueEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .setRedirectsEnabled(false)
                        .build())
                .setDefaultHeaders(authorization())
                .setUserAgent("gantry")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .disableAuthCaching()
                .disableConnectionState()
                .build();
    }

    PoolingHttpClientConnectionManager connections(HostLookup lookup) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                // One more, so that a token can be asked for while all others are in use.
                .setMaxConnTotal(settings.maxConnections() + 1)
                .setMaxConnPerRoute(settings.maxConnections())
                .setDnsResolver(lookup)
                .setTlsSocketStrategy(
                        tls == null
                                ? null
                                : (socket, host, port, attachment, context) -> new DefaultClientTlsStrategy(
                                                tls.context())
                                        .upgrade(socket, host, port, attachment, context))
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

    /** Of one request. Who the gateway is at its proxy is told the proxy alone, without being asked first. */
    HttpClientContext context() {
        HttpClientContext context = HttpClientContext.create();
        ProxySettings proxy = settings.proxy();
        if (proxy != null && proxy.username() != null && proxy.password() != null) {
            Secret password = proxy.password();
            BasicScheme basic = new BasicScheme();
            basic.initPreemptive(new UsernamePasswordCredentials(
                    proxy.username(), password.reveal().toCharArray()));
            AuthExchange known = new AuthExchange();
            known.select(basic);
            context.setAuthExchange(proxy.host(), known);
        }
        return context;
    }

    /** Whether the answer can be the service's: one in place of a tunnel is the proxy's. */
    static boolean reached(HttpClientContext context) {
        return context.getAttribute(REACHED) != null;
    }

    private List<Header> authorization() {
        if (settings.token() != null) {
            return List.of(new BasicHeader(
                    HttpHeaders.AUTHORIZATION, "Bearer " + settings.token().reveal(), true));
        }
        if (settings.username() == null || settings.password() == null) {
            return List.of();
        }
        return List.of(new BasicHeader(
                HttpHeaders.AUTHORIZATION,
                Basic.header(settings.username(), settings.password().reveal()),
                true));
    }

    private static Timeout timeout(Duration duration) {
        return Timeout.ofMilliseconds(duration.toMillis());
    }

    /** Follows the certificates no longer; clients and connections stay. */
    @Override
    public void close() {
        if (tls != null) {
            tls.close();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.api.MessageId;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.EndpointWatcher;
import io.gantry.connectors.spi.RequestReach;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP service of the YAML in use: one client and one set of threads for all its routes. */
final class ConnectedHttp implements ConnectedEndpoint<HttpFrom, HttpTo> {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectedHttp.class);
    private static final int MOST_WAITING = 1_000;

    private final String name;
    private final TargetUrl target;
    private final HttpComponent component = new HttpComponent();
    private final SharedClient client;
    private final Workers workers;
    private final AtomicInteger sinks = new AtomicInteger();

    ConnectedHttp(String name, HttpEndpointSettings settings, CamelContext camel, EndpointWatcher watcher) {
        this.name = name;
        this.target = settings.target();
        component.setCamelContext(camel);
        component.setCookieManagementDisabled(true);
        this.client = new SharedClient(name, settings, new RequestReach(name, watcher));
        this.workers = new Workers(name, settings.maxConnections(), MOST_WAITING);
        if (settings.tellsSecretsInTheClear()) {
            LOG.atWarn()
                    .addKeyValue("endpoint", name)
                    .log(
                            "The credentials for an HTTP service go over the network unencrypted, as its url is no https://");
        }
    }

    @Override
    public String address() {
        return "http " + target.prefix();
    }

    @Override
    public CamelSink sink(String route, HttpTo settings) {
        String uri = "http://to-" + URLEncoder.encode(name + "-" + route, StandardCharsets.UTF_8) + "-"
                + sinks.incrementAndGet();
        StatusClasses statuses =
                new StatusClasses(PathTemplate.of(settings.path()).isFixed(), Clock.systemUTC());
        HttpEndpoint endpoint = endpoint(uri, settings, statuses);
        endpoint.setCamelContext(component.getCamelContext());
        RequestChoice choice = new RequestChoice(target, settings, Clock.systemUTC());
        return new HttpSink(route, endpoint, choice, statuses, settings);
    }

    private HttpEndpoint endpoint(String uri, HttpTo settings, StatusClasses statuses) {
        URI address = URI.create(target.prefix());
        return settings.batch() == null
                ? new RequestEndpoint(
                        uri,
                        component,
                        address,
                        client,
                        workers,
                        settings.reply() ? new Answers(settings.properties()) : null)
                : new BatchEndpoint(
                        uri,
                        component,
                        address,
                        new BatchLane(
                                settings.batch(),
                                new BatchRequests(settings.batch().format(), client, statuses),
                                workers));
    }

    @Override
    public CamelSource source(String route, HttpFrom settings, MessageId.Sequence ids) {
        throw new UnsupportedOperationException("the settings of such a route are refused");
    }

    @Override
    public void close() {
        client.close();
        workers.close();
    }
}

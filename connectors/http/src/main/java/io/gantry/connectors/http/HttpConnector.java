// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static java.util.Objects.requireNonNull;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.ValueNames;
import java.util.List;

/** HTTP services as targets, through camel-http; and callers over HTTP as sources. */
public final class HttpConnector implements Connector<HttpEndpointSettings, HttpFrom, HttpTo> {

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Class<HttpEndpointSettings> endpointSettings() {
        return HttpEndpointSettings.class;
    }

    @Override
    public Class<HttpFrom> fromSettings() {
        return HttpFrom.class;
    }

    @Override
    public Class<HttpTo> toSettings() {
        return HttpTo.class;
    }

    @Override
    public ValueNames valueNames() {
        return MessageValues.ofRequests();
    }

    @Override
    public void checkFrom(HttpEndpointSettings endpoint, HttpFrom from, List<HttpFrom> before) {
        HttpListen listen = endpoint.listen();
        if (listen == null) {
            throw new InvalidSettingException("a route can start only at an http endpoint with listen");
        }
        if (listen.topics() != null && listen.topics().mayHold(from.path())) {
            throw new InvalidSettingException(
                    "path", "must not be under the endpoint's topics, " + listen.topics() + ", was " + from.path());
        }
        before.stream().filter(from::overlaps).findFirst().ifPresent(other -> {
            throw new InvalidSettingException(
                    "path",
                    "must not match what " + other.method() + " " + other.path() + " of another route matches, was "
                            + from.path());
        });
    }

    @Override
    public void checkTo(HttpEndpointSettings endpoint, HttpTo to) {
        if (endpoint.url() == null) {
            throw new InvalidSettingException("a route can end only at an http endpoint with url");
        }
    }

    @Override
    public ConnectedEndpoint<HttpFrom, HttpTo> open(EndpointContext context, HttpEndpointSettings settings) {
        ConnectedHttp service = settings.url() == null
                ? null
                : new ConnectedHttp(context.name(), settings, context.camel(), context.watcher());
        HttpListen listen = settings.listen();
        return listen == null && service != null
                ? service
                : new BothWays(service, new Listener(context, requireNonNull(listen), service == null));
    }
}

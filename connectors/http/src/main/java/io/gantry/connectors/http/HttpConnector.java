// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.ValueNames;

/** HTTP services as targets, through camel-http. */
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
        return MessageValues.ofEndpoint();
    }

    @Override
    public ConnectedEndpoint<HttpFrom, HttpTo> open(EndpointContext context, HttpEndpointSettings settings) {
        return new ConnectedHttp(context.name(), settings, context.camel(), context.watcher());
    }
}

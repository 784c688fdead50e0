// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointWatcher;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.ValueNames;
import org.apache.camel.CamelContext;

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
    public ConnectedEndpoint<HttpFrom, HttpTo> open(
            String name, HttpEndpointSettings settings, CamelContext camel, EndpointWatcher watcher) {
        return new ConnectedHttp(name, settings, camel, watcher);
    }
}

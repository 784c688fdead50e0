// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.ValueNames;
import java.util.List;

/**
 * The way out to the rest of Camel: any component on the class path, by its URI, which needs no entry under
 * {@code endpoints:}; and the cloud services that are reached through one, which have presets.
 */
public final class CamelUriConnector implements Connector<CamelEndpointSettings, CamelFrom, CamelTo> {

    @Override
    public String name() {
        return "camel";
    }

    @Override
    public Class<CamelEndpointSettings> endpointSettings() {
        return CamelEndpointSettings.class;
    }

    @Override
    public Class<CamelFrom> fromSettings() {
        return CamelFrom.class;
    }

    @Override
    public Class<CamelTo> toSettings() {
        return CamelTo.class;
    }

    @Override
    public ValueNames valueNames() {
        return MessageValues.ofEndpoint();
    }

    @Override
    public void checkFrom(CamelEndpointSettings endpoint, CamelFrom from, List<CamelFrom> before) {
        if (endpoint.preset() == null) {
            CamelUris.check(from.uri());
        } else {
            endpoint.preset().service().checkFrom(from);
        }
    }

    @Override
    public void checkTo(CamelEndpointSettings endpoint, CamelTo to) {
        if (endpoint.preset() == null) {
            CamelUris.checkTo(to);
        } else {
            endpoint.preset().service().checkTo(to);
        }
    }

    @Override
    public ConnectedEndpoint<CamelFrom, CamelTo> open(EndpointContext context, CamelEndpointSettings settings) {
        return new ConnectedCamel(this, context, settings);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.settings.InvalidSettingException;
import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.ValueNames;
import java.util.List;

/** CoAP servers as targets, and a CoAP server whose callers are devices or routes, over Californium. */
public final class CoapConnector implements Connector<CoapEndpointSettings, CoapFrom, CoapTo> {

    @Override
    public String name() {
        return "coap";
    }

    @Override
    public Class<CoapEndpointSettings> endpointSettings() {
        return CoapEndpointSettings.class;
    }

    @Override
    public Class<CoapFrom> fromSettings() {
        return CoapFrom.class;
    }

    @Override
    public Class<CoapTo> toSettings() {
        return CoapTo.class;
    }

    @Override
    public ValueNames valueNames() {
        return MessageValues.ofRequests();
    }

    @Override
    public void checkFrom(CoapEndpointSettings endpoint, CoapFrom from, List<CoapFrom> before) {
        if (endpoint.listen() == null) {
            throw new InvalidSettingException(
                    "must be of an endpoint with listen: this one has a url, and can only be sent" + " to");
        }
        PathRoutes routes = new PathRoutes();
        before.forEach(routes::add);
        routes.add(from);
    }

    @Override
    public void checkTo(CoapEndpointSettings endpoint, CoapTo to) {
        if (endpoint.url() == null) {
            throw new InvalidSettingException("must be of an endpoint with a url: this one listens, and only answers");
        }
    }

    @Override
    public ConnectedEndpoint<CoapFrom, CoapTo> open(EndpointContext context, CoapEndpointSettings settings) {
        CoapListen listen = settings.listen();
        return listen == null ? new TargetCoap(context, settings) : new ListeningCoap(context, settings, listen);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.ValueNames;

/** AMQP 1.0, both ways, by Qpid JMS. */
public final class AmqpConnector implements Connector<AmqpEndpointSettings, AmqpFrom, AmqpTo> {

    @Override
    public String name() {
        return "amqp";
    }

    @Override
    public Class<AmqpEndpointSettings> endpointSettings() {
        return AmqpEndpointSettings.class;
    }

    @Override
    public Class<AmqpFrom> fromSettings() {
        return AmqpFrom.class;
    }

    @Override
    public Class<AmqpTo> toSettings() {
        return AmqpTo.class;
    }

    @Override
    public ValueNames valueNames() {
        return MessageValues.ofEndpoint();
    }

    @Override
    public ConnectedEndpoint<AmqpFrom, AmqpTo> open(EndpointContext context, AmqpEndpointSettings settings) {
        return new ConnectedAmqp(context, settings);
    }
}

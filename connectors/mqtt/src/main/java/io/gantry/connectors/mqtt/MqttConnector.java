// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.ValueNames;

/** Other MQTT brokers, both ways. */
public final class MqttConnector implements Connector<MqttEndpointSettings, MqttFrom, MqttTo> {

    @Override
    public String name() {
        return "mqtt";
    }

    @Override
    public Class<MqttEndpointSettings> endpointSettings() {
        return MqttEndpointSettings.class;
    }

    @Override
    public Class<MqttFrom> fromSettings() {
        return MqttFrom.class;
    }

    @Override
    public Class<MqttTo> toSettings() {
        return MqttTo.class;
    }

    @Override
    public ValueNames valueNames() {
        return MessageValues.ofEndpoint();
    }

    @Override
    public ConnectedEndpoint<MqttFrom, MqttTo> open(EndpointContext context, MqttEndpointSettings settings) {
        Broker broker = Broker.of(context.name(), context.gateway(), settings);
        return new ConnectedMqtt(broker, context.camel(), context.watcher());
    }
}

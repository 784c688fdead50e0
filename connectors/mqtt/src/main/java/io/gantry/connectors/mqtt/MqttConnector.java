// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.ValueNames;
import java.util.List;

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
    public void check(MqttEndpointSettings endpoint) {
        endpoint.checkPreset();
    }

    @Override
    public void checkFrom(MqttEndpointSettings endpoint, MqttFrom from, List<MqttFrom> before) {
        endpoint.kind().checkFrom(endpoint, from);
    }

    @Override
    public void checkTo(MqttEndpointSettings endpoint, MqttTo to) {
        endpoint.kind().checkTo(endpoint, to);
    }

    @Override
    public ConnectedEndpoint<MqttFrom, MqttTo> open(EndpointContext context, MqttEndpointSettings settings) {
        check(settings);
        Broker broker = Broker.of(context.name(), context.gateway(), settings);
        return new ConnectedMqtt(settings, broker, context.camel(), context.watcher());
    }
}

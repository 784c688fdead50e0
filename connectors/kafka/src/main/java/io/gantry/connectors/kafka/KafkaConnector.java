// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import io.gantry.connectors.spi.ConnectedEndpoint;
import io.gantry.connectors.spi.Connector;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.connectors.spi.ValueNames;

/** Kafka, both ways, through camel-kafka. */
public final class KafkaConnector implements Connector<KafkaEndpointSettings, KafkaFrom, KafkaTo> {

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public Class<KafkaEndpointSettings> endpointSettings() {
        return KafkaEndpointSettings.class;
    }

    @Override
    public Class<KafkaFrom> fromSettings() {
        return KafkaFrom.class;
    }

    @Override
    public Class<KafkaTo> toSettings() {
        return KafkaTo.class;
    }

    @Override
    public ValueNames valueNames() {
        return MessageValues.ofEndpoint();
    }

    @Override
    public ConnectedEndpoint<KafkaFrom, KafkaTo> open(EndpointContext context, KafkaEndpointSettings settings) {
        return new ConnectedKafka(context, settings);
    }
}

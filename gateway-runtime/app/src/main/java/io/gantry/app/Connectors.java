// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import io.gantry.connectors.amqp.AmqpConnector;
import io.gantry.connectors.coap.CoapConnector;
import io.gantry.connectors.http.HttpConnector;
import io.gantry.connectors.kafka.KafkaConnector;
import io.gantry.connectors.mqtt.MqttConnector;
import io.gantry.connectors.spi.Connector;
import io.gantry.routes.CamelUriConnector;
import java.util.List;

/** The connectors of this version: the one list of them. */
public final class Connectors {
    private Connectors() {}

    /** In the order in which they are documented; the one called {@code camel} last. */
    public static List<Connector<?, ?, ?>> all() {
        return List.of(
                new KafkaConnector(),
                new HttpConnector(),
                new AmqpConnector(),
                new CoapConnector(),
                new MqttConnector(),
                new CamelUriConnector());
    }
}

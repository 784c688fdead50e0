// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.connectors.mqtt.SubscribeEndpoint.Offered;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.Entrance;
import java.util.List;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Makes each PUBLISH of a broker a message of the gateway, as it came. */
final class MqttSource implements CamelSource {
    private static final Delivery BAD_TOPIC = new Delivery.Rejected(
            ReasonCode.TOPIC_NAME_INVALID, "a Topic Name or Response Topic of the remote broker is not allowed here");

    /** What Paho makes of bytes that are no UTF-8. */
    private static final char GARBLED = 0xFFFD;

    private final String endpointName;
    private final Endpoint endpoint;
    private final BrokerKind kind;
    private final @Nullable DirectMethods methods;
    private final MessageId.Sequence ids;

    /**
     * A route's way from one broker.
     *
     * @param methods answers what comes; null where it is answered by a Response Topic or not at all
     */
    MqttSource(
            String endpointName,
            Endpoint endpoint,
            BrokerKind kind,
            @Nullable DirectMethods methods,
            MessageId.Sequence ids) {
        this.endpointName = endpointName;
        this.endpoint = endpoint;
        this.kind = kind;
        this.methods = methods;
        this.ids = ids;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean receive(Exchange exchange, AsyncCallback callback, Entrance next) {
        Offered offered = (Offered) exchange.getMessage().getBody();
        Arrival arrival = offered.arrival();
        Incoming incoming = arrival.message();
        Optional<TopicName> topic = TopicName.parse(incoming.topic());
        String responseTopic = incoming.responseTopic();
        Optional<TopicName> response = TopicName.parse(responseTopic == null ? "" : responseTopic);
        boolean isGarbled = incoming.topic().indexOf(GARBLED) >= 0;
        if (topic.isEmpty() || isGarbled || (responseTopic != null && response.isEmpty())) {
            next.refused();
            offered.answer().accept(BAD_TOPIC);
        } else {
            Message message = new Message(
                    ids.next(),
                    topic.get(),
                    incoming.payload(),
                    incoming.qos(),
                    incoming.retain(),
                    withResponseTopic(incoming.properties(), response.orElse(null)),
                    new Origin.Endpoint(endpointName, null, List.of()),
                    arrival.receivedMillis());
            next.offer(kind.arrived(message), delivery -> answer(delivery, message, offered));
        }
        callback.done(true);
        return true;
    }

    /** A method is taken once it was answered, whatever the answer. */
    private void answer(Delivery delivery, Message message, Offered offered) {
        if (methods == null) {
            offered.answer().accept(delivery);
        } else {
            methods.answer(message.topic().value(), delivery);
            offered.answer().accept(Delivery.accepted());
        }
    }

    private static MessageProperties withResponseTopic(MessageProperties others, @Nullable TopicName responseTopic) {
        return responseTopic == null
                ? others
                : new MessageProperties(
                        others.payloadFormat(),
                        others.expirySeconds(),
                        others.contentType(),
                        responseTopic,
                        others.correlationData(),
                        others.userProperties());
    }

    /** The broker may be this gateway, or another one that is a client of it. */
    @Override
    public boolean mayComeBack() {
        return true;
    }
}

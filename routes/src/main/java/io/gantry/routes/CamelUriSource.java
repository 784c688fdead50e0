// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.connectors.spi.CamelSource;
import java.util.List;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.TypeConversionException;

/** Takes the body of each exchange from any Camel endpoint, and completes the exchange once the message has its outcome. */
final class CamelUriSource implements CamelSource {
    private final String endpointName;
    private final TopicName topic;
    private final Endpoint endpoint;
    private final MessageId.Sequence ids;

    CamelUriSource(String endpointName, String route, Endpoint endpoint, MessageId.Sequence ids) {
        this.endpointName = endpointName;
        this.topic = TopicName.parse(route).orElseGet(() -> new TopicName(endpointName));
        this.endpoint = endpoint;
        this.ids = ids;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean receive(Exchange exchange, AsyncCallback callback, Sink next) {
        Payload payload;
        try {
            payload = payloadOf(exchange);
        } catch (InvalidPayloadException | TypeConversionException notBytes) {
            exchange.setException(notBytes);
            callback.done(true);
            return true;
        }
        next.offer(message(payload), delivery -> {
            if (!(delivery instanceof Delivery.Accepted)) {
                exchange.setException(new NotDeliveredException(delivery));
            }
            // Who asked for an answer is not sent back what they sent.
            exchange.getMessage().setBody(null);
            callback.done(false);
        });
        return false;
    }

    private static Payload payloadOf(Exchange exchange) throws InvalidPayloadException {
        return exchange.getMessage().getBody() == null
                ? Payload.EMPTY
                : Payload.owning(
                        exchange.getMessage().getMandatoryBody(byte[].class).clone());
    }

    private Message message(Payload payload) {
        return new Message(
                ids.next(),
                topic,
                payload,
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                new Origin.Endpoint(endpointName, null, List.of()),
                System.currentTimeMillis());
    }
}

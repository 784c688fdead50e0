// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.api.security.Guest;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.Entrance;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.eclipse.californium.core.coap.OptionSet;

/**
 * Makes each request a message, and leaves what became of it on the exchange for the consumer to answer with. Nothing of
 * the request becomes a header of the exchange.
 */
final class CoapSource implements CamelSource {
    private final String endpointName;
    private final Endpoint endpoint;
    private final CoapFrom settings;
    private final MessageId.Sequence ids;

    CoapSource(String endpointName, Endpoint endpoint, CoapFrom settings, MessageId.Sequence ids) {
        this.endpointName = endpointName;
        this.endpoint = endpoint;
        this.settings = settings;
        this.ids = ids;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean receive(Exchange exchange, AsyncCallback callback, Entrance next) {
        ListeningEndpoint.Received received =
                (ListeningEndpoint.Received) exchange.getMessage().getBody();
        Message message;
        try {
            message = message(received);
        } catch (RejectedMessageException refused) {
            next.refused();
            exchange.getMessage().setBody(refused.asDelivery());
            callback.done(true);
            return true;
        }
        if (!received.request().guest().mayPublish(message)) {
            next.refused();
            exchange.getMessage().setBody(Guest.NOT_ALLOWED);
            callback.done(true);
            return true;
        }
        next.offer(message, delivery -> {
            exchange.getMessage().setBody(delivery);
            callback.done(false);
        });
        return false;
    }

    private Message message(ListeningEndpoint.Received received) throws RejectedMessageException {
        IncomingRequest request = received.request();
        OptionSet options = request.options();
        List<UserProperty> values = new ArrayList<>(received.path());
        values.addAll(request.query());
        values.addAll(MessageOptions.read(options));
        MessageHeaders.Carried carried =
                MessageHeaders.read(settings.properties(), settings.userProperties(), MessageOptions.lookup(values));
        return new Message(
                ids.next(),
                carried.topic() == null ? topicOf(options.getUriPath()) : carried.topic(),
                request.payload(),
                carried.qos() == null ? request.qos() : carried.qos(),
                carried.retain(),
                properties(carried.properties(), options),
                new Origin.Endpoint(endpointName, null, values),
                System.currentTimeMillis());
    }

    private static MessageProperties properties(MessageProperties carried, OptionSet options) {
        MessageProperties typed = AnswerProperties.withContentType(carried, AnswerProperties.contentType(options));
        return typed.expirySeconds() == null && options.hasMaxAge()
                ? typed.withExpirySeconds(options.getMaxAge())
                : typed;
    }

    private static TopicName topicOf(List<String> path) throws RejectedMessageException {
        return TopicName.parse(String.join("/", path))
                .orElseThrow(() -> new RejectedMessageException(
                        ReasonCode.TOPIC_NAME_INVALID, "the path has characters that no Topic Name may have"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.CamelSource;
import io.gantry.connectors.spi.Entrance;
import io.gantry.connectors.spi.MessageHeaders.Carried;
import io.gantry.connectors.spi.RejectedMessageException;
import jakarta.jms.JMSException;
import java.util.List;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;

/** Makes each AMQP message a message and hands it on; {@link Reading} settles it once the route has answered. */
final class AmqpSource implements CamelSource {
    private static final Delivery UNREADABLE =
            new Delivery.Rejected(ReasonCode.PAYLOAD_FORMAT_INVALID, "the AMQP message cannot be read");
    private static final String GROUP = "JMSXGroupID";

    private final String endpointName;
    private final Endpoint endpoint;
    private final AmqpFrom settings;
    private final long mostBytes;
    private final MessageId.Sequence ids;
    private final TopicName address;

    AmqpSource(String endpointName, Endpoint endpoint, AmqpFrom settings, long mostBytes, MessageId.Sequence ids) {
        this.endpointName = endpointName;
        this.endpoint = endpoint;
        this.settings = settings;
        this.mostBytes = mostBytes;
        this.ids = ids;
        // An address of Artemis may be a pattern; a Topic Name is none.
        this.address = new TopicName(settings.address().replaceAll("[+#]", "_"));
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean receive(Exchange exchange, AsyncCallback callback, Entrance next) {
        Received received = (Received) exchange.getMessage().getBody();
        try {
            next.offer(message(received.message()), received);
        } catch (RejectedMessageException refused) {
            next.refused();
            received.complete(refused.asDelivery());
        } catch (JMSException | RuntimeException unreadable) {
            next.refused();
            received.complete(UNREADABLE);
        }
        callback.done(true);
        return true;
    }

    private Message message(jakarta.jms.Message from) throws JMSException, RejectedMessageException {
        long now = System.currentTimeMillis();
        Payload payload = Decoding.payload(from, mostBytes);
        Map<String, String> headers = Decoding.applicationProperties(from);
        Carried carried = Decoding.carried(from, settings.properties(), settings.userProperties(), headers, now);
        List<UserProperty> texts = headers.entrySet().stream()
                .map(header -> new UserProperty(header.getKey(), header.getValue()))
                .toList();
        return new Message(
                ids.next(),
                carried.topic() == null ? address : carried.topic(),
                payload,
                carried.qos() == null ? Qos.AT_LEAST_ONCE : carried.qos(),
                carried.retain(),
                carried.properties(),
                new Origin.Endpoint(endpointName, from.getStringProperty(GROUP), texts),
                now);
    }
}

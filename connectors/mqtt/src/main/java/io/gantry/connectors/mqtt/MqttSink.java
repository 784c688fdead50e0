// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.ChangesOnly;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Values;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes each message a PUBLISH for a broker, and a {@link Delivery} of what the broker answers. */
final class MqttSink implements CamelSink {
    private static final Logger LOG = LoggerFactory.getLogger(MqttSink.class);
    private static final Delivery BROKEN = new Delivery.Unavailable(
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the message could not be given to the remote broker's client");

    private final String route;
    private final Endpoint endpoint;
    private final MqttTo settings;
    private final TopicChoice topic;
    private final MqttVersion version;
    private final ChangesOnly reported = new ChangesOnly();

    MqttSink(String route, Endpoint endpoint, MqttTo settings, MqttVersion version) {
        this.route = route;
        this.endpoint = endpoint;
        this.settings = settings;
        this.topic = new TopicChoice(settings.topic());
        this.version = version;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public void prepare(Message message, Values values, Exchange exchange) throws RejectedMessageException {
        requireFits(message);
        Long expiry = message.properties().expirySeconds();
        exchange.getMessage()
                .setBody(new OutgoingMessage(
                        topic.of(values),
                        settings.qos().of(message),
                        settings.retain().of(message),
                        message.properties(),
                        message.payload(),
                        expiry == null ? Long.MAX_VALUE : message.receivedMillis() + expiry * 1_000));
    }

    /** What came from another protocol may hold what no MQTT packet can, and would end the connection of everybody. */
    private void requireFits(Message message) throws RejectedMessageException {
        if (version == MqttVersion.V311) {
            return;
        }
        boolean fits = isText(message.properties().contentType());
        for (UserProperty property : message.properties().userProperties()) {
            fits &= isText(property.name()) && isText(property.value());
        }
        Payload correlation = message.properties().correlationData();
        fits &= correlation == null || correlation.size() <= Texts.LONGEST;
        if (!fits) {
            throw new RejectedMessageException(
                    ReasonCode.MALFORMED_PACKET, "a property of the message does not fit into an MQTT packet");
        }
    }

    private static boolean isText(@Nullable String text) {
        return text == null || Texts.isWellFormed(text);
    }

    @Override
    public Delivery outcomeOf(Throwable failure) {
        Delivery outcome = failure instanceof NotPublishedException answer ? answer.outcome() : BROKEN;
        if (reported.isNews(outcome.toString())) {
            LOG.atWarn()
                    .addKeyValue("route", route)
                    .addKeyValue("outcome", outcome)
                    .log("a remote broker did not take a message; further failures of this kind are not logged for a"
                            + " while");
        }
        return outcome;
    }

    @Override
    public boolean mayComeBack() {
        return version == MqttVersion.V5;
    }
}

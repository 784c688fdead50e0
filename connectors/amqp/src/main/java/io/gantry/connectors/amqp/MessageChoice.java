// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import io.gantry.connectors.spi.Template;
import io.gantry.connectors.spi.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a route makes of each message for AMQP. */
final class MessageChoice {
    private static final int LONGEST_VALUE = 65_535;
    private static final int LONGEST_GROUP = 255;

    private final String sink;
    private final AmqpTo settings;
    private final long mostBytes;
    private final AddressChoice address;

    MessageChoice(String sink, AmqpTo settings, long mostBytes) {
        this.sink = sink;
        this.settings = settings;
        this.mostBytes = mostBytes;
        this.address = new AddressChoice(settings.address());
    }

    boolean isAddressFixed() {
        return address.isFixed();
    }

    PreparedMessage of(Message message, Values values, long nowMillis) throws RejectedMessageException {
        if (message.payload().size() > mostBytes) {
            throw new RejectedMessageException(
                    ReasonCode.PACKET_TOO_LARGE, "the message is larger than max-message-size of the endpoint");
        }
        MessageProperties properties = message.properties();
        return new PreparedMessage(
                sink,
                address.of(values),
                settings.kind(),
                message.id().toString(),
                ContentTypes.body(message.payload(), properties.contentType(), properties.payloadFormat()),
                isDurable(message),
                settings.priority(),
                expiresMillis(message, nowMillis),
                group(values),
                correlation(properties),
                applicationProperties(message, values, nowMillis));
    }

    private boolean isDurable(Message message) {
        return switch (settings.durable()) {
            case TRUE -> true;
            case FALSE -> false;
            case BY_QOS -> message.qos() != Qos.AT_MOST_ONCE;
        };
    }

    /** Nobody waits for the answer to an old request. */
    private long expiresMillis(Message message, long nowMillis) {
        Long seconds = message.properties().expirySeconds();
        long expires = seconds == null ? Long.MAX_VALUE : message.receivedMillis() + seconds * 1_000;
        if (settings.reply()) {
            return Math.min(expires, nowMillis + settings.replyTimeout().toMillis());
        }
        return seconds == null ? 0 : expires;
    }

    /** A request's correlation id is the gateway's own: the device's data may be another's too. */
    private @Nullable Payload correlation(MessageProperties properties) {
        return settings.reply() ? null : properties.correlationData();
    }

    private @Nullable String group(Values values) throws RejectedMessageException {
        Template template = settings.group();
        String group = template == null ? null : template.render(values);
        if (group != null && group.length() > LONGEST_GROUP) {
            throw new RejectedMessageException(
                    ReasonCode.TOPIC_NAME_INVALID, "the route cannot make a message group out of this message");
        }
        return group == null || group.isEmpty() ? null : group;
    }

    private List<UserProperty> applicationProperties(Message message, Values values, long nowMillis)
            throws RejectedMessageException {
        List<UserProperty> all = new ArrayList<>(settings.headers().size() + 2);
        for (Map.Entry<String, Template> header : settings.headers().entrySet()) {
            String value = header.getValue().render(values);
            if (value != null && value.length() > LONGEST_VALUE) {
                throw new RejectedMessageException(
                        ReasonCode.TOPIC_NAME_INVALID,
                        "the route cannot make an application property out of this message");
            }
            if (value != null) {
                all.add(new UserProperty(header.getKey(), value));
            }
        }
        MessageHeaders.write(
                message,
                settings.properties(),
                nowMillis,
                (name, value) -> all.add(new UserProperty(PropertyNames.jmsName(name), value)));
        return all;
    }
}

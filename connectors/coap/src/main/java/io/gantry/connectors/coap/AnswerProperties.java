// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import io.gantry.api.Answer;
import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.RejectedMessageException;
import java.util.Map;
import java.util.Set;
import org.eclipse.californium.core.coap.OptionSet;
import org.jspecify.annotations.Nullable;

/** What an answer's options say about it, and back. */
final class AnswerProperties {
    /** An answer has no topic, and nothing is to be answered to it. */
    private static final Set<String> OF_ANSWERS =
            Set.of(MessageHeaders.CONTENT_TYPE, MessageHeaders.PAYLOAD_FORMAT, MessageHeaders.USER_PROPERTIES);

    private AnswerProperties() {}

    /** What the options say; an option that makes no sense is left out, since the answer has come all the same. */
    static MessageProperties read(OptionSet options, boolean all) {
        MessageProperties read = MessageProperties.NONE;
        if (all) {
            MessageHeaders.Lookup values = MessageOptions.lookup(MessageOptions.read(options));
            try {
                read = MessageHeaders.read(
                                true, Map.of(), name -> OF_ANSWERS.contains(name) ? values.header(name) : null)
                        .properties();
            } catch (RejectedMessageException notProperties) {
                read = MessageProperties.NONE;
            }
        }
        return withContentType(read, contentType(options));
    }

    /** Writes what an answer says about itself; what is too large for options stays behind. */
    static void write(Answer answer, boolean all, OptionSet options) {
        MessageProperties properties = answer.properties();
        Integer number = properties.contentType() == null ? null : ContentFormats.numberOf(properties.contentType());
        if (number != null) {
            options.setContentFormat(number);
        }
        if (all) {
            try {
                MessageOptions.write(carrier(answer), true, OF_ANSWERS::contains, options);
            } catch (RejectedMessageException tooLarge) {
                // The payload is what was asked for.
                return;
            }
        }
    }

    /** The content type that the options name by its number. */
    static @Nullable String contentType(OptionSet options) {
        return options.hasContentFormat() ? ContentFormats.typeOf(options.getContentFormat()) : null;
    }

    /** A content type of MQTT's own says more than a number does. */
    static MessageProperties withContentType(MessageProperties properties, @Nullable String type) {
        return properties.contentType() != null || type == null
                ? properties
                : new MessageProperties(
                        properties.payloadFormat(),
                        properties.expirySeconds(),
                        type,
                        properties.responseTopic(),
                        properties.correlationData(),
                        properties.userProperties());
    }

    private static Message carrier(Answer answer) {
        return new Message(
                new MessageId(0, 0),
                new TopicName("answer"),
                answer.payload(),
                Qos.AT_MOST_ONCE,
                false,
                answer.properties(),
                new Origin.Device(new ClientId("answer"), null),
                0);
    }
}

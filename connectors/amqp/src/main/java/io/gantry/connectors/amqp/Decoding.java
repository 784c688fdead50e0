// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Answer;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.MessageHeaders;
import io.gantry.connectors.spi.MessageHeaders.Carried;
import io.gantry.connectors.spi.RejectedMessageException;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.ObjectMessage;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.proton.amqp.Symbol;
import org.jspecify.annotations.Nullable;

/** Reads messages as Qpid JMS has them. Texts and bytes only: nothing is ever deserialised. */
final class Decoding {
    private static final int MOST_PROPERTIES = 256;
    private static final int LONGEST_NAME = 255;

    /** Names that JMS and its providers keep for themselves. */
    private static final String OF_JMS = "JMS";

    private Decoding() {}

    static Payload payload(Message message, long mostBytes) throws JMSException, RejectedMessageException {
        byte[] bytes;
        if (message instanceof TextMessage text) {
            String content = text.getText();
            bytes = content == null ? new byte[0] : content.getBytes(StandardCharsets.UTF_8);
        } else if (message instanceof BytesMessage binary) {
            requireSize(binary.getBodyLength(), mostBytes);
            bytes = new byte[(int) binary.getBodyLength()];
            binary.readBytes(bytes);
        } else if (message instanceof ObjectMessage
                || message instanceof MapMessage
                || message instanceof StreamMessage) {
            throw new RejectedMessageException(
                    ReasonCode.PAYLOAD_FORMAT_INVALID, "the AMQP message is neither a text nor bytes");
        } else {
            bytes = new byte[0];
        }
        requireSize(bytes.length, mostBytes);
        return Payload.owning(bytes);
    }

    private static void requireSize(long bytes, long mostBytes) throws RejectedMessageException {
        if (bytes > mostBytes) {
            throw new RejectedMessageException(
                    ReasonCode.PACKET_TOO_LARGE, "the AMQP message is larger than max-message-size of the endpoint");
        }
    }

    /** The application properties as text, in the order they came; neither those of JMS nor any number of them. */
    static Map<String, String> applicationProperties(Message message) throws JMSException {
        Map<String, String> texts = new LinkedHashMap<>();
        List<String> names = Collections.list(nameEnumeration(message));
        for (String name : names) {
            boolean ordinary = !name.isEmpty() && name.length() <= LONGEST_NAME && !name.startsWith(OF_JMS);
            if (ordinary && texts.size() < MOST_PROPERTIES) {
                Object value = message.getObjectProperty(name);
                if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                    texts.put(name, value.toString());
                }
            }
        }
        return texts;
    }

    @SuppressWarnings("unchecked") // as the documentation of JMS says
    private static Enumeration<String> nameEnumeration(Message message) throws JMSException {
        return message.getPropertyNames();
    }

    /**
     * What the message says of itself.
     *
     * @param all whether the application properties that {@link MessageHeaders} names are believed
     */
    static Carried carried(
            Message message,
            boolean all,
            Map<String, String> userProperties,
            Map<String, String> applicationProperties,
            long nowMillis)
            throws JMSException, RejectedMessageException {
        Carried written = MessageHeaders.read(
                all, userProperties, name -> applicationProperties.get(nameIn(applicationProperties, name)));
        boolean saysAll = all && written.topic() != null;
        return saysAll
                ? written
                : new Carried(
                        written.topic(),
                        written.qos(),
                        written.retain(),
                        withOwnFields(message, written.properties(), nowMillis));
    }

    /** Ours is written with _ for JMS, and with a minus by those who know of no such rule. */
    private static String nameIn(Map<String, String> applicationProperties, String name) {
        String jmsName = PropertyNames.jmsName(name);
        return applicationProperties.containsKey(jmsName) ? jmsName : name;
    }

    /** What AMQP has a field for is said by that, where nothing else says it. */
    private static MessageProperties withOwnFields(Message message, MessageProperties said, long nowMillis)
            throws JMSException {
        return new MessageProperties(
                said.payloadFormat() == null && message instanceof TextMessage
                        ? PayloadFormat.TEXT
                        : said.payloadFormat(),
                said.expirySeconds() == null ? expirySeconds(message, nowMillis) : said.expirySeconds(),
                said.contentType() == null ? contentType(message) : said.contentType(),
                said.responseTopic(),
                said.correlationData() == null ? correlation(message) : said.correlationData(),
                said.userProperties());
    }

    private static @Nullable Long expirySeconds(Message message, long nowMillis) throws JMSException {
        long expires = message.getJMSExpiration();
        return expires == 0 ? null : (Long) Math.max(1, (expires - nowMillis + 999) / 1_000);
    }

    private static @Nullable String contentType(Message message) {
        Symbol type = Encoding.facade(message).getContentType();
        return type == null || type.toString().equals(ContentTypes.BYTES) ? null : type.toString();
    }

    private static @Nullable Payload correlation(Message message) throws JMSException {
        String text = message.getJMSCorrelationID();
        if (text == null) {
            return null;
        }
        if (text.startsWith(Encoding.ID + "AMQP_BINARY:")) {
            return Payload.owning(message.getJMSCorrelationIDAsBytes());
        }
        return Payload.ofText(text);
    }

    /**
     * What came back for a request.
     *
     * @param all whether its application properties are believed, so far as they say what the answer is
     */
    static Answer answer(Message message, boolean all, long mostBytes) throws JMSException, RejectedMessageException {
        MessageProperties said = all
                ? carried(message, true, Map.of(), applicationProperties(message), System.currentTimeMillis())
                        .properties()
                : MessageProperties.NONE;
        MessageProperties typed = withOwnFields(message, said, System.currentTimeMillis());
        return new Answer(
                payload(message, mostBytes),
                new MessageProperties(
                        typed.payloadFormat(), null, typed.contentType(), null, null, typed.userProperties()));
    }
}

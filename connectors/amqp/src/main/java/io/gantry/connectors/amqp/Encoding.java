// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.api.Payload;
import io.gantry.api.UserProperty;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import org.apache.qpid.jms.message.JmsMessage;
import org.apache.qpid.jms.provider.amqp.message.AmqpJmsMessageFacade;
import org.apache.qpid.proton.amqp.Symbol;

/** Writes messages as Qpid JMS has them. */
final class Encoding {
    /** What JMS and Qpid put before an id that is one. */
    static final String ID = "ID:";

    private static final String GROUP = "JMSXGroupID";

    /** By which Artemis tells a repetition; Azure Service Bus takes the message id. */
    private static final String DUPLICATE = "_AMQ_DUPL_ID";

    private Encoding() {}

    static Message write(Session session, PreparedMessage prepared) throws JMSException {
        Message message = body(session, prepared.body());
        Payload correlation = prepared.correlation();
        if (correlation != null) {
            correlate(message, correlation);
        }
        if (prepared.group() != null) {
            message.setStringProperty(GROUP, prepared.group());
        }
        // Two routes may send the same message to one address on purpose.
        message.setStringProperty(DUPLICATE, prepared.id() + "/" + prepared.sink());
        for (UserProperty property : prepared.properties()) {
            message.setStringProperty(property.name(), property.value());
        }
        return message;
    }

    static Message body(Session session, PreparedMessage.Body body) throws JMSException {
        Message message;
        if (body.isText()) {
            message = session.createTextMessage(new String(body.payload().sharedBytes(), UTF_8));
        } else {
            BytesMessage bytes = session.createBytesMessage();
            bytes.writeBytes(body.payload().sharedBytes());
            message = bytes;
        }
        if (body.contentType() != null) {
            facade(message).setContentType(Symbol.valueOf(body.contentType()));
        }
        return message;
    }

    /** As text where it is one, for those who look at it; Qpid reads meanings into texts that begin with {@code ID:}. */
    private static void correlate(Message message, Payload data) throws JMSException {
        byte[] bytes = data.sharedBytes();
        String text = new String(bytes, UTF_8);
        boolean plain = !text.isEmpty() && !text.startsWith(ID) && text.chars().allMatch(c -> c >= ' ' && c < 0x7F);
        if (plain) {
            message.setJMSCorrelationID(text);
        } else {
            message.setJMSCorrelationIDAsBytes(bytes);
        }
    }

    static AmqpJmsMessageFacade facade(Message message) {
        return (AmqpJmsMessageFacade) ((JmsMessage) message).getFacade();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Answer;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.MessageHeaders;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells who has asked what came of it, at the reply-to address of the request. A broker stands between, so that nothing
 * else reaches them: that there is no answer is a message too, with a status as the draft of AMQP Management has it.
 */
final class Requesters {
    /** Application property: a number as HTTP has them; only of what is no answer. */
    static final String STATUS = "statusCode";
    /** Application property: the same in words. */
    static final String DESCRIPTION = "statusDescription";

    static final int NEVER = 400;
    static final int NOT_IN_TIME = 504;
    static final int GOES_ROUND = 508;

    private final Session session;
    private final MessageProducer producer;
    private final boolean properties;

    /**
     * On a session that nobody else uses.
     *
     * @param properties whether what MQTT says about an answer goes along in application properties
     */
    Requesters(Session session, boolean properties) throws JMSException {
        this.session = session;
        this.producer = session.createProducer(null);
        this.properties = properties;
    }

    /** Whether anybody wants to know. */
    static boolean asks(Message request) throws JMSException {
        return request.getJMSReplyTo() != null;
    }

    /** Sends a device's answer. */
    void answer(Message request, Answer answer, CompletionListener sent) throws JMSException {
        Message message = Encoding.body(
                session,
                ContentTypes.body(
                        answer.payload(),
                        answer.properties().contentType(),
                        answer.properties().payloadFormat()));
        if (properties) {
            List<UserProperty> said = new ArrayList<>();
            MessageHeaders.write(
                    answer, (name, value) -> said.add(new UserProperty(PropertyNames.jmsName(name), value)));
            for (UserProperty property : said) {
                message.setStringProperty(property.name(), property.value());
            }
        }
        send(request, message, sent);
    }

    /**
     * Says that there is no answer.
     *
     * @param why a fixed text
     */
    void refuse(Message request, int status, String why, CompletionListener sent) throws JMSException {
        Message message = session.createMessage();
        message.setIntProperty(STATUS, status);
        message.setStringProperty(DESCRIPTION, why);
        send(request, message, sent);
    }

    private void send(Message request, Message message, CompletionListener sent) throws JMSException {
        Destination to = request.getJMSReplyTo();
        String correlation = request.getJMSCorrelationID();
        message.setJMSCorrelationID(correlation == null ? request.getJMSMessageID() : correlation);
        producer.send(to, message, sent);
    }
}

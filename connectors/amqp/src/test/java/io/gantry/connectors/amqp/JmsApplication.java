// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import org.apache.qpid.jms.JmsConnectionFactory;

/** An application on the other side of the broker: plain JMS, and nothing of the connector's. */
final class JmsApplication implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 120_000;

    final Session session;
    private final Connection connection;

    JmsApplication(String url) throws JMSException {
        connection = new JmsConnectionFactory(url).createConnection();
        connection.start();
        session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    }

    /** Something that a message is made with. */
    @FunctionalInterface
    interface Make {
        Message make(Session session) throws JMSException;
    }

    void send(String queue, Make make) throws JMSException {
        try (MessageProducer producer = session.createProducer(session.createQueue(queue))) {
            producer.send(make.make(session));
        }
    }

    void publish(String topic, Make make) throws JMSException {
        try (MessageProducer producer = session.createProducer(session.createTopic(topic))) {
            producer.send(make.make(session));
        }
    }

    Message receive(String queue) throws JMSException {
        return receive(queue, 1).get(0);
    }

    List<Message> receive(String queue, int number) throws JMSException {
        List<Message> received = new ArrayList<>();
        try (MessageConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            while (received.size() < number) {
                Message message = consumer.receive(PATIENCE_MILLIS);
                if (message == null) {
                    throw new AssertionError("only " + received.size() + " of " + number + " messages in " + queue);
                }
                received.add(message);
            }
        }
        return received;
    }

    /** The content-type of AMQP, which JMS does not know. */
    static String contentType(Message message) {
        return String.valueOf(Encoding.facade(message).getContentType());
    }

    @Override
    public void close() throws JMSException {
        connection.close();
    }
}

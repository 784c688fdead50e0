// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.testbed.ArtemisServer;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import org.apache.qpid.jms.JmsConnectionFactory;

/** An Artemis, and a connection to it that does not outlive it: what is confirmed is in its journal. */
final class AmqpPeer implements Peer {
    private static final String MOST_WAITING =
            "?jms.connectTimeout=5000&jms.requestTimeout=30000&jms.sendTimeout=30000";
    private static final String LARGEST = "128KiB";
    private static final int LARGER = 150_000;

    private final ArtemisServer artemis = ArtemisServer.start();
    private Connection connection;
    private Session session;
    private MessageProducer producer;

    @Override
    public String endpoints() {
        return "erp: {amqp: {url: \"%s\", max-message-size: %s}}".formatted(artemis.url(), LARGEST);
    }

    @Override
    public String to() {
        return "{erp: {address: readings}}";
    }

    @Override
    public String from() {
        return "{erp: {address: commands, credit: 50, max-in-flight: 100}}";
    }

    @Override
    public String device() {
        return "{header.device}";
    }

    /** Looks into the queue and leaves it as it is. */
    @Override
    public List<Numbered> arrived() throws Exception {
        List<Numbered> arrived = new ArrayList<>();
        try (Connection looking = connect()) {
            Session own = looking.createSession(false, Session.AUTO_ACKNOWLEDGE);
            QueueBrowser queue = own.createBrowser(own.createQueue("readings"));
            Enumeration<?> messages = queue.getEnumeration();
            while (messages.hasMoreElements()) {
                byte[] payload = ((Message) messages.nextElement()).getBody(byte[].class);
                arrived.add(Numbered.parse(new String(payload, UTF_8)));
            }
        }
        return arrived;
    }

    private Connection connect() throws JMSException {
        Connection made = new JmsConnectionFactory(artemis.url() + MOST_WAITING).createConnection();
        try {
            made.start();
            return made;
        } catch (JMSException failure) {
            made.close();
            throw failure;
        }
    }

    @Override
    public String poison() {
        return "x".repeat(LARGER);
    }

    @Override
    public void send(Numbered message) throws Exception {
        send(message.device(), Integer.toString(message.number()));
    }

    @Override
    public void sendPoison() throws Exception {
        send("a/+/#", "0");
    }

    private void send(String device, String text) throws JMSException {
        try {
            if (connection == null) {
                connection = connect();
                session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                producer = session.createProducer(session.createQueue("commands"));
            }
            TextMessage message = session.createTextMessage(text);
            message.setStringProperty("device", device);
            producer.send(message);
        } catch (JMSException failure) {
            disconnect();
            throw failure;
        }
    }

    private void disconnect() throws JMSException {
        Connection lost = connection;
        connection = null;
        if (lost != null) {
            lost.close();
        }
    }

    @Override
    public void away() {
        artemis.stop();
    }

    @Override
    public void back() {
        artemis.restart();
    }

    @Override
    public void close() throws JMSException {
        disconnect();
        artemis.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import io.gantry.testbed.ArtemisServer;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import org.apache.qpid.jms.JmsConnectionFactory;

/** The far side of AMQP: a real Artemis, a JMS consumer that checks every message, and a producer of commands. */
final class AmqpSide implements FarSide {
    private static final String DEVICE = "device";

    private final Tally tally;
    private final ArtemisServer server;
    private final Connection connection;
    private final Session sending;
    private final MessageProducer commands;

    private AmqpSide(Tally tally, ArtemisServer server, Connection connection) throws JMSException {
        this.tally = tally;
        this.server = server;
        this.connection = connection;
        this.sending = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        this.commands = sending.createProducer(sending.createQueue(DemoPlan.COMMANDS));
    }

    static AmqpSide start(Tally tally) throws JMSException {
        ArtemisServer server = ArtemisServer.start();
        try {
            Connection connection = new JmsConnectionFactory(server.url()).createConnection();
            AmqpSide side = new AmqpSide(tally, server, connection);
            Session checking = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            checking.createConsumer(checking.createQueue(DemoPlan.TELEMETRY)).setMessageListener(side::check);
            connection.start();
            return side;
        } catch (JMSException | RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    private void check(Message message) {
        try {
            byte[] payload = message instanceof TextMessage text
                    ? text.getText().getBytes(StandardCharsets.UTF_8)
                    : message.getBody(byte[].class);
            tally.arrived(DemoPlan.deviceOf(message.getStringProperty(DEVICE)), NumberedPayload.numberIn(payload));
        } catch (JMSException failure) {
            tally.failed("a message could not be read: " + failure);
        }
    }

    @Override
    public String name() {
        return "amqp";
    }

    @Override
    public String endpoints() {
        return "erp: {amqp: {url: \"%s\"}}".formatted(server.url());
    }

    @Override
    public String routes() {
        return """
                amqp-telemetry:
                  from: {mqtt: "sensors/amqp/{device}/telemetry"}
                  to: {erp: {address: telemetry, headers: {device: "{device}"}}}

                amqp-commands:
                  from: {erp: {address: commands}}
                  to: {mqtt: {topic: "sensors/amqp/{header.device}/commands", qos: 1}}
                """;
    }

    @Override
    public void sendCommand(int device, int number) throws JMSException {
        BytesMessage command = sending.createBytesMessage();
        command.writeBytes(NumberedPayload.of(number));
        command.setStringProperty(DEVICE, DemoPlan.deviceName(device));
        commands.send(command);
        tally.commandSent();
    }

    @Override
    public void close() throws JMSException {
        connection.close();
        server.close();
    }
}

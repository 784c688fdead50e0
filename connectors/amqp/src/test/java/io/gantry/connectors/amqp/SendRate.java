// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.testbed.ArtemisServer;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.Connection;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.amqp.AMQPComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.messaginghub.pooled.jms.JmsPoolConnectionFactory;

/**
 * How many durable messages of 128 bytes reach Artemis in a second: by the client library alone, by camel-amqp with a
 * thread for each message under way, and by a route of the connector. Arguments: messages, messages under way, and
 * {@code camel} to have camel-amqp measured too, which takes minutes.
 */
final class SendRate {
    private static final byte[] PAYLOAD = new byte[128];

    private final int messages;
    private final int underWay;
    private final ArtemisServer artemis = ArtemisServer.start();

    private SendRate(int messages, int underWay) {
        this.messages = messages;
        this.underWay = underWay;
    }

    public static void main(String[] arguments) throws Exception {
        SendRate rate = new SendRate(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        for (int round = 1; round <= 3; round++) {
            rate.print(round, "qpid-jms", 1, rate.library());
            for (int connections : new int[] {1, 2, 4}) {
                rate.print(round, "connector", connections, rate.connector(connections));
            }
        }
        if (arguments.length > 2) {
            rate.print(1, "camel-amqp", 4, rate.camel(4));
        }
        rate.artemis.close();
    }

    private void print(int round, String what, int connections, double seconds) {
        System.out.printf(
                "round=%d by=%s connections=%d under_way=%d messages=%d per_second=%.0f%n",
                round, what, connections, underWay, messages, messages / seconds);
    }

    /** Offers a message as soon as there is room. */
    private interface Offer {
        void offer(Runnable whenAccepted) throws Exception;
    }

    private double seconds(Offer offer) throws Exception {
        Semaphore room = new Semaphore(underWay);
        CountDownLatch accepted = new CountDownLatch(messages);
        long start = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            room.acquire();
            offer.offer(() -> {
                room.release();
                accepted.countDown();
            });
        }
        if (!accepted.await(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException(accepted.getCount() + " messages have not been accepted");
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private double library() throws Exception {
        try (Connection connection = new JmsConnectionFactory(artemis.url()).createConnection()) {
            connection.start();
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            MessageProducer producer = session.createProducer(session.createQueue("library"));
            return seconds(whenAccepted -> {
                BytesMessage message = session.createBytesMessage();
                message.writeBytes(PAYLOAD);
                producer.send(message, new CompletionListener() {
                    @Override
                    public void onCompletion(Message sent) {
                        whenAccepted.run();
                    }

                    @Override
                    public void onException(Message sent, Exception failure) {
                        throw new IllegalStateException(failure);
                    }
                });
            });
        }
    }

    private double connector(int connections) throws Exception {
        try (Harness harness = new Harness(Settings.withConnections(artemis.url(), connections))) {
            Sink sink = harness.to("rate", Settings.to("connector" + connections));
            harness.routes.start();
            Harness.deliver(sink, Harness.message("a", "1"));
            return seconds(whenAccepted -> sink.offer(
                    Harness.message(
                            "in/a",
                            Payload.owning(PAYLOAD),
                            Qos.AT_LEAST_ONCE,
                            false,
                            MessageProperties.NONE,
                            "device-1"),
                    delivery -> {
                        if (!delivery.equals(Delivery.accepted())) {
                            throw new IllegalStateException(delivery.toString());
                        }
                        whenAccepted.run();
                    }));
        }
    }

    /** As camel-amqp is meant to be used: a pool of connections, and a thread that waits for each message. */
    private double camel(int connections) throws Exception {
        JmsPoolConnectionFactory pool = new JmsPoolConnectionFactory();
        pool.setConnectionFactory(new JmsConnectionFactory(artemis.url()));
        pool.setMaxConnections(connections);
        ExecutorService threads = Executors.newFixedThreadPool(underWay);
        try (CamelContext camel = new DefaultCamelContext()) {
            camel.addComponent("amqp", new AMQPComponent(pool));
            camel.start();
            AsyncProducer producer = camel.getEndpoint("amqp:queue:camel").createAsyncProducer();
            producer.start();
            return seconds(whenAccepted -> threads.execute(() -> {
                Exchange exchange = new DefaultExchange(camel);
                exchange.getMessage().setBody(PAYLOAD);
                producer.process(exchange, doneSync -> whenAccepted.run());
            }));
        } finally {
            threads.shutdown();
            pool.stop();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static org.awaitility.Awaitility.await;

import io.gantry.api.Answer;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.TopicPattern;
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.routes.Routes;
import io.gantry.testbed.NoDevices;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionFactory;

/** Routes with CoAP endpoints, as the gateway has them; the first one is called {@code coap}. */
final class Harness implements AutoCloseable {
    static final MessageId.Sequence IDS = new MessageId.Sequence(1, 1);
    static final TopicPattern PATTERN = TopicPattern.fromText("in/{site}");

    final Routes routes;
    final Queue<State> states = new ConcurrentLinkedQueue<>();

    Harness(Settings settings) {
        this(settings, new NoDevices());
    }

    Harness(Settings settings, DeviceSide devices) {
        this(settings, devices, "gateway1");
    }

    Harness(Settings settings, DeviceSide devices, String gateway) {
        routes = Routes.create(IDS, (endpoint, state, detail) -> states.add(state), devices, gateway);
        routes.open("coap", new CoapConnector(), settings.endpoint());
    }

    /** A port of the loopback address that is free now, and that nobody is given by chance. */
    static int freePort() {
        for (int attempt = 0; attempt < 200; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 30_000);
            try (DatagramSocket ignored =
                    new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                return port;
            } catch (SocketException taken) {
                continue;
            }
        }
        throw new IllegalStateException("no free port");
    }

    /** The payload of the answer with which a message was accepted. */
    static String textOf(Delivery delivery) {
        Answer answer = delivery instanceof Delivery.Accepted accepted ? accepted.answer() : null;
        return answer == null ? delivery.toString() : answer.payload().asText();
    }

    /** The only route; it is started. */
    Sink start(CoapTo settings) {
        Sink sink = routes.to("r", "coap", settings, PATTERN).sink();
        routes.start();
        return sink;
    }

    /** The only route; it is started. */
    void listen(CoapFrom settings, Sink next) {
        routes.from("r", "coap", settings, next);
        routes.start();
        routes.startSources();
    }

    void listen() {
        routes.start();
        routes.startSources();
    }

    static Message message(String site) {
        return message(site, MessageProperties.NONE, Payload.ofText("21.5"));
    }

    static Message message(String site, MessageProperties properties, Payload payload) {
        return message(site, properties, payload, Qos.AT_LEAST_ONCE);
    }

    static Message message(String site, MessageProperties properties, Payload payload, Qos qos) {
        return new Message(
                IDS.next(),
                new TopicName("in/" + site),
                payload,
                qos,
                false,
                properties,
                new Origin.Device(new ClientId("device-1"), null),
                System.currentTimeMillis());
    }

    /** Waits so long only when the test fails. */
    static ConditionFactory soon() {
        return await().atMost(Duration.ofMinutes(2));
    }

    /** Offers without waiting. */
    static CompletableFuture<Delivery> offer(Sink sink, Message message) {
        CompletableFuture<Delivery> answer = new CompletableFuture<>();
        sink.offer(message, answer::complete);
        return answer;
    }

    /** Offers and waits for the answer. */
    static Delivery deliver(Sink sink, Message message) {
        return answerOf(offer(sink, message));
    }

    static <T> T answerOf(CompletableFuture<T> answer) {
        try {
            return answer.get(180, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("no answer", failure);
        }
    }

    @Override
    public void close() {
        routes.close();
    }
}

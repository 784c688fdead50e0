// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static org.awaitility.Awaitility.await;

import io.gantry.api.Acknowledgement;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
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
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.awaitility.core.ConditionFactory;

/** Routes with one broker as the endpoint called {@code cloud}, as the gateway has them. */
final class Harness implements AutoCloseable {
    static final MessageId.Sequence IDS = new MessageId.Sequence(1, 1);
    static final TopicPattern PATTERN = TopicPattern.fromText("in/{site}/#");

    final Routes routes;
    final Queue<State> states = new ConcurrentLinkedQueue<>();
    final Queue<String> details = new ConcurrentLinkedQueue<>();

    /** What has come from the broker. */
    final Queue<Message> received = new ConcurrentLinkedQueue<>();

    /** What the route answers for a message from the broker. */
    volatile Function<Message, Delivery> answers = message -> Delivery.accepted();

    Harness(MqttEndpointSettings settings) {
        this(settings, "gateway1");
    }

    Harness(MqttEndpointSettings settings, String gateway) {
        routes = Routes.create(
                IDS,
                (endpoint, state, detail) -> {
                    states.add(state);
                    details.add(detail);
                },
                new NoDevices(),
                gateway);
        routes.open("cloud", new MqttConnector(), settings);
    }

    Sink to(String route, MqttTo settings) {
        return routes.to(route, "cloud", settings, PATTERN).sink();
    }

    /** The only route to the broker; everything is started and the broker reached. */
    Sink startTo(MqttTo settings) {
        Sink sink = to("to", settings);
        routes.start();
        awaitConnected();
        return sink;
    }

    Harness from(MqttFrom settings) {
        routes.from("from", "cloud", settings, this::receive);
        return this;
    }

    Harness start() {
        routes.start();
        routes.startSources();
        return this;
    }

    private void receive(Message message, Acknowledgement acknowledgement) {
        received.add(message);
        acknowledgement.complete(answers.apply(message));
    }

    void awaitConnected() {
        soon().until(() -> states.contains(State.CONNECTED));
    }

    List<String> payloads() {
        return received.stream().map(message -> message.payload().asText()).toList();
    }

    static Message message(String topic, String payload, Qos qos) {
        return message(topic, payload, qos, MessageProperties.NONE);
    }

    static Message message(String topic, String payload, Qos qos, MessageProperties properties) {
        return message(topic, Payload.ofText(payload), qos, properties);
    }

    static Message message(String topic, Payload payload, Qos qos, MessageProperties properties) {
        return new Message(
                IDS.next(),
                new TopicName(topic),
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

    static CompletableFuture<Delivery> offer(Sink sink, Message message) {
        CompletableFuture<Delivery> answer = new CompletableFuture<>();
        sink.offer(message, answer::complete);
        return answer;
    }

    /** Offers and waits for the answer. */
    static Delivery deliver(Sink sink, Message message) {
        try {
            return offer(sink, message).get(180, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException failure) {
            throw new IllegalStateException("no answer", failure);
        }
    }

    /** Offers until it is accepted, as an outbox does. */
    static void deliverAccepted(Sink sink, Message message) {
        if (!deliver(sink, message).equals(Delivery.accepted())) {
            soon().until(() -> deliver(sink, message).equals(Delivery.accepted()));
        }
    }

    @Override
    public void close() {
        routes.close();
    }
}

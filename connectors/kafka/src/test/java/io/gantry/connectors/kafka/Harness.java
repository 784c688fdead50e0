// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.awaitility.Awaitility.await;

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
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.routes.Routes;
import io.gantry.testbed.NoDevices;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionFactory;

/** Routes with one Kafka endpoint called {@code plant}, as the gateway has them. */
final class Harness implements AutoCloseable {
    static final MessageId.Sequence IDS = new MessageId.Sequence(1, 1);

    final Routes routes;
    final Queue<State> states = new ConcurrentLinkedQueue<>();
    final Queue<String> details = new ConcurrentLinkedQueue<>();

    Harness(KafkaEndpointSettings settings) {
        this(settings, "gateway1");
    }

    /** Of another gateway. */
    Harness(KafkaEndpointSettings settings, String gateway) {
        routes = Routes.create(IDS, this::note, new NoDevices(), gateway);
        routes.open("plant", new KafkaConnector(), settings);
    }

    Harness(String brokers) {
        this(Settings.endpoint(brokers));
    }

    private void note(String endpoint, State state, String detail) {
        states.add(state);
        details.add(detail);
    }

    static Message message(String device, String topic, String payload) {
        return message(device, topic, payload, MessageProperties.NONE);
    }

    static Message message(String device, String topic, String payload, MessageProperties properties) {
        return new Message(
                IDS.next(),
                new TopicName(topic),
                Payload.ofText(payload),
                Qos.AT_LEAST_ONCE,
                false,
                properties,
                new Origin.Device(new ClientId(device), null),
                0);
    }

    /** Waits so long only when the test fails. */
    static ConditionFactory soon() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(20));
    }

    /** Offers until it is accepted: on a slow machine the Kafka topic of the first message may not be found in time. */
    static void deliverAccepted(Sink sink, Message message) {
        soon().until(() -> deliver(sink, message).equals(Delivery.accepted()));
    }

    /** Offers and waits for the answer. */
    static Delivery deliver(Sink sink, Message message) {
        CompletableFuture<Delivery> answer = new CompletableFuture<>();
        sink.offer(message, answer::complete);
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

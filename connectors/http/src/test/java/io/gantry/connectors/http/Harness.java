// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

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
import io.gantry.api.TopicPattern;
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

/** Routes with one HTTP endpoint called {@code api}, as the gateway has them. */
final class Harness implements AutoCloseable {
    static final MessageId.Sequence IDS = new MessageId.Sequence(1, 1);
    static final TopicPattern PATTERN = TopicPattern.fromText("in/{site}");

    final Routes routes;
    final Queue<State> states = new ConcurrentLinkedQueue<>();

    Harness(HttpEndpointSettings settings) {
        routes = Routes.create(IDS, (endpoint, state, detail) -> states.add(state), new NoDevices(), "gateway1");
        routes.open("api", new HttpConnector(), settings);
    }

    /** The only route; it is started. */
    Sink start(HttpTo settings) {
        Sink sink = routes.to("r", "api", settings, PATTERN).sink();
        routes.start();
        return sink;
    }

    static Message message(String site) {
        return message(site, MessageProperties.NONE, Payload.ofText("21.5"));
    }

    static Message message(String site, MessageProperties properties, Payload payload) {
        return new Message(
                IDS.next(),
                new TopicName("in/" + site),
                payload,
                Qos.AT_LEAST_ONCE,
                false,
                properties,
                new Origin.Device(new ClientId("device-1"), null),
                0);
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

    static Delivery answerOf(CompletableFuture<Delivery> answer) {
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

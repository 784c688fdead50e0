// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

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
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.connectors.spi.Hops;
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
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** Routes with one AMQP endpoint called {@code erp}, as the gateway has them. */
final class Harness implements AutoCloseable {
    static final MessageId.Sequence IDS = new MessageId.Sequence(System.currentTimeMillis(), 1);
    static final TopicPattern PATTERN = TopicPattern.fromText("in/{site}");

    final Routes routes;
    final Queue<State> states = new ConcurrentLinkedQueue<>();
    final Queue<String> details = new ConcurrentLinkedQueue<>();

    Harness(AmqpEndpointSettings settings) {
        this(settings, "gateway1");
    }

    /** A gateway does not take back what it has sent; another does. */
    Harness(AmqpEndpointSettings settings, String gateway) {
        routes = Routes.create(
                IDS,
                (endpoint, state, detail) -> {
                    details.add(detail);
                    states.add(state);
                },
                new NoDevices(),
                gateway);
        routes.open("erp", new AmqpConnector(), settings);
    }

    Harness(String url) {
        this(Settings.endpoint(url));
    }

    Sink to(String route, AmqpTo settings) {
        return routes.to(route, "erp", settings, PATTERN).sink();
    }

    static Message message(String site, String payload) {
        return message(site, Payload.ofText(payload), MessageProperties.NONE);
    }

    static Message message(String site, Payload payload, MessageProperties properties) {
        return message("in/" + site, payload, Qos.AT_LEAST_ONCE, false, properties, null);
    }

    static Message message(
            String topic,
            Payload payload,
            Qos qos,
            boolean retain,
            MessageProperties properties,
            @Nullable String device) {
        return new Message(
                IDS.next(),
                new TopicName(topic),
                payload,
                qos,
                retain,
                properties,
                new Origin.Device(new ClientId(device == null ? "device-1" : device), null),
                System.currentTimeMillis());
    }

    /** The message without the mark that each gateway puts on it. */
    static Message unmarked(Message message) {
        List<UserProperty> others = message.properties().userProperties().stream()
                .filter(property -> !property.name().equals(Hops.NAME))
                .toList();
        return new Message(
                message.id(),
                message.topic(),
                message.payload(),
                message.qos(),
                message.retain(),
                message.properties().replacingUserProperties(others),
                message.origin(),
                message.receivedMillis());
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

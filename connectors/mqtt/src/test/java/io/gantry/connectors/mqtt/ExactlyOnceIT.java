// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static io.gantry.connectors.mqtt.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code -Dgantry.cuts=N} cuts more often, {@code -Dgantry.seed=N} after the same numbers of bytes again. */
@DisplayName("QoS 2 with another Mosquitto, over a connection that is cut again and again,")
class ExactlyOnceIT {
    private static final int TOPICS = 32;
    private static final int CUTS = Integer.getInteger("gantry.cuts", 4);
    private static final int MESSAGES = 160 + 20 * CUTS;
    private static final long SEED = Long.getLong("gantry.seed", System.nanoTime());

    @TempDir
    private Path directory = Path.of("");

    private static RemoteClient client(Settings settings, Function<Broker, Publishing> outbound) {
        Broker broker = Broker.of("cloud", "gateway1", settings.build());
        return new RemoteClient(broker, outbound.apply(broker), (endpoint, state, detail) -> {}, new Pauses(10, 20));
    }

    private static MqttFrom from(int qos) {
        return new MqttFrom(List.of("cloud/#"), Qos.of(qos), null, true, MqttFrom.Retained.NEW);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("brings each message to the route once, in the order of its topic [3.1.1/4.3.3, 5.0/4.3.3]")
    void from(MqttVersion version) throws Exception {
        ExecutorService routes = Executors.newFixedThreadPool(2);
        Queue<String> received = new ConcurrentLinkedQueue<>();
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true", "max_queued_messages 0");
                Peer peer = new Peer(broker.url(), "peer");
                CuttingProxy proxy = new CuttingProxy(broker.port, SEED, CUTS);
                RemoteClient client = client(Settings.at(proxy.url()).version(version), Outbound::new)) {
            Subscription subscription = client.subscriptions().add("from", from(2));
            client.subscriptions().start(subscription, (arrival, answer) -> {
                received.add(arrival.message().topic() + " "
                        + arrival.message().payload().asText());
                answer(routes, answer);
            });
            client.start();
            soon().until(() -> {
                peer.publish("cloud/probe", "probe", 0, false);
                return !received.isEmpty();
            });
            for (int i = 0; i < MESSAGES; i++) {
                peer.publish("cloud/" + i % TOPICS, Integer.toString(i), 2, false);
            }
            soon().until(() -> proxy.cutsLeft() == 0 || numbered(received).size() >= MESSAGES);
            proxy.spare();
            peer.publish("cloud/last", "last", 2, false);
            soon().until(() -> received.contains("cloud/last last"));

            assertThat(numbered(received)).as("seed " + SEED).containsExactlyInAnyOrderElementsOf(expected());
            assertInOrder(numbered(received));
        } finally {
            routes.shutdownNow();
        }
    }

    /** Now or later, as routes do. */
    private static void answer(ExecutorService routes, Consumer<Delivery> answer) {
        routes.execute(() -> answer.accept(Delivery.accepted()));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("brings each message to the broker once, in the order of its topic [3.1.1/4.4.0-1, 5.0/4.4.0-1]")
    void to(MqttVersion version) throws Exception {
        ExecutorService routes = Executors.newFixedThreadPool(TOPICS);
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true", "max_queued_messages 0");
                Peer peer = new Peer(broker.url(), "peer").subscribe("cloud/#", 2);
                CuttingProxy proxy = new CuttingProxy(broker.port, SEED, CUTS);
                RemoteClient client = client(Settings.at(proxy.url()).version(version), ExactOutbound::new)) {
            client.start();
            List<CompletableFuture<Void>> lanes = IntStream.range(0, TOPICS)
                    .mapToObj(topic -> CompletableFuture.runAsync(() -> publish(client, topic), routes))
                    .toList();
            soon().until(() -> proxy.cutsLeft() == 0 || lanes.stream().allMatch(CompletableFuture::isDone));
            proxy.spare();
            for (CompletableFuture<Void> lane : lanes) {
                lane.get(2, TimeUnit.MINUTES);
            }
            peer.publish("cloud/last", "last", 2, false);
            soon().until(() -> peer.payloads().contains("last"));

            List<String> received = peer.seen.stream()
                    .filter(seen -> !seen.payload().equals("last"))
                    .map(seen -> seen.topic() + " " + seen.payload())
                    .toList();
            assertThat(received).as("seed " + SEED).containsExactlyInAnyOrderElementsOf(expected());
            assertInOrder(received);
        } finally {
            routes.shutdownNow();
        }
    }

    /** As a lane does: the next one once the one before is confirmed, and again what is not. */
    private static void publish(RemoteClient client, int topic) {
        Deque<Integer> left = new ArrayDeque<>();
        IntStream.range(0, MESSAGES).filter(i -> i % TOPICS == topic).forEach(left::add);
        while (!left.isEmpty()) {
            CompletableFuture<Delivery> answer = new CompletableFuture<>();
            client.publish(outgoing("cloud/" + topic, Integer.toString(left.element())), answer::complete);
            if (answer.join().equals(Delivery.accepted())) {
                left.remove();
            } else {
                new CompletableFuture<Void>()
                        .completeOnTimeout(null, 5, TimeUnit.MILLISECONDS)
                        .join();
            }
        }
    }

    private static OutgoingMessage outgoing(String topic, String payload) {
        return new OutgoingMessage(
                topic, Qos.EXACTLY_ONCE, false, MessageProperties.NONE, Payload.ofText(payload), Long.MAX_VALUE);
    }

    private static List<String> numbered(Queue<String> received) {
        return received.stream()
                .filter(text -> Character.isDigit(text.charAt("cloud/".length())))
                .toList();
    }

    private static List<String> expected() {
        return IntStream.range(0, MESSAGES)
                .mapToObj(i -> "cloud/" + i % TOPICS + " " + i)
                .toList();
    }

    private static void assertInOrder(List<String> received) {
        for (int topic = 0; topic < TOPICS; topic++) {
            String name = "cloud/" + topic + " ";
            assertThat(received.stream().filter(text -> text.startsWith(name)))
                    .as("seed " + SEED)
                    .containsExactlyElementsOf(expected().stream()
                            .filter(text -> text.startsWith(name))
                            .toList());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static io.gantry.app.TestGateway.isAcknowledged;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.gantry.mqtt.session.Counter;
import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("When Kafka goes away")
class KafkaOutageIT {
    /** What is stored does not wait for Kafka, so the device is paced otherwise. */
    private static final String ROUTE = """
            limits: {max-publish-rate: 1000}
            routes:
              telemetry:
                from: {mqtt: "t/{device}"}
                to: {plant: {topic: telemetry, key: "{device}"}}
                delivery: {ack: %s}
            """;

    @ParameterizedTest
    @ValueSource(strings = {"stored", "delivered"})
    @DisplayName("in the middle and comes back, nothing that was acknowledged is lost, and devices go on")
    void killedAndRestarted(String ack) throws Exception {
        try (KafkaServer kafka = KafkaServer.start()) {
            kafka.createTopic("telemetry", 2);
            try (TestGateway gateway = TestGateway.start(kafka.bootstrapServers(), ROUTE.formatted(ack))) {
                Mqtt5AsyncClient device = gateway.device5("d1");
                Set<String> acknowledged = ConcurrentHashMap.newKeySet();
                AtomicInteger next = new AtomicInteger();
                AtomicBoolean stop = new AtomicBoolean();
                Thread publisher = new Thread(() -> publishUntil(stop, device, next, acknowledged));
                publisher.setDaemon(true);
                publisher.start();
                await().until(() -> acknowledged.size() > 200);

                kafka.kill();
                int before = acknowledged.size();
                kafka.restart();

                await().until(() -> acknowledged.size() > before + 500);
                stop.set(true);
                publisher.join(TimeUnit.SECONDS.toMillis(Patience.SECONDS));
                assertThat(publisher.isAlive()).isFalse();
                await().until(() -> inKafka(kafka).containsAll(acknowledged));
            }
        }
    }

    private static Set<String> inKafka(KafkaServer kafka) {
        return Set.copyOf(KafkaRecords.at(kafka.bootstrapServers()).consumeTexts("telemetry"));
    }

    /** Keeps at most 10 messages unacknowledged. */
    private static void publishUntil(
            AtomicBoolean stop, Mqtt5AsyncClient device, AtomicInteger next, Set<String> acknowledged) {
        Semaphore window = new Semaphore(10);
        while (!stop.get()) {
            window.acquireUninterruptibly();
            String payload = "m" + next.incrementAndGet();
            var unused = device.publishWith()
                    .topic("t/d1")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(payload.getBytes(StandardCharsets.UTF_8))
                    .send()
                    .whenComplete((result, failure) -> {
                        if (failure == null && result.getError().isEmpty()) {
                            acknowledged.add(payload);
                        }
                        window.release();
                    });
        }
        window.acquireUninterruptibly(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored", "delivered"})
    @DisplayName("before the start, the gateway starts all the same, and delivers once Kafka is there")
    void unreachableAtStart(String ack) throws Exception {
        try (KafkaServer kafka = KafkaServer.start()) {
            kafka.createTopic("telemetry", 1);
            kafka.kill();
            try (TestGateway gateway = TestGateway.start(kafka.bootstrapServers(), ROUTE.formatted(ack))) {
                assertThat(gateway.console).last().asString().startsWith("listener mqtt://127.0.0.1:");
                Mqtt5AsyncClient device = gateway.device5("d1");

                kafka.restart();

                await().until(() -> isAcknowledged(device, "t/d1"));
                await().untilAsserted(() -> assertThat(
                                KafkaRecords.at(kafka.bootstrapServers()).consumeTexts("telemetry"))
                        .contains("x"));
            }
        }
    }

    @Test
    @DisplayName(
            "for good, where devices wait for it, an MQTT 5 device is told, and a 3.1.1 device gets no PUBACK and is closed")
    void awayForGood() throws Exception {
        try (KafkaServer kafka = KafkaServer.start()) {
            kafka.createTopic("telemetry", 1);
            try (TestGateway gateway =
                    TestGateway.start(kafka.bootstrapServers(), "12s", ROUTE.formatted("delivered"))) {
                Mqtt5AsyncClient device5 = gateway.device5("d5");
                await().until(() -> isAcknowledged(device5, "t/d5"));
                kafka.kill();

                assertThat(isAcknowledged(device5, "t/d5")).isFalse();

                var device3 = gateway.device3("d3");
                var publish = device3.publishWith()
                        .topic("t/d3")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send();
                await().until(() -> !device3.getState().isConnected());
                assertThat(publish).isNotCompleted();
                assertThat(gateway.count(Counter.MESSAGES_UNAVAILABLE)).isGreaterThanOrEqualTo(2);
            }
        }
    }
}

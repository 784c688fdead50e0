// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static io.gantry.app.TestGateway.isAcknowledged;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.gantry.mqtt.session.Counter;
import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("From devices to Kafka")
class UplinkIT {
    /** Publishes until Kafka's topics are found, which on a slow machine may be too late for the first message. */
    private static final String FIRST = "first";

    private static KafkaServer kafka;

    private final String topic = "telemetry-" + UUID.randomUUID();
    private final String copy = topic + "-copy";
    private TestGateway gateway;

    @BeforeAll
    static void startKafka() {
        kafka = KafkaServer.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void start() throws Exception {
        kafka.createTopic(topic, 3);
        kafka.createTopic(copy, 1);
        gateway = TestGateway.start(kafka.bootstrapServers(), """
                routes:
                  telemetry:
                    from: {mqtt: "sensors/{site}/{device}/telemetry"}
                    to:
                      - plant: {topic: "%1$s", key: "{device}", headers: {site: "{site}", from: "{client}"}}
                      - plant: {topic: "%2$s"}
                    delivery: {ack: delivered}
                  missing:
                    from: {mqtt: "missing/#"}
                    to: {plant: {topic: "%1$s-{topic}"}}
                    delivery: {ack: delivered}
                """.formatted(topic, copy));
        Mqtt5AsyncClient first = gateway.device5(FIRST);
        await().until(() -> isAcknowledged(first, "sensors/x/" + FIRST + "/telemetry"));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @EnumSource(MqttQos.class)
    @DisplayName("an MQTT 5 device's message is in every target, with key and headers")
    void mqtt5(MqttQos qos) throws Exception {
        Mqtt5AsyncClient device = gateway.device5("d5");

        Mqtt5PublishResult result = device.publishWith()
                .topic("sensors/lab/t1/telemetry")
                .qos(qos)
                .payload("21.5".getBytes(StandardCharsets.UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        assertThat(result.getError()).isEmpty();
        assertInKafka(qos, "t1", "lab", "d5", "21.5");
        device.disconnect().get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource(MqttQos.class)
    @DisplayName("an MQTT 3.1.1 device's message is in every target, with key and headers")
    void mqtt3(MqttQos qos) throws Exception {
        Mqtt3AsyncClient device = gateway.device3("d3");

        device.publishWith()
                .topic("sensors/lab/t2/telemetry")
                .qos(qos)
                .payload("20".getBytes(StandardCharsets.UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        assertInKafka(qos, "t2", "lab", "d3", "20");
        device.disconnect().get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private void assertInKafka(MqttQos qos, String key, String site, String client, String payload) {
        if (qos == MqttQos.AT_MOST_ONCE) {
            // nothing tells the device when a QoS 0 message has arrived
            await().until(() -> records(topic).size() == 1 && records(copy).size() == 1);
        }
        assertThat(records(topic)).singleElement().satisfies(record -> {
            assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(key);
            assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo(payload);
            assertThat(record.headers())
                    .extracting(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                    .containsExactlyInAnyOrder("site=" + site, "from=" + client);
        });
        assertThat(records(copy)).singleElement().satisfies(record -> assertThat(
                        new String(record.key(), StandardCharsets.UTF_8))
                .as("without a key in the YAML")
                .isEqualTo(client));
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String of) {
        return KafkaRecords.at(kafka.bootstrapServers()).consumeAll(of).stream()
                .filter(record -> !new String(record.key(), StandardCharsets.UTF_8).equals(FIRST))
                .toList();
    }

    private List<String> texts() {
        return records(topic).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    @DisplayName("Paho publishes with MQTT 3.1.1 and with MQTT 5")
    void paho() throws Exception {
        try (MqttClient v3 = new MqttClient("tcp://127.0.0.1:" + gateway.port(), "paho3", new MemoryPersistence())) {
            v3.connect();
            v3.publish("sensors/a/p3/telemetry", "three".getBytes(StandardCharsets.UTF_8), 2, false);
            v3.disconnect();
        }
        org.eclipse.paho.mqttv5.client.MqttClient v5 = new org.eclipse.paho.mqttv5.client.MqttClient(
                "tcp://127.0.0.1:" + gateway.port(),
                "paho5",
                new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
        v5.connect();
        v5.publish("sensors/a/p5/telemetry", "five".getBytes(StandardCharsets.UTF_8), 1, false);
        v5.disconnect();
        v5.close();

        assertThat(texts()).containsExactlyInAnyOrder("three", "five");
    }

    @Test
    @DisplayName("mosquitto_pub publishes with both versions at every QoS")
    void mosquitto() throws Exception {
        Command.assumeInstalled("mosquitto_pub");
        for (String version : List.of("mqttv311", "mqttv5")) {
            for (String qos : List.of("1", "2")) {
                Command.run(List.of(
                        "mosquitto_pub",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(gateway.port()),
                        "-V",
                        version,
                        "-q",
                        qos,
                        "-t",
                        "sensors/a/m/telemetry",
                        "-m",
                        version + "-" + qos));
            }
        }

        assertThat(texts()).containsExactlyInAnyOrder("mqttv311-1", "mqttv311-2", "mqttv5-1", "mqttv5-2");
    }

    @Test
    @DisplayName("each device's messages keep their order, and each is there once")
    void order() throws Exception {
        Mqtt5AsyncClient first = gateway.device5("o1");
        Mqtt3AsyncClient second = gateway.device3("o2");
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            byte[] number = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
            sent.add(first.publishWith()
                    .topic("sensors/a/o1/telemetry")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(number)
                    .send());
            sent.add(second.publishWith()
                    .topic("sensors/a/o2/telemetry")
                    .qos(MqttQos.EXACTLY_ONCE)
                    .payload(number)
                    .send());
        }
        CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(Patience.SECONDS, TimeUnit.SECONDS);

        List<ConsumerRecord<byte[], byte[]>> records = records(topic);
        for (String device : List.of("o1", "o2")) {
            assertThat(records.stream()
                            .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(device))
                            .map(record -> Integer.parseInt(new String(record.value(), StandardCharsets.UTF_8))))
                    .hasSize(2_000)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName("a message that can never be a record is refused with the reason to an MQTT 5 device")
    void refused() throws Exception {
        Mqtt5AsyncClient device = gateway.device5("r5");
        String longLevel = "missing/" + "x".repeat(300);

        CompletableFuture<Mqtt5PublishResult> result =
                device.publishWith().topic(longLevel).qos(MqttQos.AT_LEAST_ONCE).send();

        assertThat(result).failsWithin(Duration.ofSeconds(Patience.SECONDS));
        assertThat(gateway.count(Counter.MESSAGES_REJECTED)).isEqualTo(1);
    }

    @Test
    @DisplayName("a message that no route wants is acknowledged")
    void unrouted() throws Exception {
        Mqtt5AsyncClient device = gateway.device5("u5");

        Mqtt5PublishResult result = device.publishWith()
                .topic("nobody/wants/it")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        assertThat(result.getError()).isEmpty();
    }
}

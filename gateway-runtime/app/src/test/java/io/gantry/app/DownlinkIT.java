// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.gantry.mqtt.session.Counter;
import io.gantry.testbed.KafkaRecords;
import io.gantry.testbed.KafkaServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("From Kafka to devices")
class DownlinkIT {
    private static KafkaServer kafka;

    private final String commands = "commands-" + UUID.randomUUID();
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
        kafka.createTopic(commands, 2);
        gateway = startGateway();
    }

    private TestGateway startGateway() throws Exception {
        return TestGateway.start(kafka.bootstrapServers(), """
                routes:
                  commands:
                    from: {plant: {topic: "%1$s", group: "%1$s", start: earliest}}
                    to: {mqtt: {topic: "devices/{key}/commands/{header.kind}", qos: 2, retain: true, expiry: 1h}}
                """.formatted(commands));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void command(String device, String kind, String payload) {
        ProducerRecord<byte[], byte[]> record = KafkaRecords.record(commands, device, payload);
        record.headers().add("kind", kind.getBytes(StandardCharsets.UTF_8));
        KafkaRecords.at(kafka.bootstrapServers()).produce(List.of(record));
    }

    @Test
    @DisplayName("a record reaches an MQTT 5 device with topic, QoS and expiry as the route says")
    void mqtt5() throws Exception {
        Mqtt5AsyncClient device = gateway.device5("d5");
        Queue<Mqtt5Publish> received = subscribe(device, "devices/d5/commands/#");

        command("d5", "reboot", "now");

        await().until(() -> received.size() == 1);
        Mqtt5Publish publish = received.remove();
        assertThat(publish.getTopic()).hasToString("devices/d5/commands/reboot");
        assertThat(publish.getQos()).isEqualTo(MqttQos.EXACTLY_ONCE);
        assertThat(publish.isRetain()).isFalse();
        assertThat(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8))
                .isEqualTo("now");
        assertThat(publish.getMessageExpiryInterval().orElse(0)).isBetween(3_000L, 3_600L);
    }

    @Test
    @DisplayName("a record reaches MQTT 3.1.1 devices, and later subscribers as a retained message")
    void mqtt3() throws Exception {
        Mqtt3AsyncClient device = gateway.device3("d3");
        Queue<String> received = new ConcurrentLinkedQueue<>();
        subscribe(device, received);
        command("d3", "open", "valve");
        await().until(() -> received.size() == 1);

        Mqtt3AsyncClient later = gateway.device3("later");
        Queue<String> retained = new ConcurrentLinkedQueue<>();
        subscribe(later, retained);

        await().until(() -> retained.size() == 1);
        assertThat(received).containsExactly("valve false");
        assertThat(retained).containsExactly("valve true");
    }

    private static void subscribe(Mqtt3AsyncClient device, Queue<String> received) throws Exception {
        device.subscribeWith()
                .topicFilter("devices/d3/commands/+")
                .qos(MqttQos.EXACTLY_ONCE)
                .callback(publish -> received.add(
                        new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8) + " " + publish.isRetain()))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static Queue<Mqtt5Publish> subscribe(Mqtt5AsyncClient device, String filter) throws Exception {
        Queue<Mqtt5Publish> received = new ConcurrentLinkedQueue<>();
        device.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.EXACTLY_ONCE)
                .callback(received::add)
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        return received;
    }

    @Test
    @DisplayName("records of one key arrive in their order, each once")
    void order() throws Exception {
        Mqtt5AsyncClient device = gateway.device5("many");
        Queue<Mqtt5Publish> received = subscribe(device, "devices/many/commands/step");
        produce("many", 500);

        await().until(() -> received.size() == 500);
        assertThat(numbers(received)).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "Session Expiry Interval {0} s")
    @ValueSource(longs = {0, 300})
    @DisplayName(
            "a device that acknowledges slowly gets every record, in order, although they are more than may wait for it")
    void slowDevice(long expirySeconds) throws Exception {
        Mqtt5AsyncClient device =
                TestGateway.client("slow", gateway.port()).useMqttVersion5().buildAsync();
        device.connectWith().sessionExpiryInterval(expirySeconds).send().get(Patience.SECONDS, TimeUnit.SECONDS);
        Queue<Mqtt5Publish> received = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> goes = new CompletableFuture<>();
        device.subscribeWith()
                .topicFilter("devices/slow/commands/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(publish -> {
                    received.add(publish);
                    goes.thenRun(publish::acknowledge);
                })
                .manualAcknowledgement(true)
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        produce("slow", 3_000);
        await().until(() -> gateway.count(Counter.MESSAGES_QUEUED) > 1_500);
        goes.complete(null);

        await().until(() -> received.size() >= 3_000);
        assertThat(numbers(received)).isSorted().doesNotHaveDuplicates();
        assertThat(gateway.count(Counter.MESSAGES_DROPPED_QUEUE_FULL)).isZero();
    }

    private void produce(String device, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ProducerRecord<byte[], byte[]> record = KafkaRecords.record(commands, device, Integer.toString(i));
            record.headers().add("kind", "step".getBytes(StandardCharsets.UTF_8));
            records.add(record);
        }
        KafkaRecords.at(kafka.bootstrapServers()).produce(records);
    }

    private static List<Integer> numbers(Queue<Mqtt5Publish> received) {
        return received.stream()
                .map(publish -> Integer.parseInt(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8)))
                .toList();
    }

    @Test
    @DisplayName("what a device without a session that is kept has not acknowledged comes again after a restart of the"
            + " gateway, the rest does not")
    void committedWhenAcknowledged() throws Exception {
        Mqtt5AsyncClient acknowledges = gateway.device5("good");
        Queue<Mqtt5Publish> good = subscribe(acknowledges, "devices/good/commands/#");
        Mqtt5AsyncClient silent =
                TestGateway.client("silent", gateway.port()).useMqttVersion5().buildAsync();
        silent.connect().get(Patience.SECONDS, TimeUnit.SECONDS);
        CompletableFuture<Mqtt5Publish> seen = new CompletableFuture<>();
        silent.subscribeWith()
                .topicFilter("devices/silent/commands/#")
                .qos(MqttQos.EXACTLY_ONCE)
                .callback(seen::complete)
                .manualAcknowledgement(true)
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        command("good", "a", "first");
        await().until(() -> good.size() == 1);
        command("silent", "a", "second");
        seen.get(Patience.SECONDS, TimeUnit.SECONDS);

        await().until(() -> committed() == 1);
        gateway.close();
        gateway = startGateway();
        Queue<Mqtt5Publish> again = subscribe(gateway.device5("silent"), "devices/silent/commands/#");
        Queue<Mqtt5Publish> nothing = subscribe(gateway.device5("good"), "devices/good/commands/#");

        await().until(() -> !again.isEmpty());
        assertThat(again)
                .allSatisfy(publish -> assertThat(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("second"));
        assertThat(nothing).isEmpty();
    }

    /** How many records are committed, of both partitions. */
    private long committed() {
        KafkaRecords records = KafkaRecords.at(kafka.bootstrapServers());
        return Math.max(0, records.committed(commands, commands, 0))
                + Math.max(0, records.committed(commands, commands, 1));
    }

    @Test
    @DisplayName("a record whose key cannot be a topic level is refused, and the next one arrives")
    void badKey() throws Exception {
        Queue<Mqtt5Publish> received = subscribe(gateway.device5("ok"), "devices/#");

        command("a/+/#", "a", "bad");
        command("ok", "a", "good");

        await().until(() -> !received.isEmpty());
        assertThat(received)
                .allSatisfy(publish -> assertThat(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("good"));
    }

    @Test
    @DisplayName("mosquitto_sub receives with both versions")
    void mosquitto() throws Exception {
        Command.assumeInstalled("mosquitto_sub");
        command("m", "kept", "retained for you");
        Queue<Mqtt5Publish> watched = subscribe(gateway.device5("watch"), "devices/m/#");
        await().until(() -> !watched.isEmpty());

        for (String version : List.of("mqttv311", "mqttv5")) {
            String output = Command.run(List.of(
                    "mosquitto_sub",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    Integer.toString(gateway.port()),
                    "-V",
                    version,
                    "-q",
                    "1",
                    "-t",
                    "devices/m/commands/+",
                    "-C",
                    "1",
                    "-W",
                    Integer.toString(Patience.SECONDS)));
            assertThat(output.strip()).isEqualTo("retained for you");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Devices over WebSocket")
class WebSocketIT {
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.start("127.0.0.1:1", "routes: {}");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Mqtt5AsyncClient webSocket5(String clientId) throws Exception {
        Mqtt5AsyncClient client = TestGateway.client(clientId, gateway.webSocketPort())
                .useMqttVersion5()
                .webSocketConfig()
                .serverPath("mqtt")
                .handshakeTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                .applyWebSocketConfig()
                .buildAsync();
        client.connect().get(Patience.SECONDS, TimeUnit.SECONDS);
        return client;
    }

    private Mqtt3AsyncClient webSocket3(String clientId) throws Exception {
        Mqtt3AsyncClient client = TestGateway.client(clientId, gateway.webSocketPort())
                .useMqttVersion3()
                .webSocketConfig()
                .serverPath("mqtt")
                .handshakeTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                .applyWebSocketConfig()
                .buildAsync();
        client.connect().get(Patience.SECONDS, TimeUnit.SECONDS);
        return client;
    }

    @Test
    @DisplayName("get what devices over TCP send, and the other way, with both versions")
    void bothTransports() throws Exception {
        Mqtt5AsyncClient page = webSocket5("page");
        Mqtt3AsyncClient old = webSocket3("old");
        Mqtt5AsyncClient sensor = gateway.device5("sensor");
        List<String> got = new CopyOnWriteArrayList<>();
        subscribe(page, "page", got);
        subscribe(sensor, "sensor", got);

        publish(sensor, "to/page", "from sensor");
        publish(page, "to/sensor", "from page");
        old.publishWith()
                .topic("to/page")
                .qos(MqttQos.EXACTLY_ONCE)
                .payload("from old".getBytes(StandardCharsets.UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        await().untilAsserted(() -> assertThat(got)
                .containsExactlyInAnyOrder("page got from sensor", "sensor got from page", "page got from old"));
        page.disconnect().get(Patience.SECONDS, TimeUnit.SECONDS);
        old.disconnect().get(Patience.SECONDS, TimeUnit.SECONDS);
        await().until(() -> gateway.connections() == 1);
    }

    private static void subscribe(Mqtt5AsyncClient device, String name, List<String> got) throws Exception {
        device.subscribeWith()
                .topicFilter("to/" + name)
                .qos(MqttQos.EXACTLY_ONCE)
                .callback(message -> got.add(name + " got " + text(message)))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static void publish(Mqtt5AsyncClient device, String topic, String text) throws Exception {
        device.publishWith()
                .topic(topic)
                .qos(MqttQos.EXACTLY_ONCE)
                .payload(text.getBytes(StandardCharsets.UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static String text(Mqtt5Publish message) {
        return new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("lose nothing and keep the order of many messages, small ones and large ones")
    void manyMessages() throws Exception {
        Mqtt5AsyncClient sender = webSocket5("sender");
        Mqtt5AsyncClient receiver = webSocket5("receiver");
        List<Integer> got = new CopyOnWriteArrayList<>();
        receiver.subscribeWith()
                .topicFilter("many")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(message -> got.add(message.getPayloadAsBytes().length))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        List<Integer> sizes = IntStream.range(0, 500)
                .mapToObj(i -> i % 50 == 0 ? 100_000 + i : i)
                .toList();

        CompletableFuture.allOf(sizes.stream()
                        .map(size -> sender.publishWith()
                                .topic("many")
                                .qos(MqttQos.AT_LEAST_ONCE)
                                .payload(new byte[size])
                                .send())
                        .toArray(CompletableFuture[]::new))
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        await().untilAsserted(() -> assertThat(got).isEqualTo(sizes));
    }
}

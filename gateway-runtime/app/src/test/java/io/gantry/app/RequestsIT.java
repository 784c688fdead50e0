// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.sun.net.httpserver.HttpServer;
import io.gantry.testbed.LoopbackPorts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Requests and answers between devices and HTTP")
class RequestsIT {
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer prices;
    private int port;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        prices = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        prices.createContext("/prices/", exchange -> {
            byte[] price = ("price of " + exchange.getRequestURI().getPath()).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, price.length);
            exchange.getResponseBody().write(price);
            exchange.close();
        });
        prices.start();
        port = LoopbackPorts.free();
        gateway = TestGateway.of("""
                endpoints:
                  web: {http: {listen: "127.0.0.1:%d"}}
                  api: {http: {url: "http://127.0.0.1:%d"}}
                routes:
                  ask:
                    from: {web: {path: "/devices/{device}/ask", reply: true, reply-timeout: 60s}}
                    to: {mqtt: {topic: "devices/{path.device}/ask"}}
                  ask-soon:
                    from: {web: {path: "/soon/{device}", reply: true, reply-timeout: 300ms}}
                    to: {mqtt: {topic: "devices/{path.device}/ask"}}
                  ask-old:
                    from: {web: {path: "/old/{device}", reply: true, reply-timeout: 60s}}
                    to: {mqtt: {topic: "old/{path.device}/ask", answer-topic: "old/{path.device}/answer"}}
                  price:
                    from: {mqtt: "rpc/{device}/price"}
                    to: {api: {method: GET, path: "/prices/{device}", reply: true, reply-topic: "rpc/{device}/answer"}}
                """.formatted(port, prices.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        prices.stop(0);
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Answers what it is asked, where it is told to. */
    private void answers(Mqtt5AsyncClient device, String topic) throws Exception {
        device.subscribeWith()
                .topicFilter(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(request -> answer(device, request))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static void answer(Mqtt5AsyncClient device, Mqtt5Publish request) {
        var unused = device.publishWith()
                .topic(request.getResponseTopic().orElseThrow())
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(("you said " + new String(request.getPayloadAsBytes(), UTF_8)).getBytes(UTF_8))
                .contentType("text/plain")
                .correlationData(request.getCorrelationData().orElseThrow())
                .send();
    }

    @Test
    @DisplayName("an HTTP caller gets the answer of a device that speaks MQTT 5")
    void asksADevice() throws Exception {
        answers(gateway.device5("d1"), "devices/d1/ask");

        HttpResponse<String> answer = post("/devices/d1/ask", "hello");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("you said hello");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain");
        assertThat(gateway.routeCounts("ask")).containsEntry("asked", 1L).containsEntry("answered", 1L);
    }

    @Test
    @DisplayName("a caller whose device does not answer is told so with 504, and that is counted")
    void nobodyAnswers() throws Exception {
        assertThat(post("/soon/nobody", "hello").statusCode()).isEqualTo(504);

        assertThat(gateway.routeCounts("ask-soon")).containsEntry("unanswered", 1L);
    }

    @Test
    @DisplayName("a device that speaks MQTT 3.1.1 answers at the topic of the route")
    void asksAnOldDevice() throws Exception {
        Mqtt3AsyncClient device = gateway.device3("o1");
        device.subscribeWith()
                .topicFilter("old/o1/ask")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(request -> {
                    var unused = device.publishWith()
                            .topic("old/o1/answer")
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .payload("42".getBytes(UTF_8))
                            .send();
                })
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        HttpResponse<String> answer = post("/old/o1", "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("42");
    }

    @Test
    @DisplayName("a device gets the answer of an HTTP service, with its Correlation Data")
    void deviceAsks() throws Exception {
        Mqtt5AsyncClient device = gateway.device5("d2");
        List<String> answers = new CopyOnWriteArrayList<>();
        device.subscribeWith()
                .topicFilter("d2/answers")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(answer -> answers.add(new String(answer.getPayloadAsBytes(), UTF_8) + " for "
                        + UTF_8.decode(answer.getCorrelationData().orElseThrow()) + ", "
                        + answer.getContentType().orElseThrow()))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        device.publishWith()
                .topic("rpc/d2/price")
                .qos(MqttQos.AT_LEAST_ONCE)
                .responseTopic("d2/answers")
                .correlationData("7".getBytes(UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        await().until(() -> !answers.isEmpty());
        assertThat(answers).containsExactly("price of /prices/d2 for 7, text/plain");
    }

    @Test
    @DisplayName("a device that speaks MQTT 3.1.1 gets it at the reply topic of the route")
    void oldDeviceAsks() throws Exception {
        Mqtt3AsyncClient device = gateway.device3("o2");
        List<String> answers = new CopyOnWriteArrayList<>();
        device.subscribeWith()
                .topicFilter("rpc/o2/answer")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(answer -> answers.add(new String(answer.getPayloadAsBytes(), UTF_8)))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        device.publishWith()
                .topic("rpc/o2/price")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        await().until(() -> !answers.isEmpty());
        assertThat(answers).containsExactly("price of /prices/o2");
    }
}

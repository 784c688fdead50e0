// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.sun.net.httpserver.HttpServer;
import io.gantry.testbed.LoopbackPorts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Between HTTP and devices")
class HttpBothWaysIT {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final List<String> AT_THE_SERVICE = new CopyOnWriteArrayList<>();

    private static HttpServer service;
    private static TestGateway gateway;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            try (exchange) {
                AT_THE_SERVICE.add(exchange.getRequestURI().getRawPath() + " "
                        + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        service.start();
        port = LoopbackPorts.free();
        gateway = TestGateway.start(
                "127.0.0.1:1", """
                  api: {http: "http://127.0.0.1:%d"}
                  web: {http: {listen: {address: "127.0.0.1:%d", topics: /topics}}}
                routes:
                  commands:
                    from: {web: {path: "/devices/{device}/commands", user-properties: {tenant: X-Tenant}}}
                    to: {mqtt: {topic: "devices/{path.device}/commands", qos: 1}}
                  ask:
                    from: {web: {path: "/devices/{device}/ask", reply: true}}
                    to: {mqtt: "devices/{path.device}/ask"}
                  hurry:
                    from: {web: {path: "/hurry/{device}", method: GET, reply: true, reply-timeout: 500ms}}
                    to: {mqtt: "devices/{path.device}/hurry"}
                  up:
                    from: {mqtt: "up/{site}"}
                    to: {api: "/sites/{site}"}
                    delivery: {ack: delivered}
                """.formatted(service.getAddress().getPort(), port));
    }

    @AfterAll
    static void stop() {
        gateway.close();
        service.stop(0);
    }

    private static HttpRequest.Builder to(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static void subscribe5(Mqtt5AsyncClient device, String filter, Consumer<Mqtt5Publish> callback)
            throws Exception {
        device.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(callback)
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("a POST reaches devices that speak MQTT 5 and 3.1.1, with its content type and User Properties")
    void commands() throws Exception {
        List<Mqtt5Publish> at5 = new CopyOnWriteArrayList<>();
        List<Mqtt3Publish> at3 = new CopyOnWriteArrayList<>();
        subscribe5(gateway.device5("five"), "devices/7/commands", at5::add);
        Mqtt3AsyncClient three = gateway.device3("three");
        three.subscribeWith()
                .topicFilter("devices/+/commands")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(at3::add)
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        HttpResponse<String> answer = send(to("/devices/7/commands")
                .headers("Content-Type", "text/plain", "X-Tenant", "acme", "CamelHttpUri", "http://x/")
                .POST(BodyPublishers.ofString("open")));

        assertThat(answer.statusCode()).isEqualTo(202);
        await().until(() -> at5.size() == 1 && at3.size() == 1);
        Mqtt5Publish publish = at5.get(0);
        assertThat(publish.getPayloadAsBytes()).asString(UTF_8).isEqualTo("open");
        assertThat(publish.getQos()).isEqualTo(MqttQos.AT_LEAST_ONCE);
        assertThat(publish.getContentType()).hasToString("Optional[text/plain]");
        assertThat(publish.getUserProperties().asList())
                .extracting(property -> property.getName() + "=" + property.getValue())
                .contains("tenant=acme")
                .noneMatch(property -> property.contains("http://x/"));
        assertThat(at3.get(0).getPayloadAsBytes()).asString(UTF_8).isEqualTo("open");
        assertThat(send(to("/devices/a%2Fb/commands").POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(to("/devices/%2B/commands").POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("a caller that asks gets the device's answer, or 504 when there is none in time")
    void asks() throws Exception {
        Mqtt5AsyncClient device = gateway.device5("answers");
        subscribe5(device, "devices/8/ask", request -> {
            var unused = device.publishWith()
                    .topic(request.getResponseTopic().orElseThrow())
                    .correlationData(request.getCorrelationData().orElseThrow())
                    .contentType("application/json")
                    .payload(("[\"" + new String(request.getPayloadAsBytes(), UTF_8) + "\"]").getBytes(UTF_8))
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
        });
        List<Mqtt5Publish> silent = new CopyOnWriteArrayList<>();
        subscribe5(device, "devices/8/hurry", silent::add);

        HttpResponse<String> answer = send(to("/devices/8/ask").POST(BodyPublishers.ofString("how")));
        HttpResponse<String> none = send(to("/hurry/8").GET());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("[\"how\"]");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(none.statusCode()).isEqualTo(504);
        await().until(() -> silent.size() == 1);
    }

    @Test
    @DisplayName(
            "a caller that is a device itself publishes, retains and reads, and its messages take the devices' routes")
    void devices() throws Exception {
        assertThat(send(to("/topics/up/hall%201").POST(BodyPublishers.ofString("21")))
                        .statusCode())
                .isEqualTo(202);
        assertThat(AT_THE_SERVICE).contains("/sites/hall%201 21");

        assertThat(send(to("/topics/alarm?retain=true")
                                .header("Content-Type", "text/plain")
                                .PUT(BodyPublishers.ofString("on")))
                        .statusCode())
                .isEqualTo(202);
        List<Mqtt5Publish> retained = new CopyOnWriteArrayList<>();
        subscribe5(gateway.device5("late"), "alarm", retained::add);
        await().until(() -> retained.size() == 1);
        assertThat(retained.get(0).isRetain()).isTrue();
        HttpResponse<String> read = send(to("/topics/alarm").GET());
        assertThat(read.body()).isEqualTo("on");
        assertThat(read.headers().firstValue("Content-Type")).contains("text/plain");
        assertThat(send(to("/topics/$SYS/x").PUT(BodyPublishers.noBody())).statusCode())
                .isEqualTo(400);
        assertThat(send(to("/topics/alarm?retain=true").PUT(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(202);
        assertThat(send(to("/topics/alarm").GET()).statusCode()).isEqualTo(404);
    }
}

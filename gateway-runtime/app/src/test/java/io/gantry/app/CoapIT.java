// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("CoAP and MQTT devices at one gateway")
class CoapIT {
    private final int port = freePort();
    private final ScheduledExecutorService threads = new ScheduledThreadPoolExecutor(2);
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private CoapEndpoint peer;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        peer = CoapEndpoint.builder()
                .setConfiguration(
                        new Configuration(SystemConfig.DEFINITIONS, CoapConfig.DEFINITIONS, UdpConfig.DEFINITIONS))
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build();
        peer.setExecutors(threads, threads);
        peer.setMessageDeliverer(new Prices());
        peer.start();
        gateway = TestGateway.start(
                "127.0.0.1:1", """
                  field: {coap: {listen: "127.0.0.1:%d", topics: /ps}}
                  prices: {coap: {url: "coap://127.0.0.1:%d"}}
                routes:
                  ask:
                    from: {field: {path: "devices/{device}/ask", reply: true, reply-timeout: 2s}}
                    to: {mqtt: {topic: "devices/{path.device}/ask"}}
                  price:
                    from: {mqtt: "rpc/{device}/price"}
                    to: {prices: {method: GET, path: "/prices/{device}", reply: true}}
                  up:
                    from: {mqtt: "up/+"}
                    to: {prices: {path: /up}}
                """.formatted(port, peer.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        peer.destroy();
        threads.shutdownNow();
    }

    /** Outside of what a client is given by chance. */
    private static int freePort() {
        for (int attempt = 0; attempt < 200; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 30_000);
            try (DatagramSocket ignored =
                    new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                return port;
            } catch (SocketException taken) {
                continue;
            }
        }
        throw new IllegalStateException("no free port");
    }

    /** A server that knows prices. */
    private final class Prices implements MessageDeliverer {
        @Override
        public void deliverRequest(Exchange exchange) {
            requests.add(exchange.getRequest());
            Response response = new Response(
                    exchange.getRequest().getCode() == Code.GET ? ResponseCode.CONTENT : ResponseCode.CHANGED);
            response.setPayload("42");
            exchange.sendResponse(response);
        }

        @Override
        public void deliverResponse(Exchange exchange, Response response) {
            exchange.getRequest().setResponse(response);
        }
    }

    private CompletableFuture<Response> call(Code code, String path, String payload, MessageObserverAdapter... more) {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        Request request = new Request(code);
        String[] parts = path.split("\\?", 2);
        List.of(parts[0].split("/")).forEach(request.getOptions()::addUriPath);
        if (parts.length == 2) {
            request.getOptions().addUriQuery(parts[1]);
        }
        request.setPayload(payload);
        request.addMessageObserver(new MessageObserverAdapter() {
            @Override
            public void onResponse(Response response) {
                answer.complete(response);
            }
        });
        if (more.length > 0) {
            request.setObserve();
            request.addMessageObserver(more[0]);
        }
        request.setDestinationContext(
                new AddressEndpointContext(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        peer.sendRequest(request);
        return answer;
    }

    private String answer(Code code, String path, String payload) throws Exception {
        Response response = call(code, path, payload).get(Patience.SECONDS, TimeUnit.SECONDS);
        return response.getCode().text + " " + response.getPayloadString();
    }

    private static List<Mqtt5Publish> subscribe(Mqtt5AsyncClient device, String filter) throws Exception {
        List<Mqtt5Publish> received = new CopyOnWriteArrayList<>();
        device.publishes(MqttGlobalPublishFilter.ALL, received::add);
        device.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        return received;
    }

    private static void publish(Mqtt5AsyncClient device, String topic, String payload) throws Exception {
        device.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static String text(Mqtt5Publish publish) {
        return new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("publish to each other, read what is retained, and observe; no file is left behind by Californium")
    void devices() throws Exception {
        Mqtt5AsyncClient device = gateway.device5("d");
        List<Mqtt5Publish> received = subscribe(device, "news/#");
        CompletableFuture<String> observed = new CompletableFuture<>();
        peer.addNotificationListener((request, response) -> {
            if (response.getPayloadString().equals("from MQTT")) {
                observed.complete(response.getPayloadString());
            }
        });

        assertThat(answer(Code.PUT, "ps/news/a?retain=true", "from CoAP")).isEqualTo("2.04 ");
        await().until(() -> received.size() == 1);
        assertThat(text(received.get(0))).isEqualTo("from CoAP");
        assertThat(answer(Code.GET, "ps/news/a", "")).isEqualTo("2.05 from CoAP");
        call(Code.GET, "ps/news/a", "", new MessageObserverAdapter() {}).get(Patience.SECONDS, TimeUnit.SECONDS);
        publish(device, "news/a", "from MQTT");

        assertThat(observed.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("from MQTT");
        assertThat(answer(Code.PUT, "ps/$SYS/x", "")).startsWith("4.00");
        assertThat(Files.exists(Path.of("Californium3.properties"))).isFalse();
    }

    @Test
    @DisplayName("enter the same routes: what a CoAP device publishes is delivered and counted as an MQTT device's is")
    void routes() throws Exception {
        assertThat(answer(Code.POST, "ps/up/a", "x")).isEqualTo("2.04 ");

        await().until(() -> requests.size() == 1);
        assertThat(requests.get(0).getOptions().getUriPath()).containsExactly("up");
        await().until(() ->
                gateway.ledgers().stream().anyMatch(ledger -> ledger.route().equals("up") && ledger.waiting() == 0));
    }

    @Test
    @DisplayName("ask: a CoAP caller gets the device's answer, or 5.04")
    void callerAsks() throws Exception {
        Mqtt5AsyncClient device = gateway.device5("d");
        List<Mqtt5Publish> asked = subscribe(device, "devices/d1/ask");

        CompletableFuture<Response> answer = call(Code.POST, "devices/d1/ask", "how warm?");
        await().until(() -> asked.size() == 1);
        Mqtt5Publish question = asked.get(0);
        device.publishWith()
                .topic(question.getResponseTopic().orElseThrow())
                .correlationData(question.getCorrelationData().orElse(null))
                .payload("21".getBytes(StandardCharsets.UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        assertThat(answer.get(Patience.SECONDS, TimeUnit.SECONDS).getPayloadString())
                .isEqualTo("21");
        assertThat(answer(Code.POST, "devices/nobody/ask", "?")).startsWith("5.04");
    }

    @Test
    @DisplayName("are answered: a device gets what the CoAP server says, with its Correlation Data")
    void deviceAsks() throws Exception {
        Mqtt5AsyncClient device = gateway.device5("d");
        List<Mqtt5Publish> answers = subscribe(device, "answers/d");

        device.publishWith()
                .topic("rpc/tea/price")
                .qos(MqttQos.AT_LEAST_ONCE)
                .responseTopic("answers/d")
                .correlationData(new byte[] {7})
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        await().until(() -> answers.size() == 1);
        assertThat(text(answers.get(0))).isEqualTo("42");
        assertThat(answers.get(0).getCorrelationData().orElseThrow().get(0)).isEqualTo((byte) 7);
        assertThat(requests.get(0).getOptions().getUriPath()).containsExactly("prices", "tea");
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static io.gantry.app.TestGateway.isAcknowledged;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("From devices to an HTTP service")
class HttpUplinkIT {

    /** A request as the service saw it. */
    private record Request(String path, String id) {}

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer service;

    @BeforeEach
    void startService() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", this::answer);
        service.setExecutor(threads);
        service.start();
    }

    @AfterEach
    void stopService() {
        service.stop(0);
        threads.shutdownNow();
    }

    /** Refuses what is sent to a path as often as the test says, then takes it; 4xx for ever. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getRawPath();
            requests.add(new Request(path, exchange.getRequestHeaders().getFirst("Idempotency-Key")));
            boolean fails = failures.merge(path, -1, Integer::sum) >= 0;
            exchange.getResponseHeaders().set("Retry-After", "1");
            exchange.sendResponseHeaders(path.endsWith("bad") ? 422 : fails ? 503 : 204, -1);
        }
    }

    private TestGateway gateway(String delivery) throws Exception {
        return TestGateway.start(
                "127.0.0.1:1", """
                  api: {http: "http://127.0.0.1:%d/v1"}
                routes:
                  readings:
                    from: {mqtt: "in/{site}"}
                    to: {api: "/sites/{site}"}
                    delivery: {%s}
                """.formatted(service.getAddress().getPort(), delivery));
    }

    @Test
    @DisplayName("a device is acknowledged when the service has taken its message, and not when it has refused it")
    void delivered() throws Exception {
        failures.put("/v1/sites/away", 1);
        try (TestGateway gateway = gateway("ack: delivered")) {
            Mqtt5AsyncClient device = gateway.device5("d");

            assertThat(isAcknowledged(device, "in/hall 1")).isTrue();
            assertThat(isAcknowledged(device, "in/away")).isFalse();
            assertThat(isAcknowledged(device, "in/away")).isTrue();
            assertThat(isAcknowledged(device, "in/bad")).isFalse();

            assertThat(requests)
                    .extracting(Request::path)
                    .containsExactly("/v1/sites/hall%201", "/v1/sites/away", "/v1/sites/away", "/v1/sites/bad");
        }
    }

    @Test
    @DisplayName("what is stored is tried until the service takes it, under one id, in order, and past what it rejects")
    void stored() throws Exception {
        failures.put("/v1/sites/away", 2);
        try (TestGateway gateway = gateway("ack: stored")) {
            Mqtt5AsyncClient device = gateway.device5("d");

            assertThat(isAcknowledged(device, "in/bad")).isTrue();
            assertThat(isAcknowledged(device, "in/away")).isTrue();
            assertThat(isAcknowledged(device, "in/last")).isTrue();

            await().until(() ->
                    requests.stream().anyMatch(request -> request.path().endsWith("last")));
            assertThat(requests)
                    .extracting(Request::path)
                    .containsExactly(
                            "/v1/sites/bad", "/v1/sites/away", "/v1/sites/away", "/v1/sites/away", "/v1/sites/last");
            assertThat(requests.subList(1, 4))
                    .extracting(Request::id)
                    .containsOnly(requests.get(1).id());
            assertThat(requests).extracting(Request::id).doesNotContainNull().hasSize(5);
        }
    }
}

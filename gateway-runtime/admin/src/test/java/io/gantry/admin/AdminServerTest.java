// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.settings.ListenAddress;
import io.gantry.api.store.StoreHealth;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The admin port")
class AdminServerTest {
    private AdminPort port;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws Exception {
        port = new AdminPort();
    }

    @AfterEach
    void close() throws Exception {
        port.close();
    }

    @Test
    @DisplayName("is live as long as it answers, whatever state the gateway is in")
    void live() throws Exception {
        port.gateway.started = false;
        port.gateway.health = new StoreHealth.Failed("sync failed");

        HttpResponse<String> answer = port.get("/health/live");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }

    @Test
    @DisplayName("is ready when everything has started and the store takes writes; parked routes are only listed")
    void ready() throws Exception {
        port.gateway.ledger("telemetry", "plant").parked("wrong password");

        HttpResponse<String> answer = port.get("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(answer.body()).getJsonArray("parked")).isEqualTo(JsonArray.of("telemetry/plant"));
    }

    @Test
    @DisplayName("is not ready, and says why, when the store is full or has failed, or not all has started")
    void notReady() throws Exception {
        port.gateway.started = false;
        port.gateway.health = new StoreHealth.Full("8 MiB are left");
        HttpResponse<String> full = port.get("/health/ready");
        port.gateway.started = true;
        port.gateway.health = new StoreHealth.Failed("sync failed");
        HttpResponse<String> failed = port.get("/health/ready");

        assertThat(full.statusCode()).isEqualTo(503);
        assertThat(full.body()).contains("has not started", "the store is full: 8 MiB are left");
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(failed.body()).getJsonArray("notReady"))
                .isEqualTo(JsonArray.of("the store is failed: sync failed"));
    }

    @Test
    @DisplayName("is not ready, and says what there is too much of, while the gateway is overloaded")
    void overloaded() throws Exception {
        port.gateway.overload = Map.of("heap", 0, "loop-lag", 1);

        HttpResponse<String> answer = port.get("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(answer.body()).getJsonArray("notReady"))
                .isEqualTo(JsonArray.of("the gateway is overloaded: loop-lag"));
    }

    @Test
    @DisplayName("tells the status: version, store, endpoints and the books of every outbox")
    void status() throws Exception {
        var ledger = port.gateway.ledger("telemetry", "plant");
        ledger.accept(10);
        ledger.accept(10);
        ledger.deliver(10);
        ledger.parked("no \"such\" topic\n");

        GatewayStatus status = GatewayStatus.from(port.json("/api/v1/status"));

        assertThat(status.version()).isEqualTo("1.2.3");
        assertThat(status.started()).isTrue();
        assertThat(status.connections()).isEqualTo(7);
        assertThat(status.store()).isEqualTo(new StoreStatus("ready", ""));
        assertThat(status.endpoints()).isEqualTo(port.gateway.endpoints());
        assertThat(status.outboxes())
                .containsExactly(OutboxStatus.of(port.gateway.ledgers().get(0)));
        assertThat(status.outboxes().get(0).lastError()).isEqualTo("no \"such\" topic\n");
        assertThat(status.outboxes().get(0).waiting()).isEqualTo(1);
    }

    @DisplayName("refuses a method that a path does not have, and names those it has")
    @ParameterizedTest
    @CsvSource({
        "POST,/health/live,'GET, HEAD'",
        "DELETE,/health/ready,'GET, HEAD'",
        "PUT,/metrics,'GET, HEAD'",
        "OPTIONS,/api/v1/status,'GET, HEAD'",
        "POST,/api/v1/dead-letters,'GET, HEAD'",
        "DELETE,/api/v1/dead-letters/1,'GET, HEAD'",
        "GET,/api/v1/dead-letters/replay,POST",
        "PATCH,/api/v1/dead-letters/drop,POST"
    })
    void methods(String method, String path, String allowed) throws Exception {
        HttpResponse<String> answer = port.send(method, path, "");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains(allowed);
        assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo("expected " + allowed);
    }

    @DisplayName("answers HEAD as GET, without the body")
    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/metrics", "/api/v1/status"})
    void head(String path) throws Exception {
        HttpResponse<String> answer = port.send("HEAD", path, "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().firstValueAsLong("Content-Length").orElseThrow())
                .isPositive();
    }

    @DisplayName("has nothing at other paths")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/health",
                "/health/live/",
                "/metrics/../metrics",
                "/%2e%2e/etc/passwd",
                "/api/v1/dead-letters/0",
                "/api/v1/dead-letters/x",
                "/api/v1/dead-letters/1234567890123456789012"
            })
    void unknown(String path) throws Exception {
        HttpResponse<String> answer = port.get(path);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo("there is nothing here");
    }

    @DisplayName("refuses every path to a page of another site")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health/live",
                "GET /health/ready",
                "GET /metrics",
                "GET /api/v1/status",
                "GET /api/v1/dead-letters",
                "GET /api/v1/dead-letters/1",
                "POST /api/v1/dead-letters/replay",
                "POST /api/v1/dead-letters/drop",
                "GET /nothing"
            })
    void foreignOrigin(String request) throws Exception {
        String[] parts = request.split(" ", 2);
        String json = "application/json";

        assertThat(port.send(parts[0], parts[1], "", "Origin", "http://evil.example", "Content-Type", json)
                        .statusCode())
                .isEqualTo(403);
        assertThat(port.send(parts[0], parts[1], "", "Origin", "null").statusCode())
                .isEqualTo(403);
        assertThat(port.send(parts[0], parts[1], "", "Origin", "http://127.0.0.1:1")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    @DisplayName("lets a page of its own call")
    void ownOrigin() throws Exception {
        String own = port.uri().toString();

        assertThat(port.get("/api/v1/status", "Origin", own).statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("answers health and metrics while a change takes its time, and finishes the change")
    void busy() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        port.gateway.deadLetters.hold(latch);
        CompletableFuture<HttpResponse<String>> change = inBackground("/api/v1/dead-letters/drop");
        Awaitility.await().atMost(AdminPort.PATIENCE).until(port.gateway.deadLetters::isHeld);

        assertThat(port.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(port.get("/metrics").statusCode()).isEqualTo(200);
        assertThat(change).isNotDone();
        latch.countDown();

        assertThat(change.get(AdminPort.PATIENCE.toMinutes(), TimeUnit.MINUTES).statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("answers a change that is under way when it is closed")
    void closedWhileBusy() throws Exception {
        CountDownLatch latch = new CountDownLatch(1);
        port.gateway.deadLetters.hold(latch);
        CompletableFuture<HttpResponse<String>> change = inBackground("/api/v1/dead-letters/drop");
        Awaitility.await().atMost(AdminPort.PATIENCE).until(port.gateway.deadLetters::isHeld);
        CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> {
            try {
                port.close();
            } catch (IOException | InterruptedException failure) {
                throw new CompletionException(failure);
            }
        });

        latch.countDown();

        assertThat(change.get(AdminPort.PATIENCE.toMinutes(), TimeUnit.MINUTES).statusCode())
                .isEqualTo(200);
        closed.get(AdminPort.PATIENCE.toMinutes(), TimeUnit.MINUTES);
        port = new AdminPort();
    }

    private CompletableFuture<HttpResponse<String>> inBackground(String path) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return port.post(path, "{\"all\": true}");
            } catch (IOException | InterruptedException failure) {
                throw new CompletionException(failure);
            }
        });
    }

    @Test
    @DisplayName("has few threads, with names, and leaves none behind")
    void threads() throws Exception {
        port.get("/metrics");
        port.post("/api/v1/dead-letters/drop", "{\"all\": true}");

        assertThat(ownThreads()).isBetween(3L, 8L);
        port.close();

        Awaitility.await().atMost(AdminPort.PATIENCE).until(() -> ownThreads() == 0);
        port = new AdminPort();
    }

    private static long ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("vert.x")
                        || thread.getName().startsWith("gantry-admin"))
                .count();
    }

    @Test
    @DisplayName("says which key to change when its address is taken")
    void taken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AdminSettings plain = AdminPort.PLAIN;
            AdminSettings settings = new AdminSettings(
                    true,
                    new ListenAddress("127.0.0.1", other.getLocalPort()),
                    plain.tls(),
                    plain.tokens(),
                    plain.hosts(),
                    plain.audit());

            assertThatThrownBy(() -> AdminServer.start(settings, directory, new SmallGateway()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("admin.listen: cannot listen on 127.0.0.1:" + other.getLocalPort())
                    .hasMessageContaining("enabled: false");
        }
    }
}

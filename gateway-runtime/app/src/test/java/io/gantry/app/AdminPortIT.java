// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.testbed.LoopbackPorts;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("A whole gateway, asked through its admin port,")
class AdminPortIT {
    private static final int MESSAGES = 5;

    private final List<String> console = Collections.synchronizedList(new ArrayList<>());
    private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
    private volatile int status = 400;
    private HttpServer service;

    @TempDir
    private Path directory;

    @BeforeEach
    void startService() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        service.createContext("/", this::answer);
        service.start();
    }

    private void answer(HttpExchange call) throws IOException {
        try (call) {
            call.getRequestBody().readAllBytes();
            if (status == 200) {
                keys.add(String.valueOf(call.getRequestHeaders().getFirst("Idempotency-Key")));
            }
            call.sendResponseHeaders(status, -1);
        }
    }

    @AfterEach
    void stopService() {
        service.stop(0);
    }

    @Test
    @DisplayName("has the dead letters of a wrong endpoint, and replays each to its target once, under its id")
    void replay() throws Exception {
        try (Gateway gateway = Gateway.start(settings(adminOf("127.0.0.1:0")), console::add)) {
            publish(gateway, MESSAGES);
            Patience.await().untilAsserted(() -> assertThat(metric("gantry_dead_letters"))
                    .isEqualTo(MESSAGES));
            String listed = gantry("dead-letters", "list");

            status = 200;
            String dry = gantry("dead-letters", "replay", "--route", "up", "--dry-run");
            String replayed = gantry("dead-letters", "replay", "--route", "up");

            Patience.await().untilAsserted(() -> assertThat(metric(delivered())).isEqualTo(MESSAGES));
            assertThat(dry).isEqualTo("would be replayed: 5\n");
            assertThat(replayed).isEqualTo("replayed: 5\n");
            assertThat(keys).doesNotHaveDuplicates().hasSize(MESSAGES).allSatisfy(key -> assertThat(listed)
                    .contains(" " + key + " "));
            assertThat(metric("gantry_dead_letters")).isZero();
            assertThat(gantry("status")).containsPattern("up +api +delivering +10 +5 +5 +0 +0 +0 +-");
        }
    }

    @Test
    @DisplayName("is ready while a target is away, and shows what waits")
    void waiting() throws Exception {
        status = 503;
        try (Gateway gateway = Gateway.start(settings(adminOf("127.0.0.1:0")), console::add)) {
            publish(gateway, MESSAGES);

            Patience.await().untilAsserted(() -> assertThat(gantry("status"))
                    .containsPattern("up +api +retrying +5 +0 +0 +0 +0 +5 +\\d+\\w+ +\\S+"));
            assertThat(get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(metric("gantry_messages_waiting{route=\"up\",target=\"api\"}"))
                    .isEqualTo(MESSAGES);
            assertThat(metric("gantry_mqtt_messages_received_total")).isEqualTo(MESSAGES);
        }
    }

    @Test
    @DisplayName("shows what was refused before it was a message: at the endpoint, or of the route")
    void refused() throws Exception {
        int port = LoopbackPorts.free();
        String routes = """
                endpoints: {web: {http: {listen: "127.0.0.1:%d"}}}
                routes: {down: {from: {web: {path: /in, properties: true}}, to: {mqtt: {topic: down}}}}
                """.formatted(port);
        try (Gateway ignored = Gateway.start(settings(adminOf("127.0.0.1:0"), routes), console::add)) {
            assertThat(post(port, "/elsewhere")).isEqualTo(404);
            assertThat(post(port, "/in")).isEqualTo(400);

            assertThat(metric("gantry_endpoint_events_total{endpoint=\"web\",event=\"refused\"}"))
                    .isEqualTo(1);
            assertThat(metric("gantry_route_events_total{event=\"refused\",route=\"down\"}"))
                    .isEqualTo(1);
            assertThat(gantry("status"))
                    .contains("endpoint web connected; refused 1", "route down delivering: refused 1");
        }
    }

    private static int post(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("mqtt-topic", "a/%2B")
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    @DisplayName("[G21] bans a device over https, with an operator's token, and records who did")
    void bans() throws Exception {
        TestCertificates authority = TestCertificates.in(directory);
        TestCertificates.Identity server = authority.server("127.0.0.1");
        Path token = Files.writeString(directory.resolve("token"), "t".repeat(32));
        String admin = """
                admin:
                  listen: "127.0.0.1:0"
                  tls: {cert: "%s", key: "%s"}
                  tokens: {alice: {token: "${file:%s}", role: operator}}
                """.formatted(server.cert(), server.key(), token);
        String[] access = {
            "--token-file", token.toString(), "--ca-file", authority.authority().toString()
        };
        try (Gateway gateway = Gateway.start(settings(admin), console::add)) {
            publish(gateway, 1);

            assertThat(gantry(access, "bans", "add", "--client-id", "device")).isEqualTo("banned: device\n");

            assertThatThrownBy(() -> publish(gateway, 1)).isInstanceOf(Mqtt5ConnAckException.class);
            assertThat(gantry(access, "bans", "list")).containsPattern("client-id +device +\\S+ +- +operator");
            assertThat(gantry(access, "bans", "remove", "--client-id", "device"))
                    .isEqualTo("no longer banned: device\n");
            publish(gateway, 1);
        }

        assertThat(Files.readAllLines(directory.resolve("store").resolve("audit.jsonl")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .contains("\"who\":\"alice\"", "\"from\":\"127.0.0.1\"", "\"result\":\"done\""));
    }

    @Test
    @DisplayName("does not start when the port is taken, says which key, and leaves nothing behind")
    void taken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + other.getLocalPort();

            assertThatThrownBy(() -> Gateway.start(settings(adminOf(address)), console::add))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("admin.listen: cannot listen on " + address);
        }
        Gateway.start(settings("admin: {enabled: false}"), console::add).close();

        assertThat(console).noneMatch(line -> line.startsWith("admin"));
    }

    private static String adminOf(String address) {
        return "admin: {listen: \"" + address + "\"}";
    }

    private GatewaySettings settings(String admin) throws Exception {
        return settings(admin, """
                endpoints: {api: {http: {url: "http://127.0.0.1:%d"}}}
                routes: {up: {from: {mqtt: "a/#"}, to: {api: {path: "/in"}}}}
                """.formatted(service.getAddress().getPort()));
    }

    private GatewaySettings settings(String admin, String routes) throws Exception {
        return new ConfigFile(Connectors.all(), Map.<String, String>of()::get)
                .read("t.yaml", """
                listeners: ["mqtt://127.0.0.1:0"]
                store: {directory: "%s"}
                shutdown-timeout: 1s
                %s
                %s
                """.formatted(directory.resolve("store"), admin, routes));
    }

    private static void publish(Gateway gateway, int messages) {
        Mqtt5BlockingClient device = TestGateway.client(
                        "device", gateway.addresses().get(0).getPort())
                .useMqttVersion5()
                .buildBlocking();
        device.connect();
        for (int i = 0; i < messages; i++) {
            device.publishWith()
                    .topic("a/" + i)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload("{}".getBytes(StandardCharsets.UTF_8))
                    .send();
        }
        device.disconnect();
    }

    private static String delivered() {
        return "gantry_messages_delivered_total{route=\"up\",target=\"api\"}";
    }

    private String url() {
        return console.stream()
                .filter(line -> line.startsWith("admin "))
                .findFirst()
                .orElseThrow()
                .substring("admin ".length());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private double metric(String series) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private String gantry(String... arguments) {
        return gantry(new String[0], arguments);
    }

    private String gantry(String[] access, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(access));
        all.addAll(List.of("--admin", url()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine gantry = Main.commandLine(Map.<String, String>of()::get);
        gantry.setOut(new PrintWriter(out, true));
        gantry.setErr(new PrintWriter(err, true));
        int exit = gantry.execute(all.toArray(String[]::new));
        assertThat(err).hasToString("");
        assertThat(exit).isZero();
        return out.toString();
    }
}

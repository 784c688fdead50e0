// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gantry.api.Payload;
import io.gantry.api.files.FileCounts;
import io.gantry.api.settings.Secret;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The admin port with tokens")
class TokensOnTheAdminPortTest {
    static final String VIEWER = "viewer-0123456789abcdef0123456789abcdef";
    static final String OPERATOR = "operator-0123456789abcdef0123456789abcdef";
    static final Map<String, TokenSettings> TOKENS = Map.of(
            "grafana", new TokenSettings(new Secret(VIEWER), Role.VIEWER),
            "alice", new TokenSettings(new Secret(OPERATOR), Role.OPERATOR));
    private static final String ALL = "{\"all\": true}";

    private AdminPort port;

    @BeforeEach
    void open() throws Exception {
        port = new AdminPort(AdminPort.settings(null, TOKENS));
        port.gateway.deadLetters.add("telemetry", "d1", "a/b", Payload.ofText("secret"), "away", 1_000);
    }

    @AfterEach
    void close() throws Exception {
        port.close();
    }

    /** Every path there is, as callers write it. */
    static List<String> paths() {
        SmallGateway gateway = new SmallGateway();
        Entrance entrance = new Entrance(new Tokens(Map.of()), new Attempts(System::nanoTime));
        return new Site(
                        gateway,
                        new GatewayMetrics(
                                gateway, new OwnNumbers(entrance, new ConnectionCounts(), new FileCounts(), null)),
                        new Uptime())
                .paths().stream()
                        .map(path -> path.replace("{number}", "1"))
                        .sorted()
                        .toList();
    }

    static List<String> closedPaths() {
        return paths().stream().filter(path -> !path.startsWith("/health/")).toList();
    }

    private record Way(String method, String path) {}

    /** What might slip past a check that looks at the path alone. */
    private static List<Way> waysIn() {
        List<Way> ways = new ArrayList<>();
        for (String path : closedPaths()) {
            int last = path.lastIndexOf('/');
            List<String> spellings = List.of(
                    path,
                    path + "/",
                    path + "//",
                    path + "?x=1",
                    path + "#x",
                    path + ";x",
                    "/" + path,
                    path.substring(0, last) + "//" + path.substring(last + 1),
                    path.substring(0, last) + "/./" + path.substring(last + 1),
                    "/health/.." + path,
                    "/health/live/.." + path,
                    "/health/live/%2e%2e" + path,
                    "/%2e" + path,
                    path.substring(0, last) + "/%2e/" + path.substring(last + 1),
                    path.substring(0, last) + "%2f" + path.substring(last + 1),
                    path.toUpperCase(Locale.ROOT),
                    path + "%00",
                    "http://127.0.0.1" + path);
            for (String method : List.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "get", "TRACE")) {
                spellings.forEach(spelling -> ways.add(new Way(method, spelling)));
            }
        }
        return ways;
    }

    @Test
    @DisplayName("[G10] lets nobody in without a token, however the path is spelled")
    void noWayIn() throws Exception {
        List<String> open = new ArrayList<>();
        for (Way way : waysIn()) {
            for (String version : List.of("HTTP/1.1", "HTTP/1.0")) {
                String answer = raw(way.method + " " + way.path + " " + version + "\r\nHost: 127.0.0.1\r\n"
                        + "Connection: close\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 13\r\n\r\n" + ALL);
                boolean isRefused = answer.matches("(?s)HTTP/1\\.[01] (400|401) .*");
                if (!isRefused || answer.contains("gantry_") || answer.contains("deadLetters")) {
                    open.add(way.method + " " + way.path + " " + version + " → "
                            + answer.lines().findFirst().orElse("closed"));
                }
            }
        }

        assertThat(open).isEmpty();
        assertThat(port.gateway.deadLetters.messages()).isEqualTo(1);
    }

    @DisplayName("[G10] answers who shows no token with 401 and what is expected, on loopback too")
    @ParameterizedTest
    @MethodSource("closedPaths")
    void challenge(String path) throws Exception {
        for (String method : List.of("GET", "POST")) {
            HttpResponse<String> answer = port.send(method, path, "", "Content-Type", "application/json");

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"gantry\"");
            assertThat(new JsonObject(answer.body()).getString("error")).startsWith("expected a token");
        }
    }

    @DisplayName("[G10] answers who shows a wrong one with 401")
    @ParameterizedTest
    @MethodSource("closedPaths")
    void wrong(String path) throws Exception {
        String token = "Bearer wrong-0123456789abcdef0123456789abcdef";

        assertThat(port.get(path, "Authorization", token).statusCode()).isEqualTo(401);
        assertThat(port.send("POST", path, ALL, "Content-Type", "application/json", "Authorization", token)
                        .statusCode())
                .isEqualTo(401);
        assertThat(port.gateway.deadLetters.messages()).isEqualTo(1);
    }

    @DisplayName("[G10] says nothing of what there is to who has no token")
    @ParameterizedTest
    @ValueSource(strings = {"/", "/nothing", "/api/v1/nothing", "/api"})
    void nothing(String path) throws Exception {
        assertThat(port.get(path).statusCode()).isEqualTo(401);
        assertThat(port.get(path, "Authorization", "Bearer " + VIEWER).statusCode())
                .isEqualTo(404);
    }

    @DisplayName("lets probes ask for health without one")
    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/health/ready"})
    void probes(String path) throws Exception {
        assertThat(port.get(path).statusCode()).isEqualTo(200);
        assertThat(port.get(path, "Authorization", "Bearer wrong").statusCode()).isEqualTo(200);
    }

    @DisplayName("lets viewers look, by whatever case of Bearer")
    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER  "})
    void viewer(String scheme) throws Exception {
        assertThat(port.get("/metrics", "Authorization", scheme + VIEWER).statusCode())
                .isEqualTo(200);
        assertThat(port.get("/api/v1/status", "Authorization", scheme + VIEWER).statusCode())
                .isEqualTo(200);
    }

    @DisplayName("[G11] does not let viewers change: 403")
    @ParameterizedTest
    @MethodSource("changes")
    void viewersDoNotChange(String path) throws Exception {
        HttpResponse<String> answer = change(path, VIEWER);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("operator");
        assertThat(port.gateway.deadLetters.messages()).isEqualTo(1);
    }

    static List<String> changes() {
        SmallGateway gateway = new SmallGateway();
        Entrance entrance = new Entrance(new Tokens(Map.of()), new Attempts(System::nanoTime));
        Site site = new Site(
                gateway,
                new GatewayMetrics(gateway, new OwnNumbers(entrance, new ConnectionCounts(), new FileCounts(), null)),
                new Uptime());
        return closedPaths().stream()
                .filter(path -> site.at(path).orElseThrow().verb() == Resource.Verb.CHANGE)
                .toList();
    }

    @Test
    @DisplayName("lets operators change")
    void operator() throws Exception {
        assertThat(change("/api/v1/dead-letters/drop", OPERATOR).statusCode()).isEqualTo(200);
    }

    @DisplayName("takes nothing that is nearly a token")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer " + OPERATOR + "x",
                "Bearer x" + OPERATOR,
                "Bearer operator-0123456789abcdef0123456789abcde",
                "Bearer OPERATOR-0123456789ABCDEF0123456789ABCDEF",
                "Bearer " + OPERATOR + "," + OPERATOR,
                "Token " + OPERATOR,
                OPERATOR
            })
    void nearly(String authorization) throws Exception {
        HttpResponse<String> answer = port.get("/metrics", "Authorization", authorization);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).contains("invalid_token"));
        assertThat(answer.body()).doesNotContain("0123456789abcde");
    }

    @Test
    @DisplayName("takes no two tokens at once")
    void twice() throws Exception {
        String header = "Authorization: Bearer " + OPERATOR + "\r\n";

        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + header + "\r\n"))
                .startsWith("HTTP/1.1 401 ");
    }

    @Test
    @DisplayName(
            "[B19, G18] locks an address out that has shown ten wrong tokens, whatever it shows then, and counts it")
    void lockedOut() throws Exception {
        List<Socket> guesses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Socket guess = send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: Bearer guess" + i + "\r\n\r\n");
            guesses.add(guess);
        }
        for (Socket guess : guesses) {
            assertThat(read(guess)).startsWith("HTTP/1.1 401 ");
        }

        HttpResponse<String> answer = port.get("/metrics", "Authorization", "Bearer " + OPERATOR);

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Long.parseLong(seconds)).isBetween(1L, 301L));
        assertThat(port.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("counts who is not let in, by the reason")
    void counted() throws Exception {
        port.get("/metrics");
        port.get("/metrics", "Authorization", "Bearer wrong");
        change("/api/v1/dead-letters/drop", VIEWER);

        assertThat(port.get("/metrics", "Authorization", "Bearer " + VIEWER).body())
                .contains(
                        "gantry_admin_refused_total{reason=\"no-token\"} 1.0",
                        "gantry_admin_refused_total{reason=\"wrong-token\"} 1.0",
                        "gantry_admin_refused_total{reason=\"locked-out\"} 0.0",
                        "gantry_admin_refused_total{reason=\"role\"} 1.0");
    }

    @Test
    @DisplayName("[G21] records each change, and each that was refused, in one line: who, what, result, from where")
    void audited() throws Exception {
        change("/api/v1/dead-letters/drop", OPERATOR);
        change("/api/v1/dead-letters/replay", VIEWER);
        change("/api/v1/dead-letters/replay", "wrong");
        port.get("/metrics", "Authorization", "Bearer " + VIEWER);

        Awaitility.await().atMost(AdminPort.PATIENCE).untilAsserted(() -> assertThat(port.audited())
                .hasSize(3));
        List<JsonObject> lines = port.audited();
        assertThat(lines)
                .extracting(
                        line -> line.getString("who"),
                        line -> line.getString("role"),
                        line -> line.getString("what"),
                        line -> line.getString("result"),
                        line -> line.getInteger("status"),
                        line -> line.getString("from"))
                .containsExactly(
                        tuple("alice", "operator", "/api/v1/dead-letters/drop", "done", 200, "127.0.0.1"),
                        tuple("grafana", "viewer", "/api/v1/dead-letters/replay", "refused", 403, "127.0.0.1"),
                        tuple("unknown", "", "/api/v1/dead-letters/replay", "refused", 401, "127.0.0.1"));
        assertThat(lines.get(0).getString("asked")).isEqualTo(ALL);
        assertThat(lines.toString()).doesNotContain(OPERATOR, VIEWER);
    }

    private HttpResponse<String> change(String path, String token) throws IOException, InterruptedException {
        return port.send("POST", path, ALL, "Content-Type", "application/json", "Authorization", "Bearer " + token);
    }

    /** All that comes until the server closes. */
    private String raw(String request) throws IOException {
        return read(send(request));
    }

    private Socket send(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
        socket.setSoTimeout((int) AdminPort.PATIENCE.toMillis());
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }

    private static String read(Socket socket) throws IOException {
        try (socket) {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}

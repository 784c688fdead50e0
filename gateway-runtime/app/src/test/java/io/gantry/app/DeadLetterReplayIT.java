// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static io.gantry.app.TestGateway.isAcknowledged;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@DisplayName("Dead letters of a gateway")
class DeadLetterReplayIT {
    private static final int MESSAGES = 50;

    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final List<String> taken = new CopyOnWriteArrayList<>();
    private HttpServer service;

    @TempDir
    private Path directory;

    @BeforeEach
    void startService() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", this::answer);
        service.start();
    }

    @AfterEach
    void stopService() {
        service.stop(0);
    }

    /** Under v1 nothing is understood. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            boolean isWrong = exchange.getRequestURI().getPath().startsWith("/v1");
            (isWrong ? refused : taken).add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            exchange.sendResponseHeaders(isWrong ? 400 : 204, -1);
        }
    }

    private TestGateway gateway(String version) throws Exception {
        return TestGateway.on(
                directory.resolve("store"), """
                endpoints:
                  api: {http: "http://127.0.0.1:%d/%s"}
                routes:
                  readings: {from: {mqtt: "in/+"}, to: {api: "/readings"}}
                """.formatted(service.getAddress().getPort(), version));
    }

    @Test
    @DisplayName("go to the target exactly once by their ids, when they are replayed after the endpoint was mended")
    void replayed() throws Exception {
        try (TestGateway gateway = gateway("v1")) {
            Mqtt5AsyncClient device = gateway.device5("d");
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(isAcknowledged(device, "in/" + i)).isTrue();
            }
            await().until(() -> ask(gateway, "dead-letters", "list").size() == MESSAGES + 1);
        }

        try (TestGateway gateway = gateway("v2")) {
            assertThat(ask(gateway, "dead-letters", "replay", "--route", "readings", "--dry-run"))
                    .first()
                    .asString()
                    .contains(" " + MESSAGES + " ");
            assertThat(taken).isEmpty();
            ask(gateway, "dead-letters", "replay", "--route", "readings");

            await().until(() -> gateway.ledgers().get(0).delivered() == MESSAGES);
            Set<String> ids = new TreeSet<>(refused);
            assertThat(ids).hasSize(MESSAGES);
            assertThat(taken).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(ask(gateway, "dead-letters", "list")).doesNotContainAnyElementsOf(ids);
        }
    }

    /** The lines that a command of the gateway prints. */
    private static List<String> ask(TestGateway gateway, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        Stream.of("--admin", gateway.adminUrl()).forEach(arguments::add);
        StringWriter out = new StringWriter();
        CommandLine gantry = Main.commandLine(name -> null).setOut(new PrintWriter(out));
        StringWriter err = new StringWriter();
        gantry.setErr(new PrintWriter(err));
        assertThat(gantry.execute(arguments.toArray(String[]::new)))
                .as(err.toString())
                .isZero();
        return out.toString().lines().toList();
    }
}

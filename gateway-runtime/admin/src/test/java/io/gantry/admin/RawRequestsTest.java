// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Payload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.AbstractList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The admin port, byte by byte,")
class RawRequestsTest {

    @DisplayName("lets in who calls it by a loopback name or address, through whatever port")
    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:9", "127.0.0.1:8080", "127.1.2.3", "[::1]:8080", "[0:0:0:0:0:0:0:1]"})
    void ownNames(String host) throws Exception {
        try (AdminPort port = new AdminPort()) {
            assertThat(answer(port, "GET /health/live HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @DisplayName("refuses who calls it by another name, as a page does that had its name point here")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "10.0.0.1",
                "127.0.0.999",
                "127.1",
                "0.0.0.0",
                "[::]",
                "[.:]",
                "::1",
                "127.0.0.1@evil.example",
                "a b",
                "127.0.0.1:port",
                ""
            })
    void foreignNames(String host) throws Exception {
        try (AdminPort port = new AdminPort()) {
            assertThat(answer(port, "GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 403 ");
        }
    }

    @Test
    @DisplayName("wants exactly one Host, and a path instead of a URL")
    void oneHost() throws Exception {
        try (AdminPort port = new AdminPort()) {
            assertThat(answer(port, "GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ");
            assertThat(answer(
                            port,
                            "GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ");
            assertThat(answer(
                            port,
                            "GET http://localhost/metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 404 ");
        }
    }

    @DisplayName("answers what is no HTTP, or has too large a head, with 400 as JSON, and closes")
    @ParameterizedTest
    @ValueSource(strings = {"line", "header", "headers", "nonsense"})
    void malformed(String kind) throws Exception {
        String request =
                switch (kind) {
                    case "line" -> "GET /" + "a".repeat(3_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                    case "header" -> "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a".repeat(9_000) + "\r\n\r\n";
                    case "headers" -> "GET / HTTP/1.1\r\nHost: localhost\r\n" + "X: a\r\n".repeat(2_000) + "\r\n";
                    default -> "\u0016\u0003\u0001 nonsense\r\n\r\n";
                };
        try (AdminPort port = new AdminPort()) {
            assertThat(answer(port, request))
                    .matches("(?s)HTTP/1[.][01] 400 .*")
                    .contains("{\"error\":", "8 KiB");
        }
    }

    @Test
    @DisplayName("answers a query that is no percent-encoding with 400, so that nobody waits")
    void malformedQuery() throws Exception {
        try (AdminPort port = new AdminPort()) {
            assertThat(
                            answer(
                                    port,
                                    "GET /api/v1/dead-letters?route=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    @DisplayName("refuses a body that is too large, announced or not, and records it once however long it goes on")
    void largeBody() throws Exception {
        String head = "POST /api/v1/dead-letters/drop HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\n";
        String chunks = ("3e8\r\n" + " ".repeat(1_000) + "\r\n").repeat(100) + "0\r\n\r\n";
        try (AdminPort port = new AdminPort()) {
            assertThat(answer(port, head + "Content-Length: 100000\r\n\r\n" + " ".repeat(100_000)))
                    .startsWith("HTTP/1.1 413 ");
            assertThat(answer(port, head + "Transfer-Encoding: chunked\r\n\r\n" + chunks))
                    .startsWith("HTTP/1.1 413 ");
            // one that is recorded after them
            assertThat(port.post("/api/v1/dead-letters/drop", "{}").statusCode())
                    .isEqualTo(400);
            assertThat(port.audited())
                    .extracting(line -> line.getInteger("status"))
                    .containsExactly(413, 413, 400);
        }
    }

    @DisplayName("refuses a change whose body is not said to be JSON, as a form of another site is not")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Content-Type: text/plain\r\n",
                "Content-Type: application/x-www-form-urlencoded\r\n",
                "Content-Type: application/jsonp\r\n",
                "Content-Type: application/json; charset=utf-16\r\n"
            })
    void contentType(String header) throws Exception {
        try (AdminPort port = new AdminPort()) {
            String request = "POST /api/v1/dead-letters/drop HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + header + "Content-Length: 13\r\n\r\n{\"all\": true}";

            assertThat(answer(port, request)).startsWith("HTTP/1.1 415 ");
        }
    }

    @DisplayName("[G16] refuses what another server could read as another request, changes nothing, and closes")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n{\"all\": true}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nd\r\n{\"all\": true}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n100000004\r\n{\"all\": true}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nd;a=\"\n\"\r\n{\"all\": true}\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\nContent-Length: 13\r\n\r\n{\"all\": true}",
                "Transfer-Encoding: chunked, identity\r\n\r\nd\r\n{\"all\": true}\r\n0\r\n\r\n",
                "Transfer-Encoding:\u000bchunked\r\n\r\nd\r\n{\"all\": true}\r\n0\r\n\r\n",
                "Content-Length: 13\r\nContent-Length: 14\r\n\r\n{\"all\": true}",
                "Content-Length: +13\r\n\r\n{\"all\": true}",
                "Content-Length : 13\r\n\r\n{\"all\": true}",
                "X\0: y\r\nContent-Length: 13\r\n\r\n{\"all\": true}",
                "X: y\nContent-Length: 13\n\n{\"all\": true}"
            })
    void smuggled(String rest) throws Exception {
        try (AdminPort port = new AdminPort()) {
            port.gateway.deadLetters.add("r", "d", "a", Payload.ofText("x"), "away", 1);
            String answers = answer(
                    port,
                    "POST /api/v1/dead-letters/drop HTTP/1.1\r\nHost: localhost\r\n"
                            + "Content-Type: application/json\r\n" + rest
                            + "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(answers).matches("(?s)(HTTP/1[.][01] 400 .*)?").doesNotContain("version");
            assertThat(port.gateway.deadLetters.messages()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("says nothing of what failed inside, but in the log")
    void failedInside() throws Exception {
        try (AdminPort port = new AdminPort()) {
            port.gateway.endpoints = new AbstractList<>() {
                @Override
                public EndpointStatus get(int index) {
                    throw new IllegalStateException("a secret of the inside");
                }

                @Override
                public int size() {
                    return 1;
                }
            };

            String answer = answer(port, "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 500 ").contains("whose log says why");
            assertThat(answer).doesNotContain("Exception", "\tat ", ".java", "io.gantry", "secret");
        }
    }

    @Test
    @DisplayName("answers several requests that come at once, in their order")
    void pipelined() throws Exception {
        String live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String last = "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        try (AdminPort port = new AdminPort()) {
            String answers = answer(port, live + "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" + live + last);

            assertThat(answers.split("HTTP/1\\.1 ", -1)).hasSize(5);
            assertThat(answers).containsPattern("(?s)200 OK.*200 OK.*200 OK.*404 Not Found");
        }
    }

    @Test
    @DisplayName("closes a connection that says nothing, stays in the middle of a request, or keeps quiet after one")
    void patience() throws Exception {
        AdminLimits impatient = new AdminLimits(2_048, 6_144, 65_536, 100, 20, Duration.ofMillis(300));
        try (AdminPort port = new AdminPort(impatient)) {
            assertThat(answer(port, "")).isEmpty();
            assertThat(answer(port, "GET /health/live HTTP/1.1\r\nHos")).isEmpty();
            assertThat(answer(
                            port,
                            "POST /api/v1/dead-letters/drop HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 13\r\n\r\n{"))
                    .isEmpty();
            assertThat(answer(port, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    /** All that comes until the server closes. */
    private static String answer(AdminPort port, String request) throws IOException {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        }
    }

    private static Socket connect(AdminPort port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port());
        socket.setSoTimeout((int) AdminPort.PATIENCE.toMillis());
        return socket;
    }
}

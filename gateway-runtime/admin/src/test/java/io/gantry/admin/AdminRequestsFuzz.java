// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.SilentCloseable;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.gantry.api.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Input: a byte, then, when it is even, the path with its query in one line and the body of a request that is otherwise as it
 * should be; when it is odd, all bytes of a connection.
 */
@DisplayName("Whatever is asked of the admin port")
class AdminRequestsFuzz {
    private static AdminPort port;

    static Stream<Arguments> seeds() {
        return Stream.of(
                        "0/api/v1/bans/add\n{\"address\": \"10.0.0.1\", \"seconds\": 9}",
                        "0/api/v1/bans/add\n{\"clientId\": \"a\\u0000\", \"seconds\": 9e99}",
                        "0/api/v1/bans/remove\n{\"username\": [\"a\"]}",
                        "0/api/v1/bans/add\nnull",
                        "0/api/v1/bans/add\n{\"seconds\": {}} {\"address\":1}",
                        "0/api/v1/bans/add\n" + "[".repeat(2_000),
                        "0/api/v1/dead-letters/drop\n{\"route\": \"r\", \"from\": \"2026-11-21T18:00:00Z\", \"dryRun\": true}",
                        "0/api/v1/dead-letters/replay\n{\"to\": \"+999999999-12-31T23:59:59+18:00\", \"all\": false}",
                        "0/api/v1/dead-letters?limit=10&after=9223372036854775807&id=a%20b\n",
                        "0/api/v1/dead-letters?limit=%zz&route=%\n",
                        "0/api/v1/dead-letters/1\n",
                        "0/api/v1/dead-letters/999999999999999999\n",
                        "0/api/v1/dead-letters/{number}\n",
                        "0/metrics?\u00e9\n",
                        "0//api/v1/status/../status;a=b#c\n",
                        "1GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n",
                        "1OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "1CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "1GET /metrics HTTP/1.1\r\nHost: [::1]:x\r\nOrigin: null\r\n\r\n",
                        "1POST /api/v1/bans/add HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nX: y\r\n\r\n",
                        "1GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                                + "HTTP2-Settings: AAMAAABk\r\n\r\n",
                        "1PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                .map(text -> arguments(named(
                        text.length() + " characters, " + Integer.toHexString(text.hashCode()),
                        text.getBytes(StandardCharsets.UTF_8))));
    }

    @BeforeAll
    static void start() throws Exception {
        port = new AdminPort();
        for (int i = 0; i < 3; i++) {
            port.gateway.deadLetters.add("r", "d", "a", Payload.ofText("x"), "away", 1);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        port.close();
    }

    @DisplayName("is answered, or the connection is closed; nothing fails inside, and nothing of the inside gets out")
    @MethodSource("seeds")
    @FuzzTest
    void request(byte[] input) throws IOException {
        boolean isWhole = input.length > 0 && input[0] % 2 == 0;
        byte[] rest = input.length > 0 ? Arrays.copyOfRange(input, 1, input.length) : input;

        String answer = answer(isWhole ? whole(rest) : rest, isWhole);

        // 501 is for a version of HTTP that nobody knows
        assertThat(answer)
                .doesNotContainPattern("HTTP/1[.][01] 50[^1]")
                .doesNotContain("Exception", "\tat ", ".java", "io.gantry", "io.vertx");
        if (isWhole) {
            assertThat(answer).matches("(?s)HTTP/1[.][01] [24]\\d\\d .*");
        }
    }

    /** GET without a body, otherwise POST; the path in one word, or its rest would be read as the version. */
    private static byte[] whole(byte[] input) {
        String text = new String(input, ISO_8859_1);
        int end = text.indexOf('\n');
        String path = end < 0 ? text : text.substring(0, end);
        String body = end < 0 ? "" : text.substring(end + 1);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(((body.isEmpty() ? "GET " : "POST ") + path.replaceAll("\\s", "")
                        + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Connection: close\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                        + "\r\n\r\n")
                .getBytes(ISO_8859_1));
        request.writeBytes(body.getBytes(ISO_8859_1));
        return request.toByteArray();
    }

    /** To what is whole there is an answer; of other bytes the gateway has to be told that no more come. */
    private static String answer(byte[] request, boolean isWhole) throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (SilentCloseable allowed = BugDetectors.allowNetworkConnections();
                Socket socket = new Socket(here, port.port())) {
            socket.setSoTimeout((int) AdminPort.PATIENCE.toMillis());
            socket.getOutputStream().write(request);
            if (!isWhole) {
                socket.shutdownOutput();
            }
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (SocketException reset) {
            // it answers what is no HTTP before it has read all of it, and the rest meets a closed connection
            return isWhole ? "HTTP/1.1 400 " : "";
        }
    }
}

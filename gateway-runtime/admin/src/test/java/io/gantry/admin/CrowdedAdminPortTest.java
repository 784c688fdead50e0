// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The admin port, when it is crowded,")
class CrowdedAdminPortTest {
    private static final String GET = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK";

    private final List<Socket> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws IOException {
        for (Socket socket : opened) {
            socket.close();
        }
    }

    @Test
    @DisplayName("closes connections beyond the limit at once, and takes new ones when others have gone")
    void inAll() throws Exception {
        try (AdminPort port = new AdminPort(limits(3, 100))) {
            for (int i = 0; i < 3; i++) {
                connect(port, "127.0.0.1");
            }

            assertThat(isClosed(connect(port, "127.0.0.1"))).isTrue();

            closeAll();
            Awaitility.await().atMost(AdminPort.PATIENCE).until(() -> isAnswered(connect(port, "127.0.0.1")));
            assertThat(closed(port, "too-many")).isPositive();
            assertThat(closed(port, "too-many-of-address")).isZero();
        }
    }

    @Test
    @DisplayName("lets one address have 20 connections, so that another one still gets its answer")
    void ofAnAddress() throws Exception {
        try (AdminPort port = new AdminPort()) {
            for (int i = 0; i < 100; i++) {
                connect(port, "127.0.0.1");
            }

            assertThat(isAnswered(connectFromElsewhere(port))).isTrue();

            for (Socket tooMany : opened.subList(20, 100)) {
                assertThat(isClosed(tooMany)).isTrue();
            }
            closeAll();
            Awaitility.await().atMost(AdminPort.PATIENCE).until(() -> isAnswered(connect(port, "127.0.0.1")));
            assertThat(closed(port, "too-many-of-address")).isGreaterThanOrEqualTo(80);
            assertThat(closed(port, "too-many")).isZero();
            assertThat(closed(port, "idle")).isZero();
        }
    }

    @Test
    @DisplayName("closes the connection that has waited longest for its next request, to make room for a new one")
    void idle() throws Exception {
        try (AdminPort port = new AdminPort(limits(100, 3))) {
            Socket first = connect(port, "127.0.0.1");
            Socket second = connect(port, "127.0.0.1");
            Socket silent = connect(port, "127.0.0.1");
            assertThat(isAnswered(first)).isTrue();
            assertThat(isAnswered(second)).isTrue();
            assertThat(isAnswered(first)).isTrue();

            assertThat(isAnswered(connect(port, "127.0.0.1"))).isTrue();

            assertThat(isClosed(second)).isTrue();
            assertThat(isAnswered(first)).isTrue();
            assertThat(isAnswered(silent)).isTrue();
            assertThat(closed(port, "idle")).isPositive();
        }
    }

    @Test
    @DisplayName("closes no connection that is in the middle of a request, nor one of another address, for a new one")
    void busy() throws Exception {
        try (AdminPort port = new AdminPort(limits(100, 1))) {
            Socket elsewhere = connectFromElsewhere(port);
            assertThat(isAnswered(elsewhere)).isTrue();
            Socket asking = connect(port, "127.0.0.1");
            assertThat(isAnswered(asking)).isTrue();
            send(
                    asking,
                    "POST /api/v1/dead-letters/drop HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                            + "Content-Type: application/json\r\nContent-Length: 13\r\n\r\n");
            assertThat(firstLine(asking)).isEqualTo("HTTP/1.1 100 Continue");

            assertThat(isClosed(connect(port, "127.0.0.1"))).isTrue();

            send(asking, "{\"all\": true}");
            assertThat(firstLine(asking)).isEqualTo(OK);
            assertThat(isAnswered(elsewhere)).isTrue();
        }
    }

    private static AdminLimits limits(int connections, int perAddress) {
        return new AdminLimits(2_048, 6_144, 65_536, connections, perAddress, Duration.ofMinutes(10));
    }

    private static double closed(AdminPort port, String reason) throws Exception {
        return Scrape.parse(port.get("/metrics").body())
                .value("gantry_admin_connections_closed_total", Map.of("reason", reason));
    }

    private Socket connectFromElsewhere(AdminPort port) throws IOException {
        try {
            return connect(port, "127.0.0.2");
        } catch (BindException none) {
            assumeTrue(false, "there is no 127.0.0.2 here");
            throw none;
        }
    }

    private Socket connect(AdminPort port, String from) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port(), InetAddress.getByName(from), 0);
        opened.add(socket);
        socket.setSoTimeout((int) AdminPort.PATIENCE.toMillis());
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** False when it is closed instead. */
    private static boolean isAnswered(Socket socket) throws IOException {
        try {
            send(socket, GET);
            return firstLine(socket).equals(OK);
        } catch (SocketException reset) {
            return false;
        }
    }

    /** Of one answer, which is read whole; empty when the connection is closed. */
    private static String firstLine(Socket socket) throws IOException {
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                return "";
            }
            head += (char) next;
        }
        String length = "content-length: ";
        int at = head.indexOf(length);
        if (at >= 0) {
            int end = head.indexOf("\r\n", at);
            socket.getInputStream().readNBytes(Integer.parseInt(head.substring(at + length.length(), end)));
        }
        return head.substring(0, head.indexOf("\r\n"));
    }
}

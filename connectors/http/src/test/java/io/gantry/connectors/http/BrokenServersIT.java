// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.EndpointWatcher.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("An HTTP service that is broken")
class BrokenServersIT {
    /** So short that a test waits seconds, where connections to loopback take none. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Ways of not answering. Each ends by itself when the gateway closes the connection. */
    enum NoAnswer implements ScriptedServer.Reply {
        CLOSES((request, socket) -> socket.close()),
        RESETS((request, socket) -> {
            socket.setSoLinger(true, 0);
            socket.close();
        }),
        RESETS_WITHIN_THE_STATUS((request, socket) -> {
            ScriptedServer.write(socket, "HTTP/1.1 20");
            socket.setSoLinger(true, 0);
            socket.close();
        }),
        CLOSES_WITHIN_THE_HEADERS((request, socket) -> {
            ScriptedServer.write(socket, "HTTP/1.1 200 OK\r\nContent-Le");
            socket.close();
        }),
        SPEAKS_SOMETHING_ELSE((request, socket) -> {
            ScriptedServer.write(socket, "SSH-2.0-OpenSSH_9.6\r\n".repeat(20));
            socket.close();
        }),
        HUGE_HEADER((request, socket) ->
                ScriptedServer.write(socket, ScriptedServer.head(200, "X: " + "x".repeat(1 << 20)) + "\r\n")),
        ENDLESS_HEADERS((request, socket) -> endlessly(socket, "HTTP/1.1 200 OK\r\n", "X: x\r\n", 0)),
        ENDLESS_CONTINUE((request, socket) -> endlessly(socket, "", "HTTP/1.1 100 Continue\r\n\r\n", 1)),
        TWO_LENGTHS((request, socket) -> ScriptedServer.write(
                socket, ScriptedServer.head(200, "Content-Length: -5", "Content-Length: x") + "\r\n")),
        SILENCE((request, socket) -> ScriptedServer.write(socket, "")),
        DRIPS((request, socket) -> endlessly(socket, "HTTP/1.1 200 OK\r\nX: ", "x", 100));

        private final ScriptedServer.Reply reply;

        NoAnswer(ScriptedServer.Reply reply) {
            this.reply = reply;
        }

        @Override
        public void to(ScriptedServer.Request request, Socket socket) throws IOException {
            reply.to(request, socket);
        }
    }

    /** Ways of answering that cannot be read to their end. */
    enum BadBody implements ScriptedServer.Reply {
        ENDLESS((request, socket) ->
                endlessly(socket, ScriptedServer.head(200, "Transfer-Encoding: chunked") + "\r\n", chunk(4_096), 0)),
        LARGE((request, socket) -> ScriptedServer.write(
                socket, ScriptedServer.head(200, "Content-Length: 10000000") + "\r\n" + "x".repeat(10_000_000))),
        DRIPS((request, socket) ->
                endlessly(socket, ScriptedServer.head(200, "Transfer-Encoding: chunked") + "\r\n", chunk(1), 100)),
        NEVER_COMES((request, socket) ->
                ScriptedServer.write(socket, ScriptedServer.head(200, "Content-Length: 10") + "\r\n")),
        BAD_CHUNK((request, socket) -> ScriptedServer.write(
                socket, ScriptedServer.head(200, "Transfer-Encoding: chunked") + "\r\nzz\r\nwhat?\r\n")),
        CUT_OFF((request, socket) -> {
            ScriptedServer.write(socket, ScriptedServer.head(200, "Content-Length: 10") + "\r\nhalf");
            socket.close();
        }),
        NOT_GZIP((request, socket) -> ScriptedServer.write(
                socket, ScriptedServer.head(200, "Content-Encoding: gzip", "Content-Length: 4") + "\r\nnope")),
        A_JAVA_OBJECT((request, socket) -> ScriptedServer.write(
                socket,
                ScriptedServer.head(200, "Content-Type: application/x-java-serialized-object", "Content-Length: 4")
                        + "\r\n\u00ac\u00ed\u0000\u0005"));

        private final ScriptedServer.Reply reply;

        BadBody(ScriptedServer.Reply reply) {
            this.reply = reply;
        }

        @Override
        public void to(ScriptedServer.Request request, Socket socket) throws IOException {
            reply.to(request, socket);
        }
    }

    private static String chunk(int size) {
        return Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n";
    }

    private static void endlessly(Socket socket, String start, String piece, int pauseMillis) throws IOException {
        ScriptedServer.write(socket, start);
        while (!socket.isClosed()) {
            ScriptedServer.write(socket, piece);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("and does not answer is tried again soon, and served again once it is mended [D16]")
    void noAnswer(NoAnswer broken) {
        AtomicBoolean mended = new AtomicBoolean();
        ScriptedServer.Reply reply =
                (request, socket) -> (mended.get() ? ScriptedServer.status(200) : broken).to(request, socket);
        try (ScriptedServer server = ScriptedServer.start(reply);
                Harness harness = new Harness(Settings.endpoint(server.url(), PATIENCE))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertIsTriedSoon(deliver(sink, message("a")));
            assertThat(server.requests).hasSize(1);
            mended.set(true);
            Harness.soon().until(() -> deliver(sink, message("a")).equals(Delivery.accepted()));

            assertThat(harness.states).containsExactly(State.WAITING, State.WAITING, State.CONNECTED);
        }
    }

    @Test
    @DisplayName("and goes away within a large body is tried again soon [D16]")
    void resetWithinTheBody() {
        ScriptedServer.Reply reset = (request, socket) -> {
            socket.setSoLinger(true, 0);
            socket.close();
        };
        try (ScriptedServer server = ScriptedServer.start(reset);
                Harness harness = new Harness(Settings.endpoint(server.url(), PATIENCE))) {
            Sink sink = harness.start(Settings.to("/in", Map.of(), Map.of("X-Body-Unread", "1")));

            assertIsTriedSoon(deliver(sink, message("a", MessageProperties.NONE, Payload.owning(new byte[16 << 20]))));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("and accepts with a body that cannot be read has accepted; the next message gets a connection [D16]")
    void badBody(BadBody broken) {
        try (ScriptedServer server = ScriptedServer.start(broken);
                Harness harness = new Harness(Settings.endpoint(server.url(), Duration.ofMinutes(5), 1))) {
            Sink sink = harness.start(Settings.to("/in"));

            for (int i = 0; i < 3; i++) {
                assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());
            }
        }
    }

    @Test
    @DisplayName("and does not listen is tried again soon")
    void refused() throws IOException {
        int port;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }
        assertIsTriedSoon(one("http://127.0.0.1:" + port));
    }

    @Test
    @DisplayName("and has no address is tried again soon: it may get one [D17]")
    void unknownHost() {
        assertIsTriedSoon(one("http://no-such-host.invalid"));
    }

    private static Delivery one(String url) {
        try (Harness harness = new Harness(Settings.endpoint(url, PATIENCE))) {
            Delivery outcome = deliver(harness.start(Settings.to("/in")), message("a"));
            assertThat(harness.states).containsOnly(State.WAITING);
            return outcome;
        }
    }

    private static void assertIsTriedSoon(Delivery outcome) {
        assertThat(outcome)
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.retry())
                        .isEqualTo(Retry.soon()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.answerOf;
import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static io.gantry.connectors.http.Harness.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.EndpointWatcher.State;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What an HTTP service answers")
class AnswersIT {

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 205, 207, 226, 299})
    @DisplayName("with 2xx is a delivery")
    void accepted(int status) {
        assertThat(answer(ScriptedServer.status(status))).isEqualTo(Delivery.accepted());
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    @DisplayName("with a redirect is not followed, wherever it leads")
    void redirects(int status) {
        try (ScriptedServer elsewhere = ScriptedServer.start(ScriptedServer.status(200))) {
            for (String location : List.of(elsewhere.url() + "/stolen", "/in", "file:///etc/passwd", "::", "")) {
                assertThat(answer(ScriptedServer.status(status, "Location: " + location)))
                        .isEqualTo(new Delivery.Unavailable(
                                ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                                "the HTTP service answered " + status,
                                Retry.whenMended()));
            }
            assertThat(elsewhere.requests).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic realm=\"x\"", "Digest realm=\"x\", nonce=\"y\"", "Negotiate", "Bearer", ""})
    @DisplayName("with a challenge parks the route; it is not asked a second time [D15]")
    void challenges(String challenge) {
        try (ScriptedServer server =
                        ScriptedServer.start(ScriptedServer.status(401, "WWW-Authenticate: " + challenge));
                Harness harness = new Harness(Settings.withCredentials(server.url(), "plant", "hunter2", null))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertThat(deliver(sink, message("a")))
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, refused -> assertThat(refused.retry())
                            .isEqualTo(Retry.whenMended()));

            assertThat(server.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    @DisplayName(
            "with an error of its own, or of a server behind it that is down or too late, is asked again soon [D16]")
    void serverErrors(int status) {
        assertThat(answer(ScriptedServer.status(status)))
                .isEqualTo(new Delivery.Unavailable(
                        ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the HTTP service answered " + status, Retry.soon()));
    }

    @Test
    @DisplayName("with Retry-After is heard, also in small letters and beside others [D14]")
    void retryAfter() {
        assertThat(answer(ScriptedServer.status(429, "X: 1", "retry-after: 90")))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, later -> assertThat(later.retry())
                        .isEqualTo(Retry.after(Duration.ofSeconds(90))));
        assertThat(answer(ScriptedServer.status(503, "Retry-After: Thu, 31 Dec 2099 23:59:59 GMT")))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, later -> assertThat(later.retry())
                        .isEqualTo(Retry.after(RetryAfter.LONGEST)));
        assertThat(answer(ScriptedServer.status(503, "Retry-After: -1")))
                .isInstanceOfSatisfying(Delivery.Unavailable.class, later -> assertThat(later.retry())
                        .isEqualTo(Retry.soon()));
    }

    @Test
    @DisplayName("404 parks a route with one path, and rejects the message that has chosen the path")
    void notFound() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(404));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink one = harness.routes
                    .to("one", "api", Settings.to("/in"), Harness.PATTERN)
                    .sink();
            Sink chosen = harness.routes
                    .to("chosen", "api", Settings.to("/in/{site}"), Harness.PATTERN)
                    .sink();
            harness.routes.start();

            assertThat(deliver(one, message("a")))
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, parked -> assertThat(parked.retry())
                            .isEqualTo(Retry.whenMended()));
            assertThat(deliver(chosen, message("a"))).isInstanceOf(Delivery.Rejected.class);
        }
    }

    @Test
    @DisplayName("413 is heard while a large body is still being sent")
    void tooLarge() {
        ScriptedServer.Reply early = (request, socket) -> {
            ScriptedServer.status(413, "Connection: close").to(request, socket);
            socket.shutdownOutput();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        };
        try (ScriptedServer server = ScriptedServer.start(early);
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.to("/in", Map.of(), Map.of("X-Body-Unread", "1")));

            Delivery outcome = deliver(sink, message("a", MessageProperties.NONE, Payload.owning(new byte[32 << 20])));

            assertThat(outcome)
                    .isEqualTo(new Delivery.Rejected(ReasonCode.PACKET_TOO_LARGE, "the HTTP service answered 413"));
        }
    }

    @Test
    @DisplayName("sets no cookie")
    void cookies() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200, "Set-Cookie: session=1; Path=/"));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            deliver(sink, message("a"));
            deliver(sink, message("a"));

            assertThat(server.requests).hasSize(2).allSatisfy(request -> assertThat(request.header("Cookie"))
                    .isEmpty());
        }
    }

    @Test
    @DisplayName("leaves the connection for the next message")
    void keepAlive() {
        ScriptedServer.Reply withBody = (request, socket) -> ScriptedServer.write(
                socket, ScriptedServer.head(200) + "Content-Length: 60000\r\n\r\n" + "x".repeat(60_000));
        try (ScriptedServer server = ScriptedServer.start(withBody);
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            for (int i = 0; i < 20; i++) {
                assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());
            }

            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    @DisplayName(
            "is not waited for by who hands a message on; messages beyond max-connections" + " wait for their turn")
    void full() {
        CountDownLatch go = new CountDownLatch(1);
        ScriptedServer.Reply late = (request, socket) -> {
            try {
                go.await();
            } catch (InterruptedException interrupted) {
                throw new InterruptedIOException();
            }
            ScriptedServer.status(200).to(request, socket);
        };
        try (ScriptedServer server = ScriptedServer.start(late);
                Harness harness = new Harness(Settings.endpoint(server.url(), Duration.ofMinutes(5), 2))) {
            Sink sink = harness.start(Settings.to("/in"));
            List<CompletableFuture<Delivery>> all =
                    List.of(offer(sink, message("a")), offer(sink, message("a")), offer(sink, message("a")));

            Harness.soon().until(() -> server.requests.size() == 2);
            assertThat(all).noneMatch(CompletableFuture::isDone);

            go.countDown();
            assertThat(all).allSatisfy(one -> assertThat(answerOf(one)).isEqualTo(Delivery.accepted()));
            assertThat(server.connections).hasValue(2);
        }
    }

    @Test
    @DisplayName("makes room for the next message before it is told")
    void noRoomIsLost() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url(), Duration.ofMinutes(5), 1))) {
            Sink sink = harness.start(Settings.to("/in"));

            for (int i = 0; i < 500; i++) {
                assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());
            }
        }
    }

    @Test
    @DisplayName("of whatever status says that it is there; a change is told once")
    void watched() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(500));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.to("/in"));
            assertThat(harness.states).containsExactly(State.WAITING);

            deliver(sink, message("a"));
            deliver(sink, message("a"));
            assertThat(harness.states).containsExactly(State.WAITING, State.CONNECTED);

            server.close();
            deliver(sink, message("a"));
            deliver(sink, message("a"));
            assertThat(harness.states).startsWith(State.WAITING, State.CONNECTED, State.WAITING);
        }
    }

    /** What one message to a route with a fixed path becomes. */
    private static Delivery answer(ScriptedServer.Reply reply) {
        try (ScriptedServer server = ScriptedServer.start(reply);
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Delivery outcome = deliver(harness.start(Settings.to("/in")), message("a"));
            assertThat(server.requests).hasSize(1);
            return outcome;
        }
    }
}

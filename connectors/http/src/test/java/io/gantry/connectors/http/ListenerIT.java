// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.UserProperty;
import io.gantry.api.settings.InvalidSettingException;
import io.gantry.testbed.LoopbackPorts;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A request to a route that starts at HTTP")
class ListenerIT {
    private static final String[] FOREIGN_HEADERS = {
        "X-Tenant", "acme",
        "Content-Type", "text/plain; charset=utf-8",
        "Authorization", "Basic aHVudGVyOjI=",
        "Cookie", "session=hunter2",
        "path.device", "other",
        "Path.spare", "other",
        "query.y", "other"
    };
    private static final String[] OF_MQTT = {
        "mqtt-topic", "a/%C3%A9",
        "mqtt-qos", "2",
        "mqtt-retain", "true",
        "mqtt-content-type", "a%25b",
        "mqtt-expiry", "60",
        "mqtt-user-properties", "b%253D1=x%252Fy&a=",
        "X-Tenant", "acme",
        "gantry-hops", "other"
    };

    @Test
    @DisplayName(
            "is a message with its body, content type, path, query and headers, and is answered 202 once it is taken")
    void taken() throws Exception {
        try (Listening web = new Listening(Listening.plain())
                .route(Listening.from("/devices/{device}/commands/{name}"))
                .start()) {
            HttpResponse<String> answer =
                    web.post("/devices/caf%C3%A9%2F1/commands/a+b?site=north%20hall&x=1&x=2", "open", FOREIGN_HEADERS);

            assertThat(answer.statusCode()).isEqualTo(202);
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(web.messages).hasSize(1);
            Message message = web.messages.get(0);
            assertThat(message.payload().asText()).isEqualTo("open");
            assertThat(message.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
            assertThat(message.retain()).isFalse();
            assertThat(message.topic().value()).isEqualTo("devices/caf%C3%A9%2F1/commands/a%2Bb");
            assertThat(message.properties().contentType()).isEqualTo("text/plain; charset=utf-8");
            Origin.Endpoint origin = (Origin.Endpoint) message.origin();
            assertThat(origin.endpoint()).isEqualTo("web");
            assertThat(origin.headers().subList(0, 5))
                    .containsExactly(
                            new UserProperty("path.device", "café/1"),
                            new UserProperty("path.name", "a+b"),
                            new UserProperty("query.site", "north hall"),
                            new UserProperty("query.x", "1"),
                            new UserProperty("query.x", "2"));
            assertThat(origin.headers())
                    .contains(new UserProperty("x-tenant", "acme"))
                    .extracting(UserProperty::value)
                    .noneMatch(
                            value -> value.contains("hunter") || value.contains("aHVudGVy") || value.equals("other"));
        }
    }

    @Test
    @DisplayName("may be without a body, by GET too, and says nothing of its type then")
    void empty() throws Exception {
        try (Listening web = new Listening(Listening.plain())
                .route(Listening.from("/in"))
                .route(Listening.from(HttpFrom.Method.GET, "/in", true))
                .start()) {
            assertThat(web.post("/in", "", "Content-Type", "application/octet-stream")
                            .statusCode())
                    .isEqualTo(202);
            assertThat(Listening.send(web.to("/in").GET()).statusCode()).isEqualTo(202);

            assertThat(web.messages).hasSize(2).allSatisfy(message -> {
                assertThat(message.payload().isEmpty()).isTrue();
                assertThat(message.properties()).isEqualTo(MessageProperties.NONE);
            });
        }
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                Arguments.of(new Delivery.Rejected(ReasonCode.TOPIC_NAME_INVALID, "no"), 400, ""),
                Arguments.of(new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "no"), 403, ""),
                Arguments.of(new Delivery.Rejected(ReasonCode.PACKET_TOO_LARGE, "no"), 413, ""),
                Arguments.of(new Delivery.Rejected(ReasonCode.PAYLOAD_FORMAT_INVALID, "no"), 422, ""),
                Arguments.of(new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "no"), 503, "1"),
                Arguments.of(
                        new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "no", Retry.after(Duration.ofMillis(2_100))),
                        503,
                        "3"),
                Arguments.of(
                        new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "no", Retry.after(Duration.ofDays(9))),
                        503,
                        "900"),
                Arguments.of(new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "no", Retry.whenMended()), 503, "60"),
                Arguments.of(new Delivery.Unavailable(ReasonCode.MESSAGE_RATE_TOO_HIGH, "no"), 429, "1"),
                Arguments.of(Answer.NOT_IN_TIME, 504, ""));
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    @DisplayName("is answered as its message is refused, with a fixed text and when to come again")
    void refused(Delivery outcome, int status, String retryAfter) throws Exception {
        try (Listening web =
                new Listening(Listening.plain()).route(Listening.from("/in")).start()) {
            web.outcome = message -> outcome;

            HttpResponse<String> answer = web.post("/in", "x");

            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.headers().firstValue("Retry-After").orElse("")).isEqualTo(retryAfter);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(answer.body()).matches("\\{\"error\":\"[a-z ]+\"}\n");
        }
    }

    @Test
    @DisplayName("with reply gets the device's answer with its content type")
    void replied() throws Exception {
        try (Listening web = new Listening(Listening.plain())
                .route(Listening.from(HttpFrom.Method.POST, "/ask/{device}", true))
                .start()) {
            web.outcome = message -> Delivery.answered(
                    new Answer(Payload.ofText("answer to " + message.payload().asText()), ofType("application/json")));
            HttpResponse<String> answer = web.post("/ask/7", "q");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("answer to q");
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");

            web.outcome = message ->
                    Delivery.answered(new Answer(Payload.ofText("x"), ofType("text/html\r\nSet-Cookie: a=b")));
            HttpResponse<String> injected = web.post("/ask/7", "q");
            assertThat(injected.headers().firstValue("Content-Type")).contains("application/octet-stream");
            assertThat(injected.headers().firstValue("Set-Cookie")).isEmpty();
        }
    }

    private static MessageProperties ofType(String contentType) {
        return new MessageProperties(null, null, contentType, null, null, java.util.List.of());
    }

    @Test
    @DisplayName("is answered 504 when it is not known in time what became of it, and late outcomes are ignored")
    void late() throws Exception {
        Listening.Limits impatient =
                Listening.LIMITS.patience(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMillis(100));
        Listening.Held held = new Listening.Held();
        try (Listening web = new Listening(Listening.with(impatient))
                .route(Listening.from("/in"), held)
                .start()) {
            assertThat(web.post("/in", "x").statusCode()).isEqualTo(504);

            held.acknowledgements.forEach(acknowledgement -> acknowledgement.complete(Delivery.accepted()));
            assertThat(held.acknowledgements).hasSize(1);
        }
    }

    @Test
    @DisplayName("is answered 404 where no route starts, 405 with another method, and OPTIONS tells the methods")
    void nowhere() throws Exception {
        try (Listening web = new Listening(Listening.plain())
                .route(Listening.from("/devices/{device}"))
                .route(Listening.from(HttpFrom.Method.PUT, "/devices/{device}", false))
                .start()) {
            assertThat(web.post("/", "x").statusCode()).isEqualTo(404);
            assertThat(web.post("/devices", "x").statusCode()).isEqualTo(404);
            assertThat(web.post("/devices/", "x").statusCode()).isEqualTo(404);
            assertThat(web.post("/devices/1/", "x").statusCode()).isEqualTo(404);
            assertThat(web.post("/devices/1/2", "x").statusCode()).isEqualTo(404);
            HttpResponse<String> wrong = Listening.send(web.to("/devices/1").DELETE());
            assertThat(wrong.statusCode()).isEqualTo(405);
            assertThat(wrong.headers().firstValue("Allow")).contains("OPTIONS, POST, PUT");
            assertThat(Listening.send(web.to("/devices/1").method("HEAD", BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(405);
            HttpResponse<String> options =
                    Listening.send(web.to("/devices/1").method("OPTIONS", BodyPublishers.noBody()));
            assertThat(options.statusCode()).isEqualTo(204);
            assertThat(options.headers().firstValue("Allow")).contains("OPTIONS, POST, PUT");
            assertThat(options.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
            assertThat(Listening.send(web.to("/devices/1").PUT(BodyPublishers.ofString("x")))
                            .statusCode())
                    .isEqualTo(202);
            assertThat(web.messages).hasSize(1);
        }
    }

    @Test
    @DisplayName("with an Idempotency-Key is taken once, and again only if it was refused")
    void idempotent() throws Exception {
        try (Listening web = new Listening(Listening.plain())
                .route(Listening.from("/in/{site}"))
                .start()) {
            web.outcome = message -> new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "busy");
            assertThat(web.post("/in/1", "x", "Idempotency-Key", "k1").statusCode())
                    .isEqualTo(503);
            web.outcome = message -> Delivery.accepted();
            for (int i = 0; i < 3; i++) {
                assertThat(web.post("/in/1", "x", "Idempotency-Key", "k1").statusCode())
                        .isEqualTo(202);
            }
            assertThat(web.post("/in/1", "y", "Idempotency-Key", "k1").statusCode())
                    .isEqualTo(422);
            assertThat(web.post("/in/2", "y", "Idempotency-Key", "k1").statusCode())
                    .isEqualTo(202);
            assertThat(web.post("/in/1", "x", "Idempotency-Key", "k".repeat(256))
                            .statusCode())
                    .isEqualTo(400);

            assertThat(web.messages)
                    .extracting(message -> message.payload().asText())
                    .containsExactly("x", "x", "y");
        }
    }

    @Test
    @DisplayName("has its mqtt headers believed only where the route says so")
    void believed() throws Exception {
        try (Listening web = new Listening(Listening.plain())
                .route(Listening.believing("/believed", Map.of("tenant", "X-TENANT", "none", "X-None")))
                .route(Listening.from("/plain"))
                .start()) {
            assertThat(web.post("/believed", "x", OF_MQTT).statusCode()).isEqualTo(202);
            assertThat(web.post("/plain", "x", OF_MQTT).statusCode()).isEqualTo(202);

            Message message = web.messages.get(0);
            assertThat(message.topic().value()).isEqualTo("a/é");
            assertThat(message.qos()).isEqualTo(Qos.EXACTLY_ONCE);
            assertThat(message.retain()).isTrue();
            assertThat(message.properties().contentType()).isEqualTo("a%b");
            assertThat(message.properties().expirySeconds()).isEqualTo(60);
            assertThat(message.properties().userProperties())
                    .containsExactly(
                            new UserProperty("b=1", "x/y"),
                            new UserProperty("a", ""),
                            new UserProperty("tenant", "acme"),
                            new UserProperty("gantry-hops", "other"));
            Message plain = web.messages.get(1);
            assertThat(plain.topic().value()).isEqualTo("plain");
            assertThat(plain.retain()).isFalse();
            assertThat(plain.properties().userProperties()).containsExactly(new UserProperty("gantry-hops", "other"));
        }
    }

    @Test
    @DisplayName("is refused when a mqtt header that is believed does not hold what its name promises")
    void nonsense() throws Exception {
        try (Listening web = new Listening(Listening.plain())
                .route(Listening.believing("/believed", Map.of()))
                .start()) {
            for (String[] wrong : new String[][] {
                {"mqtt-qos", "3"},
                {"mqtt-qos", "%"},
                {"mqtt-topic", "a/%2B"},
                {"mqtt-topic", "a%00b"},
                {"mqtt-retain", "yes"},
                {"mqtt-expiry", "-1"},
                {"mqtt-user-properties", "a=%2500"},
                {"mqtt-correlation-data", "?"},
                {"mqtt-topic", "a", "mqtt-topic", "b"}
            }) {
                assertThat(web.post("/believed", "x", wrong).statusCode())
                        .as(String.join(" ", wrong))
                        .isEqualTo(400);
            }
            assertThat(web.messages).isEmpty();
            assertThat(web.routes.counts().values()).singleElement().satisfies(counts -> assertThat(counts)
                    .containsEntry("refused", 9L)
                    .containsEntry("received", 0L));
            assertThat(web.routes.endpointCounts().get("web"))
                    .containsEntry("refused", 0L)
                    .containsEntry("timed-out", 0L);
        }
    }

    @Test
    @DisplayName("that has been at this gateway before goes no further, and its caller is told with 508")
    void circle() throws Exception {
        try (Listening web =
                new Listening(Listening.plain()).route(Listening.from("/in")).start()) {
            assertThat(web.post("/in", "x", "gantry-hops", "other,gateway1").statusCode())
                    .isEqualTo(508);

            assertThat(web.messages).isEmpty();
            assertThat(web.routes.counts().values()).singleElement().satisfies(counts -> assertThat(counts)
                    .containsEntry("looped", 1L));
        }
    }

    @Test
    @DisplayName("that no route is given, or that no route answers in time, is counted at the endpoint")
    void counted() throws Exception {
        Listening.Limits limits = Listening.LIMITS
                .body("1KiB")
                .patience(Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMillis(100));
        Listening.Held held = new Listening.Held();
        try (Listening web = new Listening(Listening.with(limits))
                .route(Listening.from("/in"), held)
                .start()) {
            assertThat(web.post("/nowhere", "x").statusCode()).isEqualTo(404);
            assertThat(web.post("/in", "x".repeat(2_000)).statusCode()).isEqualTo(413);
            assertThat(web.post("/in", "x").statusCode()).isEqualTo(504);

            assertThat(web.routes.endpointCounts().get("web"))
                    .containsEntry("refused", 2L)
                    .containsEntry("timed-out", 1L);
            held.acknowledgements.forEach(acknowledgement -> acknowledgement.complete(Delivery.accepted()));
        }
    }

    @Test
    @DisplayName("is told to come later while the gateway stops, and those under way are answered")
    void stopping() throws Exception {
        Listening.Held held = new Listening.Held();
        try (Listening web = new Listening(Listening.plain())
                .route(Listening.from("/in"), held)
                .start()) {
            var underWay = java.net.http.HttpClient.newHttpClient()
                    .sendAsync(
                            web.to("/in").POST(BodyPublishers.ofString("x")).build(),
                            HttpResponse.BodyHandlers.ofString());
            Harness.soon().until(() -> held.acknowledgements.size() == 1);
            Thread stop = new Thread(web.routes::stopSources);
            stop.start();
            Harness.soon().until(() -> web.post("/in", "y").statusCode() == 503);

            held.acknowledgements.forEach(acknowledgement -> acknowledgement.complete(Delivery.accepted()));

            assertThat(underWay.get(2, java.util.concurrent.TimeUnit.MINUTES).statusCode())
                    .isEqualTo(202);
            stop.join();
        }
    }

    @Test
    @DisplayName("comes to an endpoint that is a service as well, and may go on to that")
    void bothWays() throws Exception {
        try (ScriptedServer service = ScriptedServer.start(ScriptedServer.status(204))) {
            Settings.EndpointDraft both = new Settings.EndpointDraft(service.url());
            both.listen = Listening.plain();
            try (Listening web = new Listening(both.settings(), "gateway1")) {
                Sink service204 =
                        web.routes.to("out", "web", Settings.to("/out"), null).sink();
                web.route(Listening.from("/in"), service204).start();

                assertThat(web.routes.address("web"))
                        .startsWith("http " + service.url() + ", http listener 127.0.0.1:");
                assertThat(web.post("/in", "x").statusCode()).isEqualTo(202);
                assertThat(service.requests).hasSize(1);
            }
        }
    }

    @Test
    @DisplayName("comes to one route only: a second that would take it is refused, and so is an address in use")
    void once() throws Exception {
        try (Listening web = new Listening(Listening.plain()).route(Listening.from("/a/{b}"))) {
            assertThatThrownBy(() -> web.route(Listening.from("/{a}/b"))).isInstanceOf(InvalidSettingException.class);
        }
        int port = LoopbackPorts.free();
        try (ServerSocket taken = new ServerSocket(port, 1, java.net.InetAddress.getLoopbackAddress())) {
            Listening web = new Listening(
                    Listening.listen("127.0.0.1:" + port, null, null, null, false, null, Listening.LIMITS));
            assertThatThrownBy(web::start)
                    .hasMessageContaining("endpoints.web.http.listen: cannot listen on 127.0.0.1:" + port);
            assertThat(taken.isBound()).isTrue();
            web.close();
        }
    }
}

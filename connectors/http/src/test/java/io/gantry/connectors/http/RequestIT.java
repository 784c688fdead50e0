// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Sink;
import io.gantry.api.UserProperty;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A message that becomes an HTTP request")
class RequestIT {

    private static MessageProperties property(String name, String value) {
        return new MessageProperties(null, null, null, null, null, List.of(new UserProperty(name, value)));
    }

    static Message withProperty(String name, String value) {
        return message("a", property(name, value), Payload.EMPTY);
    }

    private static MessageProperties contentType(String contentType) {
        return new MessageProperties(null, null, contentType, null, null, List.of());
    }

    @Test
    @DisplayName("has the route's method, path, query and headers, the payload and the message's id, and nothing else")
    void onTheWire() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(204));
                Harness harness = new Harness(Settings.endpoint(server.url() + "/v1/"))) {
            Sink sink = harness.start(Settings.to(
                    "/sites/{site}/readings",
                    Map.of("from", "{client}", "lang", "{user.lang}", "q s", "a&b={site}"),
                    Map.of("X-Site", "{site}", "X-Missing", "{user.none}", "Accept", "text/plain")));
            Message message = message("hall 1", property("lang", "de"), Payload.ofText("{\"t\": 21}"));

            assertThat(deliver(sink, message)).isEqualTo(Delivery.accepted());

            ScriptedServer.Request request = server.requests.element();
            assertThat(request.line())
                    .isEqualTo(
                            "POST /v1/sites/hall%201/readings?from=device-1&lang=de&q%20s=a%26b%3Dhall%201 HTTP/1.1");
            assertThat(request.body()).isEqualTo("{\"t\": 21}");
            assertThat(request.headers())
                    .containsExactlyInAnyOrder(
                            "Accept: text/plain",
                            "X-Site: hall 1",
                            "Idempotency-Key: " + message.id(),
                            "Content-Type: application/octet-stream",
                            "Content-Length: 9",
                            "Host: 127.0.0.1:" + server.port(),
                            "Connection: keep-alive",
                            "User-Agent: gantry");
        }
    }

    @Test
    @DisplayName("has the same Idempotency-Key at a second attempt")
    void sameKey() {
        AtomicInteger answers = new AtomicInteger();
        ScriptedServer.Reply firstFails =
                (request, socket) -> ScriptedServer.status(answers.getAndIncrement() == 0 ? 503 : 200)
                        .to(request, socket);
        try (ScriptedServer server = ScriptedServer.start(firstFails);
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.to("/in"));
            Message message = message("a");

            assertThat(deliver(sink, message)).isInstanceOf(Delivery.Unavailable.class);
            assertThat(deliver(sink, message)).isEqualTo(Delivery.accepted());
            assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());

            List<String> keys = server.requests.stream()
                    .map(request -> request.header("Idempotency-Key").orElse(""))
                    .toList();
            assertThat(keys)
                    .hasSize(3)
                    .startsWith(message.id().toString(), message.id().toString());
            assertThat(keys.get(2)).isNotEqualTo(keys.get(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("has the route's method; POST, PUT and PATCH alone have a body")
    void methods(HttpTo.Method method) {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.to(method, "/x"));

            assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());

            ScriptedServer.Request request = server.requests.element();
            assertThat(request.line()).isEqualTo(method + " /x HTTP/1.1");
            assertThat(request.body()).isEqualTo(method.hasBody() ? "21.5" : "");
        }
    }

    @Test
    @DisplayName("has an empty body for an empty payload")
    void empty() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url() + "/hook"))) {
            Sink sink = harness.start(Settings.to(""));

            assertThat(deliver(sink, message("a", MessageProperties.NONE, Payload.EMPTY)))
                    .isEqualTo(Delivery.accepted());

            assertThat(server.requests.element().line()).isEqualTo("POST /hook HTTP/1.1");
            assertThat(server.requests.element().header("Content-Length")).contains("0");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json                    | application/json
            text/plain; charset="utf-8"; a=b    | text/plain; charset="utf-8"; a=b
            application/x-www-form-urlencoded   | application/x-www-form-urlencoded
            json                                | application/octet-stream
            'text/plain, text/html'             | application/octet-stream
            text/ plain                         | application/octet-stream
            ''                                  | application/octet-stream
            """)
    @DisplayName("has the message's Content Type when it is a media type")
    void contentTypes(String ofMessage, String sent) {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertThat(deliver(sink, message("a", contentType(ofMessage), Payload.ofText("a=b&c"))))
                    .isEqualTo(Delivery.accepted());

            assertThat(server.requests.element().header("Content-Type")).contains(sent);
            assertThat(server.requests.element().body()).isEqualTo("a=b&c");
        }
    }

    @Test
    @DisplayName("has the route's content type, when it has one that the message can fill in")
    void chosenContentType() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.withContentType("text/{site}"));

            assertThat(deliver(sink, message("plain", contentType("application/json"), Payload.EMPTY)))
                    .isEqualTo(Delivery.accepted());
            assertThat(deliver(sink, message("plain x"))).isInstanceOf(Delivery.Rejected.class);

            assertThat(server.requests).hasSize(1);
            assertThat(server.requests.element().header("Content-Type")).contains("text/plain");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nX-Evil: 1",
                "a\nX-Evil: 1",
                "a\rb",
                "a\u0000b",
                "a\u0085b",
                "a\u2028b",
                "a\tb",
                "\u560a\u560dX-Evil: 1",
                "ä",
                "\u007f"
            })
    @DisplayName("is not sent when a value would end its header, or be read differently by different servers")
    void headerInjection(String value) {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.to("/in", Map.of(), Map.of("X-Lang", "{user.lang}")));

            assertThat(deliver(sink, message("a", property("lang", value), Payload.EMPTY)))
                    .isInstanceOf(Delivery.Rejected.class);
            assertThat(deliver(sink, message("a", property("lang", "a".repeat(8_193)), Payload.EMPTY)))
                    .isInstanceOf(Delivery.Rejected.class);
            assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());

            assertThat(server.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    @DisplayName("is not sent when a value would leave its place in the path, or makes it too long")
    void pathInjection(String site) {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(Settings.to("/sites/{site}/readings", Map.of("l", "{user.l}"), Map.of()));

            assertThat(deliver(sink, message(site))).isInstanceOf(Delivery.Rejected.class);
            assertThat(deliver(sink, message("ä".repeat(400)))).isInstanceOf(Delivery.Rejected.class);
            assertThat(deliver(sink, message("a", property("l", "x".repeat(2_048)), Payload.EMPTY)))
                    .isInstanceOf(Delivery.Rejected.class);

            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    @DisplayName("carries the endpoint's credentials, by which no server is asked first")
    void credentials() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200))) {
            deliverOne(Settings.withCredentials(server.url(), "plant", "hunter2", null));
            deliverOne(Settings.withCredentials(server.url(), null, null, "abc.def"));

            assertThat(server.requests)
                    .extracting(request -> request.header("Authorization").orElse(""))
                    .containsExactly("Basic cGxhbnQ6aHVudGVyMg==", "Bearer abc.def");
        }
    }

    private static void deliverOne(HttpEndpointSettings settings) {
        try (Harness harness = new Harness(settings)) {
            assertThat(deliver(harness.start(Settings.to("/in")), message("a"))).isEqualTo(Delivery.accepted());
        }
    }
}

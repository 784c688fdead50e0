// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.CamelSink;
import io.gantry.connectors.spi.EndpointContext;
import io.gantry.connectors.spi.MessageValues;
import io.gantry.testbed.NoDevices;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The answer of an HTTP service to a device")
class ReplyIT {

    /** What came of one message: an answer, or why there is none. */
    private record Outcome(Delivery delivery, ScriptedServer.Request request) {}

    private static ScriptedServer.Reply answering(int status, String body, String... headers) {
        return (request, socket) -> ScriptedServer.write(
                socket, ScriptedServer.head(status, headers) + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static Outcome ask(ScriptedServer.Reply reply, boolean properties) {
        return ask(reply, properties, HttpTo.Method.GET);
    }

    private static Outcome ask(ScriptedServer.Reply reply, boolean properties, HttpTo.Method method) {
        Settings.ToDraft draft = new Settings.ToDraft("/prices/{site}");
        draft.method = method;
        draft.reply = true;
        draft.properties = properties;
        try (ScriptedServer server = ScriptedServer.start(reply);
                DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.start();
            Settings.EndpointDraft endpoint = new Settings.EndpointDraft(server.url());
            endpoint.responseTimeout = Duration.ofSeconds(2);
            EndpointContext context = new EndpointContext(
                    "api", camel, (name, state, detail) -> {}, new NoDevices(), "gateway1", Harness.IDS);
            try (var api = new HttpConnector().open(context, endpoint.settings())) {
                return new Outcome(one(api.sink("ask", draft.settings()), camel), server.requests.element());
            }
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** As the gateway's routes do it with one message. */
    private static Delivery one(CamelSink sink, DefaultCamelContext camel) throws Exception {
        var message = Harness.message("hall 1");
        Exchange exchange = new DefaultExchange(camel);
        sink.prepare(message, new MessageValues(message, Harness.PATTERN), exchange);
        try (Producer producer = sink.endpoint().createAsyncProducer()) {
            producer.start();
            camel.createProducerTemplate()
                    .asyncSend(sink.endpoint(), exchange)
                    .get(2, java.util.concurrent.TimeUnit.MINUTES);
        }
        if (exchange.getException() != null) {
            return sink.outcomeOf(exchange.getException());
        }
        Answer answer = sink.answerOf(exchange);
        return answer == null ? Delivery.accepted() : Delivery.answered(answer);
    }

    @Test
    @DisplayName("is the body with its content type; GET sends none of its own")
    void answered() {
        Outcome outcome = ask(answering(200, "{\"price\": 7}", "Content-Type: application/json"), false);

        assertThat(outcome.delivery())
                .isEqualTo(Delivery.answered(new Answer(
                        Payload.ofText("{\"price\": 7}"),
                        new MessageProperties(null, null, "application/json", null, null, List.of()))));
        assertThat(outcome.request().line()).isEqualTo("GET /prices/hall%201 HTTP/1.1");
        assertThat(outcome.request().header("Content-Type")).isEmpty();
        assertThat(outcome.request().header("Accept-Encoding")).isEmpty();
    }

    @Test
    @DisplayName("is empty when the service has nothing to say")
    void empty() {
        assertThat(ask((request, socket) -> ScriptedServer.write(socket, ScriptedServer.head(204) + "\r\n"), false)
                        .delivery())
                .isEqualTo(Delivery.answered(new Answer(Payload.EMPTY, MessageProperties.NONE)));
    }

    @Test
    @DisplayName("has the properties of its headers only where the route believes them")
    void properties() {
        String[] headers = {
            "Content-Type: text/plain",
            "mqtt-payload-format: 1",
            "mqtt-user-properties: b=1&a=%25C3%25A4&b=2",
            "mqtt-content-type: text/%C3%A4",
            "mqtt-topic: elsewhere",
            "CamelHttpUri: http://elsewhere"
        };

        assertThat(ask(answering(200, "x", headers), true).delivery())
                .isEqualTo(Delivery.answered(new Answer(
                        Payload.ofText("x"),
                        new MessageProperties(
                                PayloadFormat.TEXT,
                                null,
                                "text/ä",
                                null,
                                null,
                                List.of(
                                        new UserProperty("b", "1"),
                                        new UserProperty("a", "ä"),
                                        new UserProperty("b", "2"))))));
        assertThat(ask(answering(200, "x", headers), false).delivery())
                .isEqualTo(Delivery.answered(new Answer(
                        Payload.ofText("x"), new MessageProperties(null, null, "text/plain", null, null, List.of()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mqtt-payload-format: 7",
                "mqtt-user-properties: x",
                "mqtt-correlation-data: !",
                "mqtt-expiry: -1",
                "mqtt-response-topic: a/%23",
                "Content-Encoding: gzip"
            })
    @DisplayName("that cannot be understood rejects the message, which the service has answered")
    void wrong(String header) {
        assertThat(ask(answering(200, "x", header), true).delivery())
                .isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(rejected.code())
                        .isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID));
    }

    @Test
    @DisplayName("is at most as large as max-response-size; a larger or endless one rejects the message [D16]")
    void tooLarge() {
        Delivery expected = new Delivery.Rejected(
                ReasonCode.PACKET_TOO_LARGE, "the HTTP service's answer is larger than max-response-size");

        assertThat(ask(answering(200, "x".repeat(65_536)), false).delivery()).isInstanceOf(Delivery.Accepted.class);
        assertThat(ask(answering(200, "x".repeat(65_537)), false).delivery()).isEqualTo(expected);
        assertThat(ask(BrokenServersIT.BadBody.ENDLESS, false).delivery()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DRIPS", "NEVER_COMES", "BAD_CHUNK", "CUT_OFF"})
    @DisplayName("that does not come to its end is asked for again [D16]")
    void unfinished(String body) {
        assertThat(ask(BrokenServersIT.BadBody.valueOf(body), false).delivery())
                .isInstanceOfSatisfying(Delivery.Unavailable.class, later -> assertThat(later.retry())
                        .isEqualTo(Retry.soon()));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 422})
    @DisplayName("with an error is none")
    void errors(int status) {
        assertThat(ask(answering(status, "no such thing", "Content-Type: text/plain"), false)
                        .delivery())
                .isInstanceOf(Delivery.Rejected.class);
    }

    @Test
    @DisplayName("is not looked for where the route does not want it")
    void notAsked() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(answering(200, "x"));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            assertThat(Harness.deliver(harness.start(Settings.to(HttpTo.Method.GET, "/x")), Harness.message("a")))
                    .isEqualTo(Delivery.accepted());
        }
    }
}

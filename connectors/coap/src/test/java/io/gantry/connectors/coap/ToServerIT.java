// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Harness.answerOf;
import static io.gantry.connectors.coap.Harness.deliver;
import static io.gantry.connectors.coap.Harness.message;
import static io.gantry.connectors.coap.Harness.offer;
import static io.gantry.connectors.coap.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Answer;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.connectors.spi.EndpointWatcher.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A message to a CoAP server")
class ToServerIT {
    private static final Duration SOON = Duration.ofMillis(150);

    @Test
    @DisplayName(
            "is a request with the method, path, query, content type and expiry that the route and the message say")
    void request() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("topic", "{topic}");
        query.put("missing", "{user.none}");
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.code(ResponseCode.CHANGED));
                Harness harness = new Harness(Settings.url(server.url()))) {
            Sink sink = harness.start(Settings.to("/sites/{site}/in", CoapMethod.PUT, query, false, false));
            MessageProperties json = new MessageProperties(null, 60L, "application/json", null, null, List.of());

            assertThat(deliver(sink, message("north", json, Payload.ofText("{}"))))
                    .isEqualTo(Delivery.accepted());

            Request request = server.requests.get(0);
            assertThat(request.getCode()).isEqualTo(Code.PUT);
            assertThat(request.getType()).isEqualTo(Type.CON);
            assertThat(request.getOptions().getUriPath()).containsExactly("sites", "north", "in");
            assertThat(request.getOptions().getUriQuery()).containsExactly("topic=in%2Fnorth");
            assertThat(request.getOptions().getContentFormat()).isEqualTo(50);
            assertThat(request.getOptions().getMaxAge()).isBetween(50L, 60L);
            assertThat(request.getPayloadString()).isEqualTo("{}");
            assertThat(harness.states).containsExactly(State.WAITING, State.CONNECTED);
        }
    }

    @Test
    @DisplayName("goes as CON at QoS 1, and as NON at QoS 0, when it is taken for delivered once it is sent")
    void types() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.code(ResponseCode.CHANGED));
                Harness harness = new Harness(Settings.url(server.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertThat(deliver(sink, atMostOnce("21.5"))).isEqualTo(Delivery.accepted());
            soon().until(() -> server.requests.size() == 1);
            assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());

            assertThat(server.requests).extracting(Request::getType).containsExactly(Type.NON, Type.CON);
        }
    }

    private static Message atMostOnce(String payload) {
        return message("a", MessageProperties.NONE, Payload.ofText(payload), Qos.AT_MOST_ONCE);
    }

    @Test
    @DisplayName("that is lost as NON is not sent again [D18]")
    void lostNon() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.code(ResponseCode.CHANGED));
                LosingProxy proxy = new LosingProxy(server.port());
                Harness harness = new Harness(Settings.url(proxy.url()))) {
            Sink sink = harness.start(Settings.to("/in"));
            proxy.losesToServer = number -> number == 1;

            assertThat(deliver(sink, atMostOnce("lost"))).isEqualTo(Delivery.accepted());
            soon().until(() -> proxy.toServer.get() == 1);
            assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());

            assertThat(server.requests).extracting(Request::getPayloadString).containsExactly("21.5");
        }
    }

    @Test
    @DisplayName("that is lost as CON is sent again, and is taken once when the acknowledgement is lost [D18]")
    void lostCon() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.code(ResponseCode.CHANGED));
                LosingProxy proxy = new LosingProxy(server.port());
                Harness harness = new Harness(Settings.url(proxy.url()))) {
            Sink sink = harness.start(Settings.to("/in"));
            proxy.losesToServer = number -> number == 1;
            proxy.losesToClient = number -> number == 1;

            assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());

            assertThat(proxy.toServer.get()).isGreaterThanOrEqualTo(3);
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    @DisplayName("that nobody acknowledges is for later, and the endpoint is told to wait; later it is delivered [D18]")
    void awayAndBack() {
        int port = Harness.freePort();
        try (Harness harness =
                new Harness(Settings.url("coap://127.0.0.1:" + port).withWaits(SOON, 1, Duration.ofSeconds(1)))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertThat(deliver(sink, message("a")))
                    .isEqualTo(new Delivery.Unavailable(
                            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR, "the CoAP server has not answered"));

            try (ScriptedServer server = ScriptedServer.start(port, ScriptedServer.code(ResponseCode.CHANGED))) {
                assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());
                assertThat(server.requests).hasSize(1);
            }
            assertThat(harness.states).containsExactly(State.WAITING, State.WAITING, State.CONNECTED);
        }
    }

    @Test
    @DisplayName("that is answered by a reset is for later [D18]")
    void reset() {
        try (ScriptedServer server = ScriptedServer.start(Exchange::sendReject);
                Harness harness = new Harness(Settings.url(server.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertThat(deliver(sink, message("a"))).isInstanceOf(Delivery.Unavailable.class);
        }
    }

    @Test
    @DisplayName("that is answered separately, long after it was acknowledged, is delivered [D18]")
    void separate() {
        List<Exchange> held = new CopyOnWriteArrayList<>();
        try (ScriptedServer server = ScriptedServer.start(exchange -> {
                    exchange.sendAccept();
                    held.add(exchange);
                });
                Harness harness = new Harness(Settings.url(server.url()).withWaits(SOON, 1, Duration.ofMinutes(2)))) {
            Sink sink = harness.start(Settings.to("/in"));

            CompletableFuture<Delivery> outcome = offer(sink, message("a"));
            soon().until(() -> held.size() == 1);
            // longer than any acknowledgement is waited for
            soon().pollDelay(1, TimeUnit.SECONDS).until(() -> true);
            assertThat(outcome).isNotDone();
            held.get(0).sendResponse(new Response(ResponseCode.CHANGED));

            assertThat(answerOf(outcome)).isEqualTo(Delivery.accepted());
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    @DisplayName("that is acknowledged and never answered is for later when the time is over")
    void neverAnswered() {
        try (ScriptedServer server = ScriptedServer.start(Exchange::sendAccept);
                Harness harness = new Harness(Settings.url(server.url()).withWaits(SOON, 1, Duration.ofMillis(300)))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertThat(deliver(sink, message("a"))).isInstanceOf(Delivery.Unavailable.class);
        }
    }

    @Test
    @DisplayName("that asks and is not answered in time is told so, and the late answer is counted as one to nobody")
    void lateAnswer() {
        List<Exchange> held = new CopyOnWriteArrayList<>();
        try (ScriptedServer server = ScriptedServer.start(exchange -> {
                    exchange.sendAccept();
                    held.add(exchange);
                });
                Harness harness = new Harness(Settings.url(server.url()).withWaits(SOON, 1, Duration.ofMillis(300)))) {
            Sink sink = harness.start(Settings.to("/in", CoapMethod.POST, Map.of(), false, true));

            assertThat(deliver(sink, message("a"))).isEqualTo(Answer.NOT_IN_TIME);
            held.get(0).sendResponse(new Response(ResponseCode.CHANGED));

            soon().until(() -> harness.routes.endpointCounts().equals(Map.of("coap", Map.of("answered-nobody", 1L))));
            assertThat(harness.routes.counts().get("r")).containsEntry("unanswered", 1L);
        }
    }

    @Test
    @DisplayName("that is large goes in blocks, also at QoS 0, and survives the loss of one of them on each way [D19]")
    void blocks() {
        byte[] large = new byte[20_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31);
        }
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.code(ResponseCode.CHANGED));
                LosingProxy proxy = new LosingProxy(server.port());
                Harness harness = new Harness(Settings.url(proxy.url()))) {
            Sink sink = harness.start(Settings.to("/in"));
            proxy.losesToServer = number -> number == 5;
            proxy.losesToClient = number -> number == 10;

            assertThat(deliver(
                            sink,
                            message("a", MessageProperties.NONE, Payload.owning(large.clone()), Qos.AT_MOST_ONCE)))
                    .isEqualTo(Delivery.accepted());

            assertThat(server.requests).hasSize(1);
            assertThat(server.requests.get(0).getPayload()).isEqualTo(large);
            assertThat(proxy.toServer.get()).isGreaterThan(40);
        }
    }

    @Test
    @DisplayName("that breaks off at a block begins anew when it is offered again [D19]")
    void brokenBlocks() {
        byte[] large = new byte[10_000];
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.code(ResponseCode.CHANGED));
                LosingProxy proxy = new LosingProxy(server.port());
                Harness harness = new Harness(Settings.url(proxy.url()).withWaits(SOON, 1, Duration.ofSeconds(30)))) {
            Sink sink = harness.start(Settings.to("/in"));
            proxy.losesToServer = number -> number >= 5;

            assertThat(deliver(sink, message("a", MessageProperties.NONE, Payload.owning(large))))
                    .isInstanceOf(Delivery.Unavailable.class);
            proxy.losesToServer = number -> false;
            assertThat(deliver(sink, message("a", MessageProperties.NONE, Payload.owning(large))))
                    .isEqualTo(Delivery.accepted());

            assertThat(server.requests).hasSize(1);
            assertThat(server.requests.get(0).getPayload()).isEqualTo(large);
        }
    }

    @Test
    @DisplayName("that are large, many at once and to one path, all arrive whole")
    void manyLarge() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.code(ResponseCode.CHANGED));
                Harness harness = new Harness(Settings.url(server.url()))) {
            Sink sink = harness.start(Settings.to("/in"));
            List<CompletableFuture<Delivery>> outcomes = new ArrayList<>();
            List<String> sent = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String payload = ("message " + i + ".").repeat(150);
                sent.add(payload);
                outcomes.add(offer(sink, message("a", MessageProperties.NONE, Payload.ofText(payload))));
            }

            assertThat(outcomes)
                    .allSatisfy(outcome -> assertThat(answerOf(outcome)).isEqualTo(Delivery.accepted()));
            assertThat(server.requests).extracting(Request::getPayloadString).containsExactlyInAnyOrderElementsOf(sent);
        }
    }

    @Test
    @DisplayName("is never one of more than may be under way at once; too many that wait are for later")
    void inFlight() {
        List<Exchange> held = new CopyOnWriteArrayList<>();
        try (ScriptedServer server = ScriptedServer.start(exchange -> {
                    exchange.sendAccept();
                    held.add(exchange);
                });
                Harness harness = new Harness(Settings.url(server.url())
                        .withWaits(SOON, 4, Duration.ofMinutes(2))
                        .withLimits(2, 0, 1, 100, "64KiB"))) {
            Sink sink = harness.start(Settings.to("/in"));
            List<CompletableFuture<Delivery>> outcomes = new ArrayList<>();
            for (int i = 0; i < 1_003; i++) {
                outcomes.add(offer(sink, message("a")));
            }

            assertThat(answerOf(outcomes.get(1_002)))
                    .isEqualTo(new Delivery.Unavailable(
                            ReasonCode.QUOTA_EXCEEDED,
                            "as many requests to the CoAP server are under way and wait as may"));
            soon().until(() -> held.size() == 2);
            assertThat(outcomes.stream().filter(CompletableFuture::isDone)).hasSize(1);
            held.get(0).sendResponse(new Response(ResponseCode.CHANGED));
            soon().until(() -> held.size() == 3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CHANGED, accepted",
        "CREATED, accepted",
        "CONTENT, accepted",
        "DELETED, accepted",
        "VALID, accepted",
        "BAD_REQUEST, rejected",
        "BAD_OPTION, rejected",
        "METHOD_NOT_ALLOWED, rejected",
        "NOT_ACCEPTABLE, rejected",
        "REQUEST_ENTITY_TOO_LARGE, rejected",
        "UNSUPPORTED_CONTENT_FORMAT, rejected",
        "UNAUTHORIZED, parked",
        "FORBIDDEN, parked",
        "NOT_FOUND, parked",
        "REQUEST_ENTITY_INCOMPLETE, later",
        "TOO_MANY_REQUESTS, later",
        "INTERNAL_SERVER_ERROR, later",
        "NOT_IMPLEMENTED, later",
        "BAD_GATEWAY, later",
        "SERVICE_UNAVAILABLE, later",
        "GATEWAY_TIMEOUT, later"
    })
    @DisplayName("is delivered, rejected or kept by the class of the answer [D19]")
    void codes(ResponseCode code, String outcome) {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.code(code));
                Harness harness = new Harness(Settings.url(server.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertThat(shown(deliver(sink, message("a")))).isEqualTo(outcome);
        }
    }

    private static String shown(Delivery delivery) {
        if (delivery instanceof Delivery.Unavailable unavailable) {
            return unavailable.retry().parked() ? "parked" : "later";
        }
        return delivery instanceof Delivery.Rejected ? "rejected" : "accepted";
    }

    @Test
    @DisplayName("waits as long as 5.03 asks by Max-Age, at most 15 minutes [D19]")
    void maxAge() {
        assertThat(retryOf(90)).isEqualTo(Retry.after(Duration.ofSeconds(90)));
        assertThat(retryOf(0xFFFF_FFFFL)).isEqualTo(Retry.after(ResponseClasses.LONGEST));
        assertThat(retryOf(0)).isEqualTo(Retry.after(Duration.ZERO));
    }

    private static Retry retryOf(long maxAge) {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.unavailable(maxAge));
                Harness harness = new Harness(Settings.url(server.url()))) {
            return ((Delivery.Unavailable) deliver(harness.start(Settings.to("/in")), message("a"))).retry();
        }
    }

    @Test
    @DisplayName("that has chosen a path where nothing is, is rejected; a fixed path parks the route")
    void notFound() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.code(ResponseCode.NOT_FOUND));
                Harness harness = new Harness(Settings.url(server.url()))) {
            assertThat(deliver(harness.start(Settings.to("/in/{site}")), message("a")))
                    .isInstanceOf(Delivery.Rejected.class);
        }
    }

    @Test
    @DisplayName("brings the answer of a route with reply: true, of several blocks too, up to max-response-size")
    void reply() {
        String large = "answer ".repeat(1_000);
        try (ScriptedServer server = ScriptedServer.start(
                        exchange -> ScriptedServer.text(exchange.getRequest().getPayloadSize() > 0 ? large : "short")
                                .to(exchange));
                Harness harness = new Harness(Settings.url(server.url()).withLimits(16, 0, 1, 100, "8KiB"))) {
            CoapTo to = Settings.to("/price", CoapMethod.GET, Map.of("of", "{site}"), false, true);
            Sink get = harness.routes.to("get", "coap", to, Harness.PATTERN).sink();
            CoapTo post = Settings.to("/price", CoapMethod.POST, Map.of(), false, true);
            Sink asked =
                    harness.routes.to("post", "coap", post, Harness.PATTERN).sink();
            harness.routes.start();

            assertThat(Harness.textOf(deliver(get, message("tea")))).isEqualTo("short");
            assertThat(Harness.textOf(deliver(asked, message("tea")))).isEqualTo(large);
            assertThat(server.requests.get(0).getOptions().getUriQuery()).containsExactly("of=tea");
        }
    }
}

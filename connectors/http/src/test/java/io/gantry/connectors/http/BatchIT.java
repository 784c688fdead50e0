// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.answerOf;
import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static io.gantry.connectors.http.Harness.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.UserProperty;
import io.gantry.connectors.http.BatchSettings.Format;
import io.gantry.connectors.spi.Hops;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A batch over HTTP")
class BatchIT {
    /** So long that only a full batch is sent before; a test that waits for it fails by its own bound. */
    private static final Duration LONG = Duration.ofSeconds(10);

    private static HttpTo batches(int max, Duration wait, Format format) {
        Settings.ToDraft draft = new Settings.ToDraft("/in");
        draft.batch = Settings.batch(max, wait, format);
        return draft.settings();
    }

    private static Message json(String text) {
        return message("a", MessageProperties.NONE, Payload.ofText(text));
    }

    private static List<CompletableFuture<Delivery>> offerAll(Sink sink, String... texts) {
        List<CompletableFuture<Delivery>> all = new ArrayList<>();
        for (String text : texts) {
            all.add(offer(sink, json(text)));
        }
        return all;
    }

    private static List<Delivery> answers(List<CompletableFuture<Delivery>> all) {
        return all.stream().map(Harness::answerOf).toList();
    }

    private static List<String> bodies(ScriptedServer server) {
        return server.requests.stream().map(ScriptedServer.Request::body).toList();
    }

    /** 422 for every request in which there is a bad message. */
    private static void refusesBad(ScriptedServer.Request request, java.net.Socket socket) throws java.io.IOException {
        ScriptedServer.status(request.body().contains("bad") ? 422 : 200).to(request, socket);
    }

    @Test
    @DisplayName("is a JSON array of the messages in their order, one request, under a key of its own")
    void array() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(batches(3, LONG, Format.JSON_ARRAY));

            assertThat(answers(offerAll(sink, "1", " {\"a\": 2} ", "[]"))).containsOnly(Delivery.accepted());

            ScriptedServer.Request request = server.requests.remove();
            assertThat(request.body()).isEqualTo("[1, {\"a\": 2} ,[]]");
            assertThat(request.header("Content-Type")).contains("application/json");
            assertThat(request.header("Idempotency-Key").orElse("")).matches("[0-9a-f]{32}");
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    @DisplayName("is one message a line, whatever line breaks the messages have between their tokens")
    void lines() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(batches(2, LONG, Format.NDJSON));

            answers(offerAll(sink, "{\r\n\"a\":\n1}", "\"x\\n\""));

            assertThat(server.requests.element().body()).isEqualTo("{  \"a\": 1}\n\"x\\n\"\n");
            assertThat(server.requests.element().header("Content-Type")).contains("application/x-ndjson");
        }
    }

    @Test
    @DisplayName("is sent when it has waited long enough, and carries a single message's own key")
    void waits() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(batches(500, Duration.ofMillis(20), Format.JSON_ARRAY));
            Message message = json("1");

            assertThat(deliver(sink, message)).isEqualTo(Delivery.accepted());

            assertThat(server.requests.element().body()).isEqualTo("[1]");
            assertThat(server.requests.element().header("Idempotency-Key"))
                    .contains(message.id().toString());
        }
    }

    @Test
    @DisplayName("does not grow beyond its bytes; a larger message goes alone")
    void bytes() {
        String large = "\"" + "x".repeat(700_000) + "\"";
        String larger = "\"" + "y".repeat(2_000_000) + "\"";
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(batches(500, Duration.ofMillis(20), Format.JSON_ARRAY));

            assertThat(answers(offerAll(sink, "1", large, large, larger, "2"))).containsOnly(Delivery.accepted());

            assertThat(String.join("", bodies(server)).replace("][", ","))
                    .isEqualTo("[1," + large + "," + large + "," + larger + ",2]");
            assertThat(bodies(server))
                    .allMatch(body -> body.length() <= (1 << 20) + 2 || body.equals("[" + larger + "]"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "21,5", "{", "NaN", "\ufeff{}", "1],[2", "\"a\nb\""})
    @DisplayName("rejects a message that is not JSON alone, and goes without it [C14]")
    void notJson(String payload) {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(batches(2, LONG, Format.JSON_ARRAY));

            List<Delivery> answers = answers(offerAll(sink, "1", payload, "2"));

            assertThat(answers.get(1))
                    .isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(rejected.code())
                            .isEqualTo(ReasonCode.PAYLOAD_FORMAT_INVALID));
            assertThat(answers).containsExactly(Delivery.accepted(), answers.get(1), Delivery.accepted());
            assertThat(bodies(server)).containsExactly("[1,2]");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 415, 422})
    @DisplayName(
            "that is refused for good is halved until the bad messages are found; the others arrive in order [D15]")
    void poison(int status) {
        ScriptedServer.Reply reply =
                (request, socket) -> ScriptedServer.status(request.body().contains("bad") ? status : 200)
                        .to(request, socket);
        try (ScriptedServer server = ScriptedServer.start(reply);
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(batches(100, LONG, Format.JSON_ARRAY));
            String[] texts = IntStream.range(0, 100)
                    .mapToObj(i -> i == 0 || i == 41 || i == 42 || i == 99 ? "\"bad" + i + "\"" : "" + i)
                    .toArray(String[]::new);

            List<Delivery> answers = answers(offerAll(sink, texts));

            for (int i = 0; i < texts.length; i++) {
                assertThat(answers.get(i))
                        .as(texts[i])
                        .isInstanceOf(texts[i].contains("bad") ? Delivery.Rejected.class : Delivery.Accepted.class);
            }
            assertThat(taken(server)).isEqualTo(good(texts));
            assertThat(server.requests).hasSizeLessThan(60);
        }
    }

    private static List<String> good(String... texts) {
        return List.of(texts).stream().filter(text -> !text.contains("bad")).toList();
    }

    /** The messages of the requests without a bad one, in the order of the requests. */
    private static List<String> taken(ScriptedServer server) {
        return bodies(server).stream()
                .filter(body -> !body.contains("bad"))
                .flatMap(body -> List.of(body.substring(1, body.length() - 1).split(",")).stream())
                .toList();
    }

    @Test
    @DisplayName("that fails for now fails as a whole, and with it what waits behind it and comes meanwhile [D16]")
    void failsForNow() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch came = new CountDownLatch(1);
        AtomicInteger requests = new AtomicInteger();
        ScriptedServer.Reply firstFails = (request, socket) -> {
            boolean isFirst = requests.getAndIncrement() == 0;
            came.countDown();
            try {
                go.await();
            } catch (InterruptedException interrupted) {
                throw new InterruptedIOException();
            }
            ScriptedServer.status(isFirst ? 503 : 200, "Retry-After: 9").to(request, socket);
        };
        try (ScriptedServer server = ScriptedServer.start(firstFails);
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(batches(2, Duration.ofMillis(20), Format.JSON_ARRAY));
            List<CompletableFuture<Delivery>> all = offerAll(sink, "1", "2");
            came.await();
            all.addAll(offerAll(sink, "3", "4", "5"));
            assertThat(all).noneMatch(CompletableFuture::isDone);
            go.countDown();

            assertThat(answers(all)).allSatisfy(answer -> assertThat(answer)
                    .isInstanceOfSatisfying(Delivery.Unavailable.class, later -> assertThat(later.retry())
                            .isEqualTo(Retry.after(Duration.ofSeconds(9)))));
            assertThat(bodies(server)).containsExactly("[1,2]");

            assertThat(offeredUntilTaken(sink, "1", "2", "3", "4", "5")).containsExactly("1", "2", "3", "4", "5");
            assertThat(bodies(server)).containsExactly("[1,2]", "[1,2]", "[3,4]", "[5]");
        }
    }

    @Test
    @DisplayName(
            "at whatever request the service fails, nothing is lost, nothing overtakes, and what was taken was told so")
    void failsAtEachPoint() {
        for (int at = 0; at < 12; at++) {
            failsAt(at);
        }
    }

    private static void failsAt(int point) {
        AtomicInteger requests = new AtomicInteger();
        ScriptedServer.Reply reply = (request, socket) -> {
            if (requests.getAndIncrement() == point) {
                socket.setSoLinger(true, 0);
                socket.close();
            } else {
                refusesBad(request, socket);
            }
        };
        String[] texts = {"0", "1", "\"bad2\"", "3", "4", "5", "6", "\"bad7\"", "8", "9"};
        try (ScriptedServer server = ScriptedServer.start(reply);
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(batches(4, Duration.ofMillis(1), Format.JSON_ARRAY));

            assertThat(offeredUntilTaken(sink, texts))
                    .as("failure at %d", point)
                    .isEqualTo(good(texts));
            assertThat(taken(server).stream().distinct()).isEqualTo(good(texts));
        }
    }

    /**
     * As the outbox does: offers no more once something was not taken, waits for all answers, and offers the rest in the
     * old order. Gives back what was taken.
     */
    private static List<String> offeredUntilTaken(Sink sink, String... texts) {
        List<String> left = List.of(texts);
        List<String> accepted = new ArrayList<>();
        while (!left.isEmpty()) {
            List<CompletableFuture<Delivery>> offered = new ArrayList<>();
            for (String text : left) {
                if (offered.stream().noneMatch(BatchIT::isNotTaken)) {
                    offered.add(offer(sink, json(text)));
                }
            }
            List<Delivery> answers = answers(offered);
            List<String> again = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                if (answers.get(i) instanceof Delivery.Unavailable) {
                    again.add(left.get(i));
                } else if (answers.get(i) instanceof Delivery.Accepted) {
                    assertThat(again).as("not taken before").isEmpty();
                    accepted.add(left.get(i));
                }
            }
            again.addAll(left.subList(offered.size(), left.size()));
            left = again;
        }
        return accepted;
    }

    private static boolean isNotTaken(CompletableFuture<Delivery> answer) {
        return answer.isDone() && answer.join() instanceof Delivery.Unavailable;
    }

    @Test
    @DisplayName("is made of messages with the same mark of gateways only")
    void hops() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(batches(2, Duration.ofMillis(20), Format.JSON_ARRAY));
            MessageProperties other = new MessageProperties(
                    null, null, null, null, null, List.of(new UserProperty(Hops.NAME, "elsewhere")));
            List<CompletableFuture<Delivery>> all = offerAll(sink, "1");
            all.add(offer(sink, message("a", other, Payload.ofText("2"))));

            assertThat(answers(all)).containsOnly(Delivery.accepted());

            assertThat(bodies(server)).containsExactly("[1]", "[2]");
        }
    }

    @Test
    @DisplayName("keeps the order of its route, and is stopped with it: what waits then is unavailable")
    void stops() {
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            var target = harness.routes.to("r", "api", batches(500, LONG, Format.JSON_ARRAY), Harness.PATTERN);
            assertThat(target.keepsOrder()).isTrue();
            harness.routes.start();
            CompletableFuture<Delivery> waiting = offer(target.sink(), json("1"));

            harness.close();

            assertThat(answerOf(waiting)).isInstanceOf(Delivery.Unavailable.class);
            assertThat(server.requests).isEmpty();
        }
    }

    @Test
    @DisplayName("of whole messages has whatever they carry in its objects, also when the payload is not JSON")
    void wholeMessages() {
        Settings.ToDraft draft = new Settings.ToDraft("/in");
        draft.body = HttpTo.Body.JSON;
        draft.batch = Settings.batch(3, LONG, Format.NDJSON);
        try (ScriptedServer server = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(Settings.endpoint(server.url()))) {
            Sink sink = harness.start(draft.settings());
            Message first = message(
                    "a",
                    new MessageProperties(
                            null, null, "text/\"plain", null, null, List.of(new UserProperty("k", "v\n"))),
                    Payload.ofText("21,5 \"C\""));
            Message second = json("{\"t\":\n21.5}");
            Message third = message("a", MessageProperties.NONE, Payload.owning(new byte[] {(byte) 0xFF, 0}));

            List<CompletableFuture<Delivery>> all =
                    List.of(offer(sink, first), offer(sink, second), offer(sink, third));

            assertThat(answers(all)).containsOnly(Delivery.accepted());
            String common = ",\"topic\":\"in/a\",\"qos\":1,\"retain\":false,\"received\":\"1970-01-01T00:00:00Z\","
                    + "\"client\":\"device-1\"";
            assertThat(server.requests.element().body().lines())
                    .containsExactly(
                            "{\"id\":\"" + first.id() + "\"" + common
                                    + ",\"contentType\":\"text/\\\"plain\",\"user\":[[\"k\",\"v\\u000a\"]]"
                                    + ",\"text\":\"21,5 \\\"C\\\"\"}",
                            "{\"id\":\"" + second.id() + "\"" + common + ",\"payload\":{\"t\": 21.5}}",
                            "{\"id\":\"" + third.id() + "\"" + common + ",\"base64\":\"/wA=\"}");
        }
    }
}

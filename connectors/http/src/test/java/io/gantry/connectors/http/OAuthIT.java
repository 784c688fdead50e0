// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static io.gantry.connectors.http.Harness.answerOf;
import static io.gantry.connectors.http.Harness.deliver;
import static io.gantry.connectors.http.Harness.message;
import static io.gantry.connectors.http.Harness.offer;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.http.OAuthSettings.ClientAuthentication;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An access token by OAuth 2.0 client credentials")
class OAuthIT {
    private static final String SECRET = "hunter2 &=ä";

    /** Tokens t1, t2, … that are good for so long. */
    private static ScriptedServer.Reply tokens(long seconds) {
        AtomicInteger number = new AtomicInteger();
        return (request, socket) -> json("{\"access_token\":\"t" + number.incrementAndGet()
                        + "\",\"token_type\":\"Bearer\",\"expires_in\":" + seconds + "}")
                .to(request, socket);
    }

    private static ScriptedServer.Reply json(String body) {
        return (request, socket) -> ScriptedServer.write(
                socket,
                ScriptedServer.head(200, "Content-Type: application/json", "Content-Length: " + body.length()) + "\r\n"
                        + body);
    }

    private static HttpEndpointSettings settings(ScriptedServer api, String tokenUrl) {
        return settings(
                api,
                new OAuthSettings(tokenUrl, "plant 1", new Secret(SECRET), null, null, ClientAuthentication.BASIC));
    }

    private static HttpEndpointSettings settings(ScriptedServer api, OAuthSettings oauth) {
        Settings.EndpointDraft draft = new Settings.EndpointDraft(api.url());
        draft.oauth = oauth;
        draft.responseTimeout = Duration.ofSeconds(20);
        return draft.settings();
    }

    private static List<String> shown(ScriptedServer api) {
        return api.requests.stream()
                .map(request -> request.header("Authorization").orElse("none"))
                .toList();
    }

    @Test
    @DisplayName("is asked for once, kept, and sent with every request; the service never sees the secret")
    void kept() {
        try (ScriptedServer login = ScriptedServer.start(tokens(3_600));
                ScriptedServer api = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(settings(api, login.url() + "/oauth2/token"))) {
            Sink sink = harness.start(Settings.to("/in"));

            for (int i = 0; i < 3; i++) {
                assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());
            }

            assertThat(shown(api)).containsExactly("Bearer t1", "Bearer t1", "Bearer t1");
            assertThat(login.requests).hasSize(1);
            ScriptedServer.Request asked = login.requests.element();
            assertThat(asked.line()).isEqualTo("POST /oauth2/token HTTP/1.1");
            assertThat(asked.header("Content-Type")).contains("application/x-www-form-urlencoded");
            assertThat(asked.header("Authorization")).contains(Basic.header("plant+1", "hunter2+%26%3D%C3%A4"));
            assertThat(asked.body()).isEqualTo("grant_type=client_credentials");
            assertThat(asked.header("Idempotency-Key")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            a b | urn:x | BASIC | grant_type=client_credentials&scope=a+b&audience=urn%3Ax
            -   | -     | BODY  | grant_type=client_credentials&client_id=plant+1&client_secret=hunter2+%26%3D%C3%A4
            """)
    @DisplayName("is asked for with scope, audience, and the secret where the token service wants it")
    void form(@Nullable String scope, @Nullable String audience, ClientAuthentication how, String body) {
        try (ScriptedServer login = ScriptedServer.start(tokens(3_600));
                ScriptedServer api = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(settings(
                        api, new OAuthSettings(login.url(), "plant 1", new Secret(SECRET), scope, audience, how)))) {
            assertThat(deliver(harness.start(Settings.to("/in")), message("a"))).isEqualTo(Delivery.accepted());

            assertThat(login.requests.element().body()).isEqualTo(body);
            assertThat(login.requests.element().header("Authorization").isPresent())
                    .isEqualTo(how == ClientAuthentication.BASIC);
        }
    }

    @Test
    @DisplayName("is asked for by one of many requests at once; the others wait for it")
    void singleFlight() {
        try (ScriptedServer login = ScriptedServer.start(tokens(3_600));
                ScriptedServer api = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(settings(api, login.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            List<CompletableFuture<Delivery>> all = IntStream.range(0, 100)
                    .mapToObj(i -> offer(sink, message("a")))
                    .toList();

            assertThat(all).allSatisfy(one -> assertThat(answerOf(one)).isEqualTo(Delivery.accepted()));
            assertThat(login.requests).hasSize(1);
        }
    }

    @Test
    @DisplayName("that has expired is renewed")
    void expired() {
        try (ScriptedServer login = ScriptedServer.start(tokens(0));
                ScriptedServer api = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(settings(api, login.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            deliver(sink, message("a"));
            deliver(sink, message("a"));

            assertThat(shown(api)).containsExactly("Bearer t1", "Bearer t2");
        }
    }

    @Test
    @DisplayName(
            "that the service refuses is renewed once, and the request sent again with the same Idempotency-Key [D15]")
    void revoked() {
        ScriptedServer.Reply onlyTheSecond = (request, socket) -> ScriptedServer.status(
                        request.header("Authorization").orElse("").equals("Bearer t2") ? 200 : 401)
                .to(request, socket);
        try (ScriptedServer login = ScriptedServer.start(tokens(3_600));
                ScriptedServer api = ScriptedServer.start(onlyTheSecond);
                Harness harness = new Harness(settings(api, login.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());
            assertThat(deliver(sink, message("a"))).isEqualTo(Delivery.accepted());

            assertThat(shown(api)).containsExactly("Bearer t1", "Bearer t2", "Bearer t2");
            assertThat(api.requests.stream()
                            .map(request -> request.header("Idempotency-Key"))
                            .distinct())
                    .hasSize(2);
        }
    }

    @Test
    @DisplayName("that the service always refuses parks the route after one renewal [D15]")
    void refused() {
        try (ScriptedServer login = ScriptedServer.start(tokens(3_600));
                ScriptedServer api = ScriptedServer.start(ScriptedServer.status(401));
                Harness harness = new Harness(settings(api, login.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertParked(deliver(sink, message("a")), "the HTTP service answered 401");

            assertThat(shown(api)).containsExactly("Bearer t1", "Bearer t2");
            assertThat(login.requests).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 400, 401, 403, 404, 405, 422})
    @DisplayName("that the token service refuses parks the route, and no request is sent; nothing is redirected")
    void refusedByTheTokenService(int status) {
        try (ScriptedServer elsewhere = ScriptedServer.start(ScriptedServer.status(200));
                ScriptedServer login = ScriptedServer.start(
                        ScriptedServer.status(status, "Location: " + elsewhere.url() + "/stolen"));
                ScriptedServer api = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(settings(api, login.url()))) {
            Sink sink = harness.start(Settings.to("/in"));

            assertParked(deliver(sink, message("a")), "the token service answered " + status);

            assertThat(api.requests).isEmpty();
            assertThat(elsewhere.requests).isEmpty();
        }
    }

    @Test
    @DisplayName("of a token service that is busy, broken or away is asked for again, when that says so [D14]")
    void busy() {
        assertLater(ScriptedServer.status(503), Retry.soon());
        assertLater(ScriptedServer.status(429, "Retry-After: 7"), Retry.after(Duration.ofSeconds(7)));
        assertLater((request, socket) -> socket.close(), Retry.soon());
        assertLater(
                (request, socket) ->
                        ScriptedServer.write(socket, ScriptedServer.head(200, "Content-Length: 50") + "\r\n{"),
                Retry.soon());
    }

    private static void assertLater(ScriptedServer.Reply reply, Retry expected) {
        try (ScriptedServer login = ScriptedServer.start(reply);
                ScriptedServer api = ScriptedServer.start(ScriptedServer.status(200))) {
            Settings.EndpointDraft draft = new Settings.EndpointDraft(api.url());
            draft.oauth =
                    new OAuthSettings(login.url(), "plant", new Secret(SECRET), null, null, ClientAuthentication.BASIC);
            draft.responseTimeout = Duration.ofSeconds(1);
            try (Harness harness = new Harness(draft.settings())) {
                Delivery outcome = deliver(harness.start(Settings.to("/in")), message("a"));

                assertThat(outcome).isInstanceOfSatisfying(Delivery.Unavailable.class, later -> {
                    assertThat(later.retry()).isEqualTo(expected);
                    assertThat(later.reason()).startsWith("the token service ");
                });
                assertThat(api.requests).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "token",
                "[]",
                "{}",
                "{\"access_token\":\"\"}",
                "{\"access_token\":null}",
                "{\"access_token\":{\"a\":\"b\"}}",
                "{\"access_token\":\"a\\r\\nX-Evil: 1\"}",
                "{\"access_token\":\"a b\"}",
                "{\"access_token\":\"\\u00e4\"}",
                "{\"access_token\":\"a\",\"token_type\":\"mac\"}",
                "{\"access_token\":\"a\",\"expires_in\":\"soon\"}",
                "{\"error\":\"invalid_client\"}"
            })
    @DisplayName("that is garbage, or would end its header, is never sent and parks the route [R11]")
    void garbage(String body) {
        try (ScriptedServer login = ScriptedServer.start(json(body));
                ScriptedServer api = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(settings(api, login.url()))) {
            assertParked(deliver(harness.start(Settings.to("/in")), message("a")), "the token service ");

            assertThat(api.requests).isEmpty();
        }
    }

    @Test
    @DisplayName("is not read out of an endless answer")
    void endless() {
        try (ScriptedServer login = ScriptedServer.start(json("{\"access_token\":\"" + "a".repeat(100_000) + "\"}"));
                ScriptedServer api = ScriptedServer.start(ScriptedServer.status(200));
                Harness harness = new Harness(settings(api, login.url()))) {
            Delivery outcome = deliver(harness.start(Settings.to("/in")), message("a"));

            assertThat(outcome).isInstanceOf(Delivery.Unavailable.class);
            assertThat(api.requests).isEmpty();
        }
    }

    private static void assertParked(Delivery outcome, String reason) {
        assertThat(outcome).isInstanceOfSatisfying(Delivery.Unavailable.class, parked -> {
            assertThat(parked.retry()).isEqualTo(Retry.whenMended());
            assertThat(parked.reason()).startsWith(reason);
        });
    }
}

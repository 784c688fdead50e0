// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.gantry.api.ClientId;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Authenticator;
import io.gantry.api.security.Authenticator.Verdict;
import io.gantry.api.security.Credentials;
import io.gantry.api.security.Identity;
import io.gantry.api.settings.Secret;
import io.gantry.security.HttpHookSettings;
import io.gantry.security.IntrospectionSettings;
import io.gantry.security.authentication.AuthenticatorChain.Link;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bouncycastle.asn1.x500.X500Name;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Servers that are asked about devices")
class RemoteAuthenticatorsTest {
    private static final Credentials ANNA = Shown.credentials("anna", "opaque-token+1");

    private final Workers workers = Workers.start();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> authorized = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private boolean handled;

    @TempDir
    private Path directory;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(address(), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void close() {
        workers.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    @DisplayName(
            "introspection: an active token is accepted, with its roles, until it ends; the server is asked as RFC 7662 says")
    void active() throws InvalidFileException {
        long end = Tokens.at(600).getTime() / 1000;
        answer(
                200,
                "{\"active\":true,\"sub\":\"pump-7\",\"scope\":\"device viewer\",\"site\":\"north\",\"exp\":" + end
                        + "}");

        Identity identity = Shown.accepted(introspection(), ANNA);

        assertThat(identity).returns("pump-7", Identity::username).returns(end * 1000, Identity::validUntilMillis);
        assertThat(identity.roles()).containsExactlyInAnyOrder("fixed", "device", "viewer");
        assertThat(identity.attributes()).containsEntry("claim.site", "north");
        assertThat(asked).containsExactly("token=opaque-token%2B1&token_type_hint=access_token");
        assertThat(authorized).containsExactly("Basic Z2FudHJ5OnMlM0FjcmV0");
    }

    @Test
    @DisplayName("introspection: a token that is not active, and what is no token, is left to the next authenticator")
    void inactive() throws InvalidFileException {
        answer(200, "{\"active\":false}");
        Authenticator introspection = introspection();

        assertThat(Shown.verdict(introspection, ANNA)).isInstanceOf(Verdict.Unknown.class);
        assertThat(Shown.verdict(introspection, Shown.credentials("anna", null)))
                .isInstanceOf(Verdict.Unknown.class);
        assertThat(Shown.verdict(introspection, Shown.credentials("anna", "two words")))
                .isInstanceOf(Verdict.Unknown.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    @DisplayName("introspection: a token that has ended, has no name or is for others is refused")
    void notGood() throws InvalidFileException {
        for (String bad : List.of(
                "{\"active\":true,\"sub\":\"pump-7\",\"exp\":1}",
                "{\"active\":true}",
                "{\"active\":true,\"sub\":\"a\\nb\"}",
                "{\"active\":true,\"sub\":\"pump-7\",\"aud\":\"other\"}")) {
            answer(200, bad);
            assertThat(Shown.refused(introspection("gantry"), ANNA)).as(bad).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        }
    }

    @Test
    @DisplayName("http: is asked with what the device has shown, and allows with name, roles and attributes")
    void allow() throws Exception {
        answer(
                200,
                "{\"result\":\"allow\",\"username\":\"pump-7\",\"roles\":[\"device\"],\"attributes\":{\"site\":\"north\"}}");
        Credentials all = new Credentials(
                InetAddress.getLoopbackAddress(),
                new ClientId("c\"1"),
                "anna",
                Payload.ofText("p"),
                List.of(Certificates.of(new X500Name("CN=pump-7"))));

        Identity identity = Shown.accepted(hook(Duration.ZERO), all);

        assertThat(identity.username()).isEqualTo("pump-7");
        assertThat(identity.roles()).containsExactlyInAnyOrder("fixed", "device");
        assertThat(identity.attributes()).containsExactly(Map.entry("claim.site", "north"));
        assertThat(JSONObjectUtils.parse(asked.get(0)))
                .isEqualTo(Map.of(
                        "clientId",
                        "c\"1",
                        "address",
                        "127.0.0.1",
                        "username",
                        "anna",
                        "password",
                        "p",
                        "certificate",
                        "CN=pump-7"));
        assertThat(authorized).containsExactly("Bearer hook-token");
    }

    @Test
    @DisplayName("http: denies by deny, 401 and 403, and leaves a device to the next by ignore and 204")
    void denyAndIgnore() throws InvalidFileException {
        for (Object[] deny : new Object[][] {{200, "{\"result\":\"deny\"}"}, {401, "x"}, {403, "x"}}) {
            answer((int) deny[0], (String) deny[1]);
            assertThat(Shown.refused(hook(Duration.ZERO), ANNA)).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        }
        for (Object[] ignore : new Object[][] {{200, "{\"result\":\"ignore\"}"}, {204, ""}}) {
            answer((int) ignore[0], (String) ignore[1]);
            assertThat(Shown.verdict(hook(Duration.ZERO), ANNA)).isInstanceOf(Verdict.Unknown.class);
        }
    }

    @Test
    @DisplayName(
            "[B20] refuse when the server fails, redirects, answers garbage or too much, with the next one never asked")
    void failsClosed() throws InvalidFileException {
        for (Object[] bad : new Object[][] {
            {500, "{\"result\":\"allow\",\"active\":true,\"sub\":\"a\"}"},
            {302, "{\"result\":\"allow\",\"active\":true,\"sub\":\"a\"}"},
            {404, ""},
            {200, "garbage"},
            {200, ""},
            {200, "[]"},
            {200, "{\"result\":\"yes\",\"active\":\"true\"}"},
            {200, "{\"result\":\"allow\",\"username\":7,\"active\":1}"},
            {200, "[".repeat(100_000)},
            {200, "{\"x\":\"" + "y".repeat(300_000) + "\"}"}
        }) {
            answer((int) bad[0], (String) bad[1]);
            for (Authenticator each : List.of(hook(Duration.ofMinutes(1)), introspection())) {
                assertThat(Shown.refused(before(each), ANNA)).isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
            }
        }
    }

    @Test
    @DisplayName("[B20] refuse when the server does not answer in time, and ask no more than 64 things at a time")
    void slow() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        handle(exchange -> {
            asked.add("");
            await(release);
        });
        Authenticator hook = before(hook(Duration.ofMinutes(1)));

        List<CompletableFuture<Verdict>> verdicts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            verdicts.add(hook.authenticate(Shown.credentials("user-" + i, "p")).toCompletableFuture());
        }

        for (CompletableFuture<Verdict> each : verdicts) {
            assertThat(each.get(2, java.util.concurrent.TimeUnit.MINUTES))
                    .isInstanceOfSatisfying(Verdict.Refused.class, refused -> assertThat(refused.code())
                            .isEqualTo(ReasonCode.SERVER_UNAVAILABLE));
        }
        assertThat(asked.size()).isBetween(1, 64);
        release.countDown();
    }

    @Test
    @DisplayName("are asked once for the same thing within the time of the cache; failures are asked again")
    void cache() throws InvalidFileException {
        Authenticator hook = hook(Duration.ofMinutes(1));
        answer(500, "");
        before(hook).authenticate(ANNA).toCompletableFuture().join();
        answer(200, "{\"result\":\"allow\"}");

        for (int i = 0; i < 5; i++) {
            assertThat(Shown.accepted(hook, ANNA).username()).isEqualTo("anna");
        }
        assertThat(asked).hasSize(2);
        Shown.accepted(hook, Shown.credentials("anna", "other password"));
        assertThat(asked).hasSize(3);

        Authenticator uncached = hook(Duration.ZERO);
        Shown.accepted(uncached, ANNA);
        Shown.accepted(uncached, ANNA);
        assertThat(asked).hasSize(5);
    }

    @Test
    @DisplayName("[B11] are asked over TLS, and only when an authority that is trusted says who they are")
    void tls() throws Exception {
        Path ca = directory.resolve("ca.pem");
        HttpsServer secure = HttpsServer.create(address(), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(Certificates.server(ca)));
        secure.createContext("/", exchange -> respond(exchange, 200, "{\"result\":\"allow\"}"));
        secure.start();
        try {
            String url = "https://127.0.0.1:" + secure.getAddress().getPort() + "/";
            assertThat(Shown.accepted(hook(url, ca.toString(), Duration.ZERO), ANNA)
                            .username())
                    .isEqualTo("anna");
            assertThat(Shown.refused(before(hook(url, null, Duration.ZERO)), ANNA))
                    .isEqualTo(ReasonCode.SERVER_UNAVAILABLE);
        } finally {
            secure.stop(0);
        }
    }

    /** A chain in which somebody would accept everybody after this one. */
    private static Authenticator before(Authenticator first) {
        return new AuthenticatorChain(
                List.of(
                        new Link("first", first),
                        new Link(
                                "second",
                                credentials -> CompletableFuture.completedFuture(
                                        new Verdict.Accepted(Identity.named("second"))))),
                null,
                Duration.ofMinutes(1));
    }

    private Authenticator introspection(String... audience) throws InvalidFileException {
        IntrospectionSettings settings = new IntrospectionSettings(
                url(),
                "gantry",
                new Secret("s:cret"),
                null,
                List.of(audience),
                "sub",
                "scope",
                List.of("fixed"),
                Duration.ofMinutes(1),
                Duration.ofSeconds(4));
        return IntrospectionAuthenticator.open(settings, clock(), workers);
    }

    private Authenticator hook(Duration cache) throws InvalidFileException {
        return hook(url(), null, cache);
    }

    private Authenticator hook(String url, @Nullable String ca, Duration cache) throws InvalidFileException {
        HttpHookSettings settings =
                new HttpHookSettings(url, new Secret("hook-token"), ca, List.of("fixed"), cache, Duration.ofSeconds(2));
        return HttpHookAuthenticator.open(settings, clock(), workers);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/ask";
    }

    private void answer(int status, String body) {
        handle(exchange -> {
            asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            authorized.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().set("Location", "/good");
            respond(exchange, status, body);
        });
    }

    private void handle(HttpHandler handler) {
        if (handled) {
            server.removeContext("/");
        }
        handled = true;
        server.createContext("/", exchange -> {
            if (exchange.getRequestURI().getPath().equals("/good")) {
                respond(exchange, 200, "{\"result\":\"allow\",\"active\":true,\"sub\":\"a\"}");
            } else {
                handler.handle(exchange);
            }
        });
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void await(CountDownLatch release) {
        try {
            release.await(2, java.util.concurrent.TimeUnit.MINUTES);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static Clock clock() {
        return Clock.fixed(Tokens.NOW, ZoneOffset.UTC);
    }
}

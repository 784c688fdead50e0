// SPDX-License-Identifier: Apache-2.0
package io.gantry.security.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpServer;
import io.gantry.api.ReasonCode;
import io.gantry.api.security.Credentials;
import io.gantry.security.JwtSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The keys at a URL")
class JwksEndpointTest {
    private static final KeyPair KEYS = Tokens.keys("RSA", 2_048);
    private static final Duration REFRESH = Duration.ofMinutes(10);
    private static final Duration STALE = Duration.ofHours(1);

    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicLong now = new AtomicLong(-5);
    private final Workers workers = Workers.start();
    private volatile CompletableFuture<VerificationKeys> answer = CompletableFuture.completedFuture(keys("first"));
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void close() {
        workers.close();
        server.stop(0);
    }

    @Test
    @DisplayName("[B15] are fetched once in 30 seconds however many tokens name a key that is not there")
    void unknownKeys() {
        JwksEndpoint endpoint = endpoint();
        assertThat(endpoint.fitting(header("first")).join()).hasSize(1);

        for (int i = 0; i < 10_000; i++) {
            assertThat(endpoint.fitting(header("unknown-" + i)).join()).isEmpty();
        }
        assertThat(fetches).hasValue(1);

        answer = CompletableFuture.completedFuture(keys("second"));
        pass(Duration.ofSeconds(30));
        assertThat(endpoint.fitting(header("second")).join()).hasSize(1);
        assertThat(fetches).hasValue(2);
        assertThat(endpoint.fitting(header("first")).join()).isEmpty();
    }

    @Test
    @DisplayName("[B15] are waited for together: one question for all who want the same answer")
    void noStampede() {
        CompletableFuture<VerificationKeys> late = new CompletableFuture<>();
        answer = late;
        JwksEndpoint endpoint = endpoint();
        List<CompletableFuture<List<VerificationKey>>> waiting = List.of(
                endpoint.fitting(header("first")),
                endpoint.fitting(header("first")),
                endpoint.fitting(header("other")));

        assertThat(waiting).allSatisfy(each -> assertThat(each).isNotDone());
        late.complete(keys("first"));

        assertThat(waiting.get(0).join()).hasSize(1);
        assertThat(waiting.get(1).join()).hasSize(1);
        assertThat(waiting.get(2).join()).isEmpty();
        assertThat(fetches).hasValue(1);
    }

    @Test
    @DisplayName("[B16] stay known while the server is away, until they are stale; then all tokens are refused")
    void serverAway() {
        JwksEndpoint endpoint = endpoint();
        endpoint.refreshIfOld();
        answer = CompletableFuture.failedFuture(new IOException("away"));

        pass(REFRESH);
        endpoint.refreshIfOld();
        assertThat(fetches).hasValue(2);
        assertThat(endpoint.fitting(header("first")).join()).hasSize(1);

        pass(STALE);
        assertThat(endpoint.fitting(header("first")).join()).isEmpty();

        answer = CompletableFuture.completedFuture(keys("first"));
        pass(Duration.ofSeconds(30));
        assertThat(endpoint.fitting(header("first")).join()).hasSize(1);
    }

    @Test
    @DisplayName(
            "come from a real server: a token is accepted, and one with a new key after the server has it is waited for")
    void realServer() throws InvalidFileException {
        serve(200, new JWKSet(jwk("first")).toString(true).getBytes(StandardCharsets.UTF_8));

        JwtAuthenticator authenticator = authenticator();

        assertThat(Shown.accepted(authenticator, token("first")).username()).isEqualTo("pump-7");
        assertThat(Shown.refused(authenticator, token("second"))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    @DisplayName("[B20] of a server that redirects, fails, talks nonsense or too much are none: all tokens are refused")
    void badAnswers() throws Exception {
        byte[] good = new JWKSet(jwk("first")).toString(true).getBytes(StandardCharsets.UTF_8);
        for (Object[] bad : List.of(
                new Object[] {302, good},
                new Object[] {500, good},
                new Object[] {200, "garbage".getBytes(StandardCharsets.UTF_8)},
                new Object[] {200, new byte[1 << 20]})) {
            serve((int) bad[0], (byte[]) bad[1]);

            assertThat(Shown.refused(authenticator(), token("first"))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
            server.removeContext("/jwks");
            server.removeContext("/elsewhere");
        }
        await().atMost(Duration.ofMinutes(2)).until(() -> fetches.get() == 4);
    }

    @Test
    @DisplayName("[B20] of a server that accepts and never answers are given up, and the token is refused")
    void silence() throws InvalidFileException {
        server.createContext("/jwks", exchange -> fetches.incrementAndGet());

        assertThat(Shown.refused(authenticator(), token("first"))).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(fetches).hasValue(1);
    }

    private JwksEndpoint endpoint() {
        return new JwksEndpoint(
                () -> {
                    fetches.incrementAndGet();
                    return answer;
                },
                REFRESH,
                STALE,
                now::get);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos() + 1);
    }

    private void serve(int status, byte[] body) {
        server.createContext("/jwks", exchange -> {
            fetches.incrementAndGet();
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/elsewhere", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private JwtAuthenticator authenticator() throws InvalidFileException {
        JwtSettings settings = new JwtSettings(
                null,
                null,
                "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks",
                null,
                REFRESH,
                Duration.ofHours(6),
                Tokens.ISSUER,
                List.of("gantry"),
                "sub",
                null,
                List.of());
        return JwtAuthenticator.open(settings, Clock.fixed(Tokens.NOW, ZoneOffset.UTC), workers);
    }

    private static JWSHeader header(String kid) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build();
    }

    private static RSAKey jwk(String kid) {
        return new RSAKey.Builder((RSAPublicKey) KEYS.getPublic()).keyID(kid).build();
    }

    private static VerificationKeys keys(String kid) {
        return new VerificationKeys(List.of(VerificationKey.of(kid, KEYS.getPublic())));
    }

    private static Credentials token(String kid) {
        return Shown.credentials(
                null,
                Tokens.signed(
                        JWSAlgorithm.RS256,
                        kid,
                        new RSASSASigner(KEYS.getPrivate()),
                        Tokens.claims().build()));
    }
}

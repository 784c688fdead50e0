// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.Payload;
import io.gantry.api.settings.Secret;
import io.gantry.connectors.http.OAuthSettings.ClientAuthentication;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An access token and its time")
class AccessTokensTest {
    private final AtomicLong seconds = new AtomicLong(1_000);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicBoolean away = new AtomicBoolean();

    private Response answer(HttpUriRequestBase request) throws IOException {
        asked.incrementAndGet();
        if (away.get()) {
            throw new IOException("away");
        }
        String body = "{\"access_token\":\"t" + asked.get() + "\",\"expires_in\":\"600\"}";
        return new Response(new BasicClassicHttpResponse(200), Payload.ofText(body));
    }

    private AccessTokens tokens(AccessTokens.Service service) {
        OAuthSettings settings = new OAuthSettings(
                "https://login.example", "plant", new Secret("x"), null, null, ClientAuthentication.BASIC);
        return new AccessTokens(settings, service, Duration.ofMinutes(2), () -> Duration.ofSeconds(seconds.get())
                .toNanos());
    }

    @Test
    @DisplayName("is renewed a minute before it expires")
    void early() throws OutcomeException {
        AccessTokens tokens = tokens(this::answer);

        assertThat(tokens.current()).isEqualTo("t1");
        seconds.addAndGet(539);
        assertThat(tokens.current()).isEqualTo("t1");
        seconds.addAndGet(1);
        assertThat(tokens.current()).isEqualTo("t2");
    }

    @Test
    @DisplayName("that cannot be renewed is used until it expires, and asked for again only now and then")
    void keptWhileGood() throws OutcomeException {
        AccessTokens tokens = tokens(this::answer);
        tokens.current();
        away.set(true);
        seconds.addAndGet(545);

        assertThat(tokens.current()).isEqualTo("t1");
        assertThat(tokens.current()).isEqualTo("t1");
        assertThat(asked).hasValue(2);
        seconds.addAndGet(11);
        assertThat(tokens.current()).isEqualTo("t1");
        assertThat(asked).hasValue(3);

        seconds.addAndGet(60);
        assertThatThrownBy(tokens::current)
                .isInstanceOf(OutcomeException.class)
                .hasMessage("the token service has not answered");
        away.set(false);
        assertThat(tokens.current()).isEqualTo("t5");
    }

    @Test
    @DisplayName("that is good is not waited for while another one is on its way")
    void nobodyWaits() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch came = new CountDownLatch(1);
        AccessTokens tokens = tokens(request -> {
            if (asked.get() == 1) {
                came.countDown();
                awaitUninterrupted(go);
            }
            return answer(request);
        });
        tokens.current();
        seconds.addAndGet(545);
        CompletableFuture<String> renewing = CompletableFuture.supplyAsync(() -> unchecked(tokens));
        came.await();

        assertThat(tokens.current()).isEqualTo("t1");

        go.countDown();
        assertThat(renewing).succeedsWithin(Duration.ofMinutes(2)).isEqualTo("t2");
    }

    @Test
    @DisplayName("that was refused is forgotten once, not the one that has come in its place")
    void refused() throws OutcomeException {
        AccessTokens tokens = tokens(this::answer);
        tokens.current();

        assertThat(tokens.insteadOf("t1")).isEqualTo("t2");
        assertThat(tokens.insteadOf("t1")).isEqualTo("t2");
        assertThat(asked).hasValue(2);
    }

    private static String unchecked(AccessTokens tokens) {
        try {
            return tokens.current();
        } catch (OutcomeException none) {
            throw new IllegalStateException(none);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.connectors.spi.FollowedTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.jspecify.annotations.Nullable;

/** Gets tokens by the client credentials grant (RFC 6749 §4.4). What it throws names neither the secret nor a token. */
final class TokenSource {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 64 << 10;
    private static final long LIFE_UNSAID_SECONDS = 300;
    private static final long LONGEST_LIFE_SECONDS = Duration.ofDays(30).toSeconds();

    /** What may be in a bearer token (RFC 6750 §2.1); anything else could say more to the Kafka broker than a token. */
    private static final Pattern BEARER = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final FollowedTls tls;
    private final URI url;
    private final String authorization;
    private final String body;
    private @Nullable Client client;

    /** A client that trusts as it was made to. */
    private record Client(SSLContext tls, HttpClient http) {}

    /**
     * A token and its life.
     *
     * @param startMillis wall-clock time, in milliseconds since 1970
     * @param endMillis likewise
     */
    record Token(String value, long startMillis, long endMillis) {

        @Override
        public String toString() {
            return "[hidden]";
        }
    }

    TokenSource(FollowedTls tls, String url, String clientId, String clientSecret, @Nullable String scope) {
        this.tls = tls;
        this.url = URI.create(url);
        String credentials = URLEncoder.encode(clientId, UTF_8) + ":" + URLEncoder.encode(clientSecret, UTF_8);
        this.authorization = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
        this.body =
                "grant_type=client_credentials" + (scope == null ? "" : "&scope=" + URLEncoder.encode(scope, UTF_8));
    }

    /**
     * Asks for a token; waits a bounded time.
     *
     * @throws IOException when there is none, with the reason
     */
    Token fetch() throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Authorization", authorization)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        long now = System.currentTimeMillis();
        try {
            HttpResponse<InputStream> response = http().send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream answer = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException("the token server answers " + response.statusCode());
                }
                return read(bounded(answer), now);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the token server", interrupted);
        }
    }

    /** Another one once the files of its TLS have changed. */
    private synchronized HttpClient http() {
        SSLContext now = tls.context();
        if (client == null || client.tls != now) {
            client = new Client(
                    now,
                    HttpClient.newBuilder()
                            .sslContext(now)
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(PATIENCE)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .build());
        }
        return client.http;
    }

    /** The time-out of the request ends with the answer's first bytes. */
    private static String bounded(InputStream answer) throws IOException {
        CompletableFuture<Void> late = CompletableFuture.runAsync(
                () -> close(answer), CompletableFuture.delayedExecutor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        try {
            byte[] bytes = answer.readNBytes(LONGEST_ANSWER + 1);
            if (bytes.length > LONGEST_ANSWER) {
                throw new IOException("the token server's answer is longer than " + LONGEST_ANSWER + " bytes");
            }
            return new String(bytes, UTF_8);
        } finally {
            late.cancel(false);
        }
    }

    private static void close(InputStream answer) {
        try {
            answer.close();
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }

    static Token read(String json, long nowMillis) throws IOException {
        try {
            if (Jsoner.deserialize(json) instanceof JsonObject answer
                    && answer.get("access_token") instanceof String value
                    && BEARER.matcher(value).matches()) {
                long seconds = secondsOf(answer.get("expires_in"));
                return new Token(value, nowMillis, nowMillis + Math.min(seconds, LONGEST_LIFE_SECONDS) * 1_000);
            }
        } catch (DeserializationException | NumberFormatException malformed) {
            // Its text may have the token in it.
        }
        throw new IOException("the token server's answer holds no token");
    }

    private static long secondsOf(@Nullable Object expiresIn) {
        return expiresIn == null ? LIFE_UNSAID_SECONDS : Math.max(1, Long.parseLong(String.valueOf(expiresIn)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.gantry.testbed.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Gives tokens that Kafka believes when it believes JWTs without a signature, to whoever knows the secret. */
final class TokenServer implements AutoCloseable {
    static final String CLIENT = "gateway";
    static final String SECRET = "s3cret:of the+client";

    final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpsServer server;
    private final int lifeSeconds;

    TokenServer(TestCertificates authority, int lifeSeconds) {
        this.lifeSeconds = lifeSeconds;
        try {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(authority.context(authority.server("127.0.0.1"))));
        server.createContext("/token", this::answer);
        server.start();
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort() + "/token";
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        String credentials = CLIENT + ":s3cret%3Aof+the%2Bclient";
        boolean known = ("Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)))
                .equals(exchange.getRequestHeaders().getFirst("Authorization"));
        byte[] body = (known
                        ? "{\"access_token\": \"" + token() + "\", \"token_type\": \"Bearer\", \"expires_in\": "
                                + lifeSeconds + "}"
                        : "{\"error\": \"invalid_client\"}")
                .getBytes(UTF_8);
        exchange.sendResponseHeaders(known ? 200 : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String token() {
        long now = Instant.now().getEpochSecond();
        return base64("{\"alg\":\"none\"}") + "."
                + base64("{\"sub\":\"gateway\",\"iat\":" + now + ",\"exp\":" + (now + lifeSeconds) + "}") + ".";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

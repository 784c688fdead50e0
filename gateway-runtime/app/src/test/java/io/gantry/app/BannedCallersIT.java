// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gantry.app.config.ConfigFile;
import io.gantry.mqtt.BanList;
import io.gantry.mqtt.BanList.Ban;
import io.gantry.mqtt.BanList.Kind;
import io.gantry.mqtt.BanList.Subject;
import io.gantry.mqtt.session.Counter;
import io.gantry.testbed.LoopbackPorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One gateway, with HTTP and CoAP endpoints that have callers of their own, or let everybody in. */
@DisplayName("Callers of endpoints with callers of their own")
class BannedCallersIT {
    private static final String SECRET = "only-for-this-test";
    private static final Duration MINUTES = Duration.ofMinutes(2);
    private static final int WEB = LoopbackPorts.free();
    private static final int FIELD = LoopbackPorts.free();
    private static final int OPEN = LoopbackPorts.free();
    private static final Subject HERE = new Subject(Kind.ADDRESS, "127.0.0.1");
    private static final String FILE = """
            listeners: ["mqtt://127.0.0.1:0"]
            admin: {enabled: false}
            shutdown-timeout: 0s
            store: {directory: "%1$s/store"}
            limits: {max-failed-logins: 2}
            endpoints:
              web:
                http:
                  listen:
                    {address: "127.0.0.1:%2$d", topics: /topics, username: plant, password: "${SECRET}", token: "${SECRET}"}
              field:
                coap: {listen: "coaps://127.0.0.1:%3$d", topics: /ps, clients: {meter-1: "${SECRET}"}, ack-timeout: 300ms}
              open:
                coap: {listen: "coap://127.0.0.1:%4$d", topics: /ps}
            """;

    @TempDir
    private static Path folder = Path.of("");

    private static @Nullable Gateway gateway;

    private final HttpClient client = HttpClient.newHttpClient();
    private final CoapCallers callers = new CoapCallers();

    @BeforeAll
    static void start() throws Exception {
        gateway = Gateway.start(
                new ConfigFile(Connectors.all(), Map.of("SECRET", SECRET)::get)
                        .read("test.yaml", FILE.formatted(folder, WEB, FIELD, OPEN)),
                line -> {});
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
    }

    @AfterEach
    void close() {
        callers.close();
        bans().list().forEach(ban -> bans().remove(ban.subject()));
    }

    private static BanList bans() {
        return Objects.requireNonNull(gateway).server().bans();
    }

    private int publish(@Nullable String authorization) throws Exception {
        return client.send(request(authorization), BodyHandlers.discarding()).statusCode();
    }

    /** Waits for no answer, which comes late. */
    private void guess() {
        client.sendAsync(request("Bearer wrong"), BodyHandlers.discarding());
    }

    private static HttpRequest request(@Nullable String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + WEB + "/topics/a"))
                .POST(BodyPublishers.ofString("21.5"));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request.build();
    }

    private static String basic(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    private static String call(CoapEndpoint by, int port) throws Exception {
        return CoapCallers.call(by, CoapCallers.request(port, Code.POST, "ps/a"));
    }

    /** What an observer is sent. */
    private static List<String> observe(CoapEndpoint by, int port) throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Request observe = CoapCallers.request(port, Code.GET, "ps/a");
        observe.setObserve();
        by.addNotificationListener(
                (request, response) -> seen.add(response.getCode().text + " " + response.getPayloadString()));
        assertThat(CoapCallers.call(by, observe)).isEqualTo("2.05");
        seen.clear();
        return seen;
    }

    @Test
    @DisplayName("over HTTP are banned when they guess passwords or tokens, but not who shows nothing [B19]")
    void guessing() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(publish(null)).isEqualTo(401);
        }
        assertThat(publish(basic("plant", SECRET))).isEqualTo(202);

        assertThat(publish(basic("plant", "wrong"))).isEqualTo(401);
        guess();

        await().atMost(MINUTES).until(() -> !bans().list().isEmpty());
        assertThat(bans().list()).extracting(Ban::subject).containsExactly(HERE);
        assertThat(publish(basic("plant", SECRET))).isEqualTo(403);
        assertThat(publish(null)).isEqualTo(403);
        bans().remove(HERE);
        assertThat(publish("Bearer " + SECRET)).isEqualTo(202);
    }

    @Test
    @DisplayName("over CoAP are banned when they guess keys, or who has one; each handshake counts once [B19]")
    void guessingKeys() throws Exception {
        long before = failures();
        CoapCallers.send(callers.withKey("meter-1", "wrong"), CoapCallers.request(FIELD, Code.POST, "ps/a"));
        await().atMost(MINUTES).until(() -> failures() == before + 1);
        assertThat(call(callers.withKey("meter-1", SECRET), FIELD)).isEqualTo("2.04");
        assertThat(bans().list()).isEmpty();

        CoapCallers.send(callers.withKey("nobody", SECRET), CoapCallers.request(FIELD, Code.POST, "ps/a"));

        await().atMost(MINUTES).until(() -> !bans().list().isEmpty());
        assertThat(bans().list()).extracting(Ban::subject).containsExactly(HERE);
    }

    private static long failures() {
        return Objects.requireNonNull(gateway).server().count(Counter.AUTHENTICATIONS_FAILED);
    }

    @Test
    @DisplayName("are refused while they are banned, by address or by the name they show, also where nobody is asked"
            + " who he is [B19]")
    void banned() throws Exception {
        CoapEndpoint meter = callers.withKey("meter-1", SECRET);
        CoapEndpoint anybody = callers.plain();
        assertThat(call(meter, FIELD)).isEqualTo("2.04");

        bans().add(new Subject(Kind.USERNAME, "meter-1"), Ban.WITHOUT_END);
        bans().add(new Subject(Kind.USERNAME, "plant"), Ban.WITHOUT_END);
        assertThat(call(meter, FIELD)).isEqualTo("4.03");
        assertThat(publish(basic("plant", SECRET))).isEqualTo(403);
        assertThat(publish("Bearer " + SECRET)).isEqualTo(202);
        assertThat(call(anybody, OPEN)).isEqualTo("2.04");

        bans().add(HERE, Ban.WITHOUT_END);
        assertThat(publish("Bearer " + SECRET)).isEqualTo(403);
        assertThat(call(anybody, OPEN)).isEqualTo("4.03");
    }

    @Test
    @DisplayName("that observe are told so and get nothing more when they are banned, by hand or for guessing")
    void observing() throws Exception {
        CoapEndpoint meter = callers.withKey("meter-1", SECRET);
        List<String> seenByMeter = observe(meter, FIELD);
        List<String> seen = observe(callers.plain(), OPEN);
        assertThat(publish("Bearer " + SECRET)).isEqualTo(202);
        await().atMost(MINUTES).until(() -> seenByMeter.contains("2.05 21.5") && seen.contains("2.05 21.5"));

        bans().add(new Subject(Kind.USERNAME, "meter-1"), Ban.WITHOUT_END);
        await().atMost(MINUTES).until(() -> seenByMeter.contains("4.03 the caller is on the ban list"));
        int received = seenByMeter.size();
        int before = seen.size();
        assertThat(publish("Bearer " + SECRET)).isEqualTo(202);
        await().atMost(MINUTES).until(() -> seen.size() > before);
        assertThat(seenByMeter).hasSize(received);

        guess();
        guess();
        await().atMost(MINUTES).until(() -> seen.contains("4.03 the caller is on the ban list"));
    }
}

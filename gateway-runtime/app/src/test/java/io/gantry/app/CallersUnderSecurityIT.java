// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gantry.api.settings.Secret;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.mqtt.BanList.Kind;
import io.gantry.mqtt.BanList.Subject;
import io.gantry.security.PasswordFile;
import io.gantry.security.RoleSettings;
import io.gantry.testbed.LoopbackPorts;
import io.gantry.testbed.TestCertificates;
import io.gantry.testbed.TestCertificates.Identity;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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

/** One gateway, with an HTTP and a CoAP endpoint under {@code security:}. */
@DisplayName("Callers of endpoints under security:")
class CallersUnderSecurityIT {
    private static final String SECRET = "only-for-this-test-only-for-this-test";
    private static final String PASSWORD = "right:or not";
    private static final int WEB = LoopbackPorts.free();
    private static final int FIELD = LoopbackPorts.free();
    private static final HttpResponse.BodyHandler<String> TEXT = BodyHandlers.ofString();
    private static final String FILE = """
            listeners: ["mqtt://127.0.0.1:0"]
            admin: {enabled: false}
            shutdown-timeout: 0s
            store: {directory: "%1$s/store"}
            limits: {max-failed-logins: 2}
            security:
              authenticate:
                - certificate: {role: device}
                - jwt: {secret: "${SECRET}", issuer: me, audience: gantry, role: device}
                - password-file: "%1$s/users.txt"
                - introspection: {url: "https://127.0.0.1:1/", client-id: g, client-secret: "${SECRET}", role: device}
              roles:
                device:
                  publish: ["sensors/{username}/#", "own/{client}/#", "jobs/{username}"]
                  subscribe: ["commands/{username}/#"]
                viewer: {subscribe: ["sensors/#"], deny-subscribe: ["sensors/+/secret"]}
                operator: {publish: ["commands/#", "sensors/#"]}
            endpoints:
              web:
                http:
                  listen:
                    address: "127.0.0.1:%2$d"
                    topics: /topics
                    security: true
                    tls: {cert: "%3$s", key: "%4$s", client-ca: "%5$s", client-cert: optional}
              field:
                coap:
                  listen:
                    address: "coaps://127.0.0.1:%6$d"
                    security: true
                    role: device
                    tls: {cert: "%3$s", key: "%4$s", client-ca: "%5$s", client-cert: optional}
                  topics: /ps
                  clients: {meter-1: "${SECRET}"}
            routes:
              jobs:
                from: {web: {path: "/jobs/{who}"}}
                to: {mqtt: {topic: "done/{path.who}"}}
              calls:
                from: {field: {path: "jobs/{who}"}}
                to: {mqtt: {topic: "done/{path.who}"}}
            """;

    @TempDir
    private static Path folder = Path.of("");

    private static @Nullable TestCertificates certificates;
    private static @Nullable Gateway gateway;
    private static @Nullable GatewaySettings settings;
    private static @Nullable HttpClient client;

    private final CoapCallers callers = new CoapCallers();

    @BeforeAll
    static void start() throws Exception {
        certificates = TestCertificates.in(folder);
        Identity server = certificates.server("localhost", "127.0.0.1");
        for (String user : List.of("ann:viewer", "pump-1:device", "desk:operator")) {
            String[] parts = user.split(":");
            new PasswordFile(folder.resolve("users.txt"))
                    .set(parts[0], new Secret(PASSWORD), Set.of(parts[1]), PasswordFile.Kind.ARGON2ID);
        }
        settings = new ConfigFile(Connectors.all(), Map.of("SECRET", SECRET)::get)
                .read(
                        "test.yaml",
                        FILE.formatted(folder, WEB, server.cert(), server.key(), certificates.authority(), FIELD));
        gateway = Gateway.start(settings, line -> {});
        client = HttpClient.newBuilder().sslContext(certificates.context()).build();
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
    }

    private static String basic(String user, String password) {
        byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    private static String token(String user, String secret) throws Exception {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String claims = "{\"iss\":\"me\",\"aud\":\"gantry\",\"sub\":\"%s\",\"exp\":%d}"
                .formatted(user, Instant.now().getEpochSecond() + 600);
        String signed = encoder.encodeToString("{\"alg\":\"HS256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "Bearer " + signed + "."
                + encoder.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private static HttpResponse<String> call(HttpClient by, String method, String path, @Nullable String authorization)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://localhost:" + WEB + path))
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("21.5"));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return by.send(request.build(), TEXT);
    }

    private static int status(String method, String path, @Nullable String authorization) throws Exception {
        return call(Objects.requireNonNull(client), method, path, authorization).statusCode();
    }

    @Test
    @DisplayName("over HTTP publish, read and call routes with a password as their roles say")
    void password() throws Exception {
        String pump = basic("pump-1", PASSWORD);
        String ann = basic("ann", PASSWORD);

        assertThat(status("POST", "/topics/sensors/pump-1/t?retain=true", pump)).isEqualTo(202);
        assertThat(status("POST", "/topics/sensors/pump-2/t", pump)).isEqualTo(403);
        assertThat(status("POST", "/topics/own/http-web/t", pump))
                .as("a caller has no Client Identifier")
                .isEqualTo(403);
        assertThat(status("POST", "/jobs/pump-1", pump)).isEqualTo(202);
        assertThat(status("POST", "/jobs/pump-2", pump)).isEqualTo(403);
        assertThat(status("GET", "/topics/sensors/pump-1/t", pump)).isEqualTo(403);
        assertThat(status("GET", "/topics/commands/pump-1/t", pump)).isEqualTo(404);
        assertThat(status("GET", "/topics/sensors/pump-1/t", ann)).isEqualTo(200);
        assertThat(status("GET", "/topics/sensors/pump-1/secret", ann)).isEqualTo(403);
        assertThat(status("POST", "/topics/sensors/pump-1/t", ann)).isEqualTo(403);
    }

    @Test
    @DisplayName("over HTTP are known by a token or by a client certificate as well")
    void tokenAndCertificate() throws Exception {
        String token = token("pump-9", SECRET);
        TestCertificates authority = Objects.requireNonNull(certificates);
        HttpClient pump = HttpClient.newBuilder()
                .sslContext(authority.context(authority.client("pump-7")))
                .build();

        assertThat(status("POST", "/topics/sensors/pump-9/t", token)).isEqualTo(202);
        assertThat(status("POST", "/topics/sensors/pump-1/t", token)).isEqualTo(403);
        assertThat(call(pump, "POST", "/topics/sensors/pump-7/t", null).statusCode())
                .isEqualTo(202);
        assertThat(call(pump, "POST", "/topics/sensors/pump-1/t", null).statusCode())
                .isEqualTo(403);
    }

    @Test
    @DisplayName(
            "over HTTP are asked who they are before anything else, and told to come later when nobody can say it [B20]")
    void unknown() throws Exception {
        HttpResponse<String> nobody = call(Objects.requireNonNull(client), "POST", "/topics/sensors/x/t", null);

        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).contains("Basic ", "Bearer "));
        assertThat(status("GET", "/nothing/here", null)).isEqualTo(401);
        assertThat(status("POST", "/topics/sensors/x/t", "Digest x")).isEqualTo(401);
        assertThat(status("POST", "/topics/sensors/x/t", "Basic ?")).isEqualTo(401);
        assertThat(status("POST", "/topics/sensors/x/t", "Bearer opaque"))
                .as("the last authenticator cannot be reached")
                .isEqualTo(503);
    }

    @Test
    @DisplayName("over HTTP are banned when they guess, as devices are [B19]")
    void guessing() throws Exception {
        Gateway started = Objects.requireNonNull(gateway);

        assertThat(status("POST", "/topics/sensors/pump-1/t", basic("pump-1", "wrong")))
                .isEqualTo(401);
        assertThat(status("POST", "/topics/sensors/pump-1/t", token("pump-1", SECRET + "x")))
                .isEqualTo(401);

        assertThat(status("POST", "/topics/sensors/pump-1/t", basic("pump-1", PASSWORD)))
                .isEqualTo(403);
        assertThat(started.server().bans().remove(new Subject(Kind.ADDRESS, "127.0.0.1")))
                .isTrue();
        assertThat(status("POST", "/topics/sensors/pump-1/t", basic("pump-1", PASSWORD)))
                .isEqualTo(202);
    }

    private static Request request(Code code, String path) {
        return CoapCallers.request(FIELD, code, path);
    }

    private static String call(CoapEndpoint by, Code code, String path) throws Exception {
        return CoapCallers.call(by, request(code, path));
    }

    @Test
    @DisplayName("over CoAP publish, read and call routes by a shared key or a certificate as their roles say")
    void coap() throws Exception {
        CoapEndpoint meter = callers.withKey("meter-1", SECRET);
        CoapEndpoint pump =
                callers.withCertificate(Objects.requireNonNull(certificates).client("pump-7"));
        CoapEndpoint nobody = callers.withCertificate(null);

        assertThat(call(meter, Code.POST, "ps/sensors/meter-1/t")).isEqualTo("2.04");
        assertThat(call(meter, Code.POST, "ps/sensors/meter-2/t")).isEqualTo("4.03");
        assertThat(call(meter, Code.GET, "ps/commands/meter-1/t")).isEqualTo("4.04");
        assertThat(call(meter, Code.GET, "ps/sensors/meter-1/t")).isEqualTo("4.03");
        assertThat(call(meter, Code.POST, "jobs/meter-1")).isEqualTo("2.04");
        assertThat(call(meter, Code.POST, "jobs/meter-2")).isEqualTo("4.03");
        assertThat(call(pump, Code.POST, "ps/sensors/pump-7/t")).isEqualTo("2.04");
        assertThat(call(pump, Code.POST, "ps/sensors/meter-1/t")).isEqualTo("4.03");
        assertThat(call(nobody, Code.POST, "ps/sensors/x/t")).isEqualTo("4.01");
        assertThat(call(nobody, Code.GET, "nothing")).isEqualTo("4.01");
    }

    @Test
    @DisplayName("over CoAP observe what their roles let them receive, as these are by then")
    void observe() throws Exception {
        CoapEndpoint meter = callers.withKey("meter-1", SECRET);
        List<String> seen = new CopyOnWriteArrayList<>();
        Request observe = request(Code.GET, "ps/commands/meter-1/now");
        observe.setObserve();
        meter.addNotificationListener((request, response) -> seen.add(response.getPayloadString()));
        assertThat(CoapCallers.call(meter, observe)).isEqualTo("2.05");
        Request forbidden = request(Code.GET, "ps/commands/meter-2/now");
        forbidden.setObserve();
        assertThat(CoapCallers.call(meter, forbidden)).isEqualTo("4.03");
        String desk = basic("desk", PASSWORD);

        assertThat(status("POST", "/topics/commands/meter-1/now", desk)).isEqualTo(202);
        await().until(() -> seen.contains("21.5"));

        Map<String, RoleSettings> before = Objects.requireNonNull(
                Objects.requireNonNull(settings).security().roles());
        Map<String, RoleSettings> without = new HashMap<>(before);
        without.put("device", new RoleSettings(List.of(), List.of(), List.of(), List.of()));
        Objects.requireNonNull(gateway).replaceRoles(without);
        try {
            int received = seen.size();
            assertThat(status("POST", "/topics/commands/meter-1/now", desk)).isEqualTo(202);
            assertThat(call(meter, Code.GET, "ps/commands/meter-1/now")).isEqualTo("4.03");
            assertThat(seen).hasSize(received);
        } finally {
            Objects.requireNonNull(gateway).replaceRoles(before);
        }
    }
}

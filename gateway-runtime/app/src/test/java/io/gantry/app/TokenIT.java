// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5DisconnectException;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A device with a token")
class TokenIT {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** Within so much after its end. */
    private static final long PROMISED_MILLIS = 2_000;

    private static final int LONG_SECONDS = 600;

    @TempDir
    private Path directory = Path.of("");

    private TestGateway gateway;

    /** What ended a connection, and when. */
    private record Ended(long atMillis, Throwable cause) {}

    /**
     * Connected.
     *
     * @param endMillis when its token ends
     */
    private record Device<C>(C client, long endMillis, CompletableFuture<Ended> ended) {}

    private interface Connecting<C> {
        C with(String token, CompletableFuture<Ended> ended) throws Exception;
    }

    @BeforeEach
    void start() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), SECRET);
        gateway = TestGateway.of("""
                security:
                  authenticate:
                    - jwt: {secret: "${file:%s}", issuer: "https://idp.example/", audience: gantry, role: device}
                  roles:
                    device: {publish: ["sensors/{username}/#"]}
                """.formatted(secret));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    @DisplayName("is disconnected with 0x87 within two seconds after the token has ended, and not before [B13]")
    void ends() throws Exception {
        Device<Mqtt5AsyncClient> device5 = connected(this::byPassword5);
        Device<Mqtt3AsyncClient> device3 = connected(this::byPassword3);

        Ended end5 = device5.ended.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(end5.cause).isInstanceOfSatisfying(Mqtt5DisconnectException.class, told -> assertThat(
                        told.getMqttMessage().getReasonCode())
                .isEqualTo(Mqtt5DisconnectReasonCode.NOT_AUTHORIZED));
        assertThat(end5.atMillis).isBetween(device5.endMillis, device5.endMillis + PROMISED_MILLIS);
        Ended end3 = device3.ended.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(end3.atMillis).isBetween(device3.endMillis, device3.endMillis + PROMISED_MILLIS);
    }

    @Test
    @DisplayName("that shows a later one in time stays connected when the first one ends [B13]")
    void renewed() throws Exception {
        Device<Mqtt5AsyncClient> device = connected(this::renewing);

        await().until(() -> device.ended.isDone() || System.currentTimeMillis() > device.endMillis + PROMISED_MILLIS);

        assertThat(device.ended).isNotDone();
        assertThat(TestGateway.isAcknowledged(device.client, "sensors/pump-7/t"))
                .isTrue();
        device.client.disconnect().get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private Mqtt5AsyncClient byPassword5(String token, CompletableFuture<Ended> ended) throws Exception {
        Mqtt5AsyncClient client = TestGateway.client("d5", gateway.port())
                .useMqttVersion5()
                .addDisconnectedListener(context -> ended.complete(ended(context)))
                .buildAsync();
        client.connectWith()
                .simpleAuth()
                .password(bytes(token))
                .applySimpleAuth()
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        return client;
    }

    private Mqtt3AsyncClient byPassword3(String token, CompletableFuture<Ended> ended) throws Exception {
        Mqtt3AsyncClient client = TestGateway.client("d3", gateway.port())
                .useMqttVersion3()
                .addDisconnectedListener(context -> ended.complete(ended(context)))
                .buildAsync();
        client.connectWith()
                .simpleAuth()
                .username("ignored")
                .password(bytes(token))
                .applySimpleAuth()
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        return client;
    }

    /** Shows a token, and at once another that ends much later. */
    private Mqtt5AsyncClient renewing(String token, CompletableFuture<Ended> ended) throws Exception {
        JwtMechanism mechanism = new JwtMechanism(token);
        Mqtt5AsyncClient client = TestGateway.client("d1", gateway.port())
                .useMqttVersion5()
                .enhancedAuth(mechanism)
                .addDisconnectedListener(context -> ended.complete(ended(context)))
                .buildAsync();
        client.connect().get(Patience.SECONDS, TimeUnit.SECONDS);
        mechanism.token(token(System.currentTimeMillis() / 1_000 + LONG_SECONDS));
        client.reauth().get(Patience.SECONDS, TimeUnit.SECONDS);
        return client;
    }

    /** By a token that ends soon, though not before a slow machine has connected. */
    private static <C> Device<C> connected(Connecting<C> connecting) throws Exception {
        for (int seconds = 1; ; seconds *= 2) {
            long end = System.currentTimeMillis() / 1_000 + 1 + seconds;
            CompletableFuture<Ended> ended = new CompletableFuture<>();
            try {
                return new Device<>(connecting.with(token(end), ended), end * 1_000, ended);
            } catch (ExecutionException late) {
                if (System.currentTimeMillis() < end * 1_000 || seconds > Patience.SECONDS) {
                    throw late;
                }
            }
        }
    }

    private static Ended ended(MqttClientDisconnectedContext context) {
        return new Ended(System.currentTimeMillis(), context.getCause());
    }

    private static String token(long end) throws Exception {
        String signed = base64("{\"alg\":\"HS256\"}") + "."
                + base64(
                        "{\"iss\":\"https://idp.example/\",\"aud\":\"gantry\",\"sub\":\"pump-7\",\"exp\":" + end + "}");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(bytes(SECRET), "HmacSHA256"));
        return signed + "." + BASE64.encodeToString(mac.doFinal(bytes(signed)));
    }

    private static String base64(String text) {
        return BASE64.encodeToString(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwe.JsonWebEncryption;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with keys and a cloud without, and a device at each. The cloud's device encrypts with another library. */
@DisplayName("A route with decrypt or encrypt")
class PayloadEncryptionIT {
    private static final String TEXT = "{\"degrees\": 21.5}";

    @TempDir
    private static Path keys;

    private static KeyPair plant;
    private static KeyPair cloudKeys;
    private static TestGateway cloud;
    private static TestGateway gateway;
    private static Mqtt5AsyncClient device;
    private static Mqtt5AsyncClient application;
    private static final List<Mqtt5Publish> atDevice = new CopyOnWriteArrayList<>();
    private static final List<Mqtt5Publish> atApplication = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        plant = pair();
        cloudKeys = pair();
        write("plant.key", plant.getPrivate());
        write("cloud.pem", cloudKeys.getPublic());
        cloud = TestGateway.of("endpoints: {}");
        gateway = TestGateway.of("""
                endpoints:
                  cloud: {mqtt: {url: "mqtt://127.0.0.1:%d"}}
                routes:
                  sealed:
                    from: {mqtt: "sealed/#"}
                    to: {cloud: {topic: "up/{topic}", qos: 1}}
                    encrypt: {key: "%2$s/cloud.pem", algorithm: ECDH-ES, kid: cloud-1}
                  opened:
                    from: {mqtt: "opened/#"}
                    to: {cloud: {topic: "up/{topic}", qos: 1}}
                    decrypt: "%2$s/plant.key"
                    dead-letter: {cloud: {topic: "dead/{topic}", qos: 1}}
                  carried:
                    from: {mqtt: "carried/#"}
                    to: {cloud: {topic: "up/{topic}", qos: 1}}
                  commands:
                    from: {cloud: {filter: "down/#", qos: 1}}
                    to: {mqtt: {topic: "{topic}", qos: 1}}
                    decrypt: "%2$s/plant.key"
                """.formatted(cloud.port(), keys));
        device = gateway.device5("device");
        application = cloud.device5("application");
        subscribe(device, "down/#", atDevice);
        subscribe(application, "up/#", atApplication);
        subscribe(application, "dead/#", atApplication);
        await().until(PayloadEncryptionIT::isOpenDown);
    }

    /** Whether the gateway has subscribed at the cloud. */
    private static boolean isOpenDown() throws Exception {
        publish(application, "down/probe", encrypted(TEXT));
        return !atDevice.isEmpty();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        cloud.close();
    }

    @BeforeEach
    void forget() {
        atDevice.clear();
        atApplication.clear();
    }

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static void write(String name, Key key) throws Exception {
        String kind = key.getFormat().equals("PKCS#8") ? "PRIVATE KEY" : "PUBLIC KEY";
        Files.writeString(
                keys.resolve(name),
                "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                        + "\n-----END " + kind + "-----\n");
    }

    private static String encrypted(String text) throws JoseException {
        JsonWebEncryption jwe = new JsonWebEncryption();
        jwe.setAlgorithmHeaderValue("ECDH-ES+A256KW");
        jwe.setEncryptionMethodHeaderParameter("A256GCM");
        jwe.setContentTypeHeaderValue("application/json");
        jwe.setPayload(text);
        jwe.setKey(plant.getPublic());
        return jwe.getCompactSerialization();
    }

    private static void subscribe(Mqtt5AsyncClient client, String filter, List<Mqtt5Publish> into) throws Exception {
        client.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(into::add)
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static void publish(Mqtt5AsyncClient client, String topic, String payload) throws Exception {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .contentType("application/jose")
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static Mqtt5Publish next(List<Mqtt5Publish> from) {
        await().until(() -> !from.isEmpty());
        return from.get(0);
    }

    private static String text(Mqtt5Publish message) {
        return new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("encrypts what a device sends, and only the recipient reads it")
    void encrypts() throws Exception {
        publish(device, "sealed/1", TEXT);

        Mqtt5Publish came = next(atApplication);
        JsonWebEncryption jwe = new JsonWebEncryption();
        jwe.setCompactSerialization(text(came));
        jwe.setKey(cloudKeys.getPrivate());
        assertThat(came.getTopic()).hasToString("up/sealed/1");
        assertThat(came.getContentType().map(Object::toString)).contains("application/jose");
        assertThat(jwe.getKeyIdHeaderValue()).isEqualTo("cloud-1");
        assertThat(jwe.getPayload()).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("decrypts what a device has encrypted, and tells what it was")
    void decrypts() throws Exception {
        publish(device, "opened/1", encrypted(TEXT));

        Mqtt5Publish came = next(atApplication);
        assertThat(text(came)).isEqualTo(TEXT);
        assertThat(came.getContentType().map(Object::toString)).contains("application/json");
    }

    @Test
    @DisplayName("makes a dead letter of what it cannot open, at once, with the payload that came and the reason")
    void deadLetter() throws Exception {
        String jwe = encrypted(TEXT);
        String altered = jwe.substring(0, jwe.length() - 4) + "AAAA";

        publish(device, "opened/2", altered);

        Mqtt5Publish came = next(atApplication);
        assertThat(came.getTopic()).hasToString("dead/opened/2");
        assertThat(text(came)).isEqualTo(altered);
        assertThat(came.getUserProperties().asList()).anySatisfy(property -> assertThat(property.toString())
                .contains("gantry-error")
                .contains("the payload cannot be decrypted"));
        publish(device, "opened/3", jwe);
        await().until(() -> atApplication.size() == 2);
        assertThat(text(atApplication.get(1))).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("decrypts what goes to devices, and rejects what it cannot open")
    void toDevices() throws Exception {
        publish(application, "down/1", "in the clear");
        publish(application, "down/2", encrypted(TEXT));

        await().until(() -> atDevice.stream()
                .anyMatch(message -> message.getTopic().toString().equals("down/2")));
        assertThat(atDevice).allSatisfy(message -> assertThat(text(message)).isEqualTo(TEXT));
        assertThat(gateway.routeCounts("commands")).containsEntry("rejected", 1L);
    }

    @Test
    @DisplayName("is needed for that: any other carries an encrypted payload as it is")
    void carries() throws Exception {
        String jwe = encrypted(TEXT);

        publish(device, "carried/1", jwe);

        assertThat(text(next(atApplication))).isEqualTo(jwe);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.gantry.api.files.FollowedFiles;
import io.gantry.app.config.ConfigFile;
import io.gantry.app.config.GatewaySettings;
import io.gantry.testbed.TestCertificates;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A gateway with config/examples/secure.yaml")
class SecureExampleIT {
    private static final String PASSWORD = "correct horse battery staple";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    @TempDir
    private static Path folder = Path.of("");

    private static @Nullable TestCertificates certificates;
    private static @Nullable KeyPair issuer;
    private static @Nullable Gateway gateway;
    private static @Nullable FollowedConfig followed;

    @BeforeAll
    static void start() throws Exception {
        certificates = TestCertificates.in(folder);
        TestCertificates.Identity server = certificates.server("localhost", "127.0.0.1");
        Files.copy(server.cert(), folder.resolve("server.pem"));
        Files.copy(server.key(), folder.resolve("server.key"));
        Files.copy(certificates.authority(), folder.resolve("devices-ca.pem"));
        issuer = keys();
        writeKeySet(issuer);
        addUser("ann");
        addUser("eve");
        Path file = folder.resolve("secure.yaml");
        Files.writeString(
                file,
                Files.readString(Path.of("..", "..", "config", "examples", "secure.yaml"))
                                .replace("mqtts://0.0.0.0:8883", "mqtts://127.0.0.1:0")
                        + "\nadmin: {enabled: false}\nshutdown-timeout: 0s\nstore: {directory: '"
                        + folder.resolve("store") + "'}\n");
        Map<String, String> environment = Map.of(
                "CERTS", folder.toString(), "JWKS", folder.resolve("jwks.json").toString());
        ConfigFile reader = new ConfigFile(Connectors.all(), environment::get);
        FollowedFiles<GatewaySettings> settings = FollowedFiles.open(List.of(file), () -> reader.read(file));
        gateway = Gateway.start(settings.current(), line -> {});
        followed = new FollowedConfig(settings, gateway::replaceRoles);
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
        }
    }

    @Test
    @DisplayName(
            "takes a device by its certificate, and lets it use the topics of its common name alone, whatever it calls itself")
    void device() throws Exception {
        Mqtt5BlockingClient pump = client("another", "pump-7");
        pump.connect();

        assertThat(publish(pump, "sensors/pump-7/t")).isTrue();
        assertThat(publish(pump, "sensors/pump-8/t")).isFalse();
        assertThat(publish(pump, "sensors/another/t")).isFalse();
        assertThat(subscribe(pump, "commands/pump-7/#")).isTrue();
        assertThat(subscribe(pump, "commands/#")).isFalse();
        assertThat(subscribe(pump, "$share/g/commands/+/stop")).isFalse();
        pump.disconnect();
    }

    @Test
    @DisplayName("lets somebody with a token command the site of his claim, and nobody's else")
    void token() throws Exception {
        Mqtt5BlockingClient pump = client("pump-9", "pump-9");
        pump.connect();
        Mqtt5Publishes commands = pump.publishes(MqttGlobalPublishFilter.ALL);
        assertThat(subscribe(pump, "commands/pump-9/#")).isTrue();
        Mqtt5BlockingClient operator = client("desk", null);
        login(operator, "ignored", token("pump-9", Instant.now().plusSeconds(600)));

        assertThat(publish(operator, "commands/pump-9/stop")).isTrue();
        assertThat(publish(operator, "commands/pump-8/stop")).isFalse();

        assertThat(commands.receive(Patience.SECONDS, TimeUnit.SECONDS)).isPresent();
        operator.disconnect();
        pump.disconnect();
    }

    @Test
    @DisplayName("shows somebody with a password what his role may see, and what the role is changed to from then on")
    void password() throws Exception {
        Mqtt5BlockingClient ann = client("screen", null);
        login(ann, "ann", PASSWORD);
        Mqtt5Publishes seen = ann.publishes(MqttGlobalPublishFilter.ALL);
        assertThat(subscribe(ann, "sensors/#")).isTrue();
        assertThat(subscribe(ann, "sensors/+/secret")).isFalse();
        assertThat(publish(ann, "sensors/x/t")).isFalse();
        Mqtt5BlockingClient pump = client("pump-1", "pump-1");
        pump.connect();

        publish(pump, "sensors/pump-1/secret");
        publish(pump, "sensors/pump-1/t");
        assertThat(topicOf(seen.receive(Patience.SECONDS, TimeUnit.SECONDS))).isEqualTo("sensors/pump-1/t");

        changeRoles("deny-subscribe: [\"sensors/+/secret\"]", "deny-subscribe: [\"sensors/+/t\"]");
        publish(pump, "sensors/pump-1/t");
        publish(pump, "sensors/pump-1/secret");
        assertThat(topicOf(seen.receive(Patience.SECONDS, TimeUnit.SECONDS))).isEqualTo("sensors/pump-1/secret");
        ann.disconnect();
        pump.disconnect();
    }

    @Test
    @DisplayName(
            "refuses who proves nothing, has a wrong password, or a token that has ended or is signed by somebody else")
    void refused() throws Exception {
        assertThatThrownBy(() -> client("x", null).connect())
                .isInstanceOfSatisfying(Mqtt5ConnAckException.class, refusal -> assertThat(
                                refusal.getMqttMessage().getReasonCode())
                        .isEqualTo(Mqtt5ConnAckReasonCode.NOT_AUTHORIZED));
        assertThatThrownBy(() -> login(client("x", null), "ann", "guess")).isInstanceOf(Mqtt5ConnAckException.class);
        assertThatThrownBy(() ->
                        login(client("x", null), "x", token("a", Instant.now().minusSeconds(600))))
                .isInstanceOf(Mqtt5ConnAckException.class);
        String forged = token("a", Instant.now().plusSeconds(600), keys());
        assertThatThrownBy(() -> login(client("x", null), "x", forged)).isInstanceOf(Mqtt5ConnAckException.class);
    }

    @Test
    @DisplayName("sends somebody away who is taken out of the file of users, and nobody else")
    void userRemoved() throws Exception {
        Mqtt5BlockingClient ann = client("another-screen", null);
        login(ann, "ann", PASSWORD);
        Mqtt5BlockingClient eve = client("eves-screen", null);
        login(eve, "eve", PASSWORD);

        passwd("remove", folder.resolve("users.txt").toString(), "eve");

        Patience.await().until(() -> !eve.getState().isConnected());
        assertThat(ann.getState().isConnected()).isTrue();
        ann.disconnect();
    }

    private static void addUser(String name) throws Exception {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        passwd(
                "add",
                "--password-file",
                password.toString(),
                "--role",
                "viewer",
                folder.resolve("users.txt").toString(),
                name);
    }

    private static void passwd(String... arguments) {
        StringWriter err = new StringWriter();
        int exit = Main.commandLine(Map.<String, String>of()::get)
                .setOut(new PrintWriter(err))
                .setErr(new PrintWriter(err))
                .execute(
                        Stream.concat(Stream.of("passwd"), Stream.of(arguments)).toArray(String[]::new));
        assertThat(exit).as(err.toString()).isZero();
    }

    private static void changeRoles(String before, String after) throws Exception {
        Path file = folder.resolve("secure.yaml");
        String yaml = Files.readString(file);
        assertThat(yaml).contains(before);
        Files.writeString(file, yaml.replace(before, after));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));
        if (followed != null) {
            followed.look();
        }
    }

    /** With a certificate for a common name, or without one. */
    private static Mqtt5BlockingClient client(String clientId, @Nullable String commonName) throws Exception {
        if (certificates == null || gateway == null) {
            throw new IllegalStateException("not started");
        }
        var tls = MqttClientSslConfig.builder().trustManagerFactory(trust(certificates.authorityStore()));
        if (commonName != null) {
            tls = tls.keyManagerFactory(key(certificates.client(commonName).store()));
        }
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier(clientId)
                .serverHost("127.0.0.1")
                .serverPort(gateway.addresses().get(0).getPort())
                .sslConfig(
                        tls.handshakeTimeout(Patience.SECONDS, TimeUnit.SECONDS).build())
                .buildBlocking();
    }

    private static void login(Mqtt5BlockingClient client, String user, String password) {
        client.connectWith()
                .simpleAuth()
                .username(user)
                .password(password.getBytes(StandardCharsets.UTF_8))
                .applySimpleAuth()
                .send();
    }

    private static boolean publish(Mqtt5BlockingClient client, String topic) {
        try {
            client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send();
            return true;
        } catch (Mqtt5PubAckException refused) {
            return false;
        }
    }

    private static boolean subscribe(Mqtt5BlockingClient client, String filter) {
        try {
            client.subscribeWith().topicFilter(filter).send();
            return true;
        } catch (Mqtt5SubAckException refused) {
            return false;
        }
    }

    private static String topicOf(Optional<Mqtt5Publish> received) {
        return received.map(message -> message.getTopic().toString()).orElse("nothing");
    }

    private static String token(String site, Instant end) throws Exception {
        if (issuer == null) {
            throw new IllegalStateException("not started");
        }
        return token(site, end, issuer);
    }

    private static String token(String site, Instant end, KeyPair signer) throws Exception {
        String signed = base64("{\"alg\":\"ES256\",\"kid\":\"k1\"}") + "."
                + base64(
                        "{\"iss\":\"https://idp.example/\",\"aud\":\"gantry\",\"sub\":\"bob\",\"groups\":[\"operator\"],"
                                + "\"site\":\"" + site + "\",\"exp\":" + end.getEpochSecond() + "}");
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(signer.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.UTF_8));
        return signed + "." + BASE64.encodeToString(signature.sign());
    }

    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static void writeKeySet(KeyPair pair) throws Exception {
        var point = ((ECPublicKey) pair.getPublic()).getW();
        Files.writeString(
                folder.resolve("jwks.json"),
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k1\",\"x\":\""
                        + coordinate(point.getAffineX().toByteArray()) + "\",\"y\":\""
                        + coordinate(point.getAffineY().toByteArray()) + "\"}]}");
    }

    /** 32 bytes, whatever the sign takes or the zeros in front leave out. */
    private static String coordinate(byte[] number) {
        byte[] padded = new byte[32];
        int length = Math.min(32, number.length);
        System.arraycopy(number, number.length - length, padded, 32 - length, length);
        return BASE64.encodeToString(Arrays.copyOf(padded, 32));
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static KeyManagerFactory key(Path store) throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(load(store), TestCertificates.PASSWORD.toCharArray());
        return factory;
    }

    private static TrustManagerFactory trust(Path store) throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(load(store));
        return factory;
    }

    private static KeyStore load(Path store) throws Exception {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, TestCertificates.PASSWORD.toCharArray());
        }
        return loaded;
    }
}

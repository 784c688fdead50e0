// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A client made by others")
class RealClientsIT {
    private static final Path CLIENTS = Path.of("src", "test", "resources", "clients");
    private static final Path NPM = Path.of("target", "npm");
    private static final String MQTT_JS = "mqtt@5.16.0";
    /** In any order: a client may keep a QoS 2 message until it is released. */
    private static final List<String> ALL = List.of("qos 0 as 0", "qos 1 as 1", "qos 2 as 2", "200000 bytes");

    private static boolean npmTried;

    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.start("127.0.0.1:1", "routes: {}");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({"mqtt, 4", "mqtt, 5", "ws, 4", "ws, 5"})
    @DisplayName("MQTT.js publishes and receives at every QoS, over TCP and WebSocket")
    void mqttJs(String scheme, String version) throws Exception {
        Path module = installedMqttJs();
        String url = scheme.equals("ws")
                ? "ws://127.0.0.1:" + gateway.webSocketPort() + "/mqtt"
                : "mqtt://127.0.0.1:" + gateway.port();

        String output = Command.run(List.of(
                "env",
                "MQTT_JS=" + module.toAbsolutePath(),
                "node",
                CLIENTS.resolve("mqttjs.cjs").toString(),
                url,
                version));

        assertThat(output.strip().split(", ", -1)).containsExactlyInAnyOrderElementsOf(ALL);
    }

    /** Fetched once into target/, where npm is there and finds it; a plain build needs neither. */
    private static Path installedMqttJs() throws Exception {
        Command.assumeInstalled("node");
        Command.assumeInstalled("npm");
        Path whole = NPM.resolve("whole"); // what npm leaves when it fails half way is of no use
        if (!Files.exists(whole) && !npmTried) {
            npmTried = true;
            Files.createDirectories(NPM);
            if (Command.succeeds(List.of(
                    "npm",
                    "install",
                    "--prefix",
                    NPM.toString(),
                    "--no-audit",
                    "--no-fund",
                    "--ignore-scripts",
                    "--fetch-retries=0",
                    MQTT_JS))) {
                Files.createFile(whole);
            }
        }
        assumeTrue(Files.exists(whole), MQTT_JS + " could not be fetched by npm");
        return NPM.resolve("node_modules").resolve("mqtt");
    }

    @ParameterizedTest
    @CsvSource({"tcp, 4", "tcp, 5", "websockets, 4", "websockets, 5"})
    @DisplayName("Paho for Python publishes and receives at every QoS, over TCP and WebSocket")
    void pahoPython(String transport, String version) throws Exception {
        int port = transport.equals("tcp") ? gateway.port() : gateway.webSocketPort();

        String output = Command.run(List.of(
                pythonWithPaho(),
                CLIENTS.resolve("paho_client.py").toString(),
                transport,
                Integer.toString(port),
                version));

        assertThat(output.strip().split(", ", -1)).containsExactlyInAnyOrderElementsOf(ALL);
    }

    /** The one on the path, or the system's, whose packages another one does not see. */
    private static String pythonWithPaho() throws Exception {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            if (Command.isInstalled(python) && Command.succeeds(List.of(python, "-c", "import paho.mqtt.client"))) {
                return python;
            }
        }
        assumeTrue(false, "Paho for Python is not installed");
        return "";
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ws"})
    @DisplayName("Paho for Java (3.1.1) gets at QoS 2 what came while it was away, once, and sends at QoS 2")
    void pahoJava3(String scheme) throws Exception {
        MqttConnectOptions lasting = new MqttConnectOptions();
        lasting.setCleanSession(false);
        MqttClient away = new MqttClient(url(scheme), "away3", new MemoryPersistence());
        away.connect(lasting);
        away.subscribe("paho3/+", 2);
        away.disconnect();

        MqttClient sender = new MqttClient(url(scheme), "sender3", new MemoryPersistence());
        sender.connect();
        for (int i = 0; i < 20; i++) {
            sender.publish("paho3/a", Integer.toString(i).getBytes(StandardCharsets.UTF_8), 2, false);
        }
        PahoInbox inbox = new PahoInbox();
        away.setCallback(inbox);
        away.connect(lasting);

        await().untilAsserted(() -> assertThat(inbox.payloads).containsExactlyElementsOf(numbers(20)));
        for (MqttClient client : List.of(away, sender)) {
            client.disconnect();
            client.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ws"})
    @DisplayName("Paho for Java (5) gets at QoS 2 what came while it was away, once, and sends at QoS 2")
    void pahoJava5(String scheme) throws Exception {
        MqttConnectionOptions lasting = new MqttConnectionOptions();
        lasting.setCleanStart(false);
        lasting.setSessionExpiryInterval(300L);
        var away = paho5(scheme, "away5");
        away.connect(lasting);
        away.subscribe(new MqttSubscription[] {new MqttSubscription("paho5/+", 2)});
        away.disconnect();

        var sender = paho5(scheme, "sender5");
        sender.connect();
        for (int i = 0; i < 20; i++) {
            sender.publish("paho5/a", Integer.toString(i).getBytes(StandardCharsets.UTF_8), 2, false);
        }
        PahoInbox5 inbox = new PahoInbox5();
        away.setCallback(inbox);
        away.connect(lasting);

        await().untilAsserted(() -> assertThat(inbox.payloads).containsExactlyElementsOf(numbers(20)));
        for (var client : List.of(away, sender)) {
            client.disconnect();
            client.close();
        }
    }

    private org.eclipse.paho.mqttv5.client.MqttClient paho5(String scheme, String clientId) throws Exception {
        return new org.eclipse.paho.mqttv5.client.MqttClient(
                url(scheme), clientId, new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
    }

    private String url(String scheme) {
        return scheme.equals("ws")
                ? "ws://127.0.0.1:" + gateway.webSocketPort() + "/mqtt"
                : "tcp://127.0.0.1:" + gateway.port();
    }

    private static List<String> numbers(int count) {
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            numbers.add(Integer.toString(i));
        }
        return numbers;
    }
}

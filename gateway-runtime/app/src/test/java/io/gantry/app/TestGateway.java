// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.gantry.app.config.ConfigFile;
import io.gantry.mqtt.session.Counter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A gateway in this process, made of a YAML text, on a free port. */
final class TestGateway implements AutoCloseable {
    private final Gateway gateway;
    private final Path store;
    final List<String> console = new ArrayList<>();

    private TestGateway(String yaml, Path store) throws Exception {
        this.store = store;
        gateway = Gateway.start(new ConfigFile(Connectors.all(), System::getenv).read("test.yaml", yaml), console::add);
    }

    /**
     * Starts one.
     *
     * @param routes the YAML from {@code routes:} on
     * @param brokers of the endpoint {@code plant}
     */
    static TestGateway start(String brokers, String routes) throws Exception {
        Path store = Files.createTempDirectory("gantry-test");
        return new TestGateway("""
                listeners: ["ws://127.0.0.1:0/mqtt", "mqtt://127.0.0.1:0"]
                shutdown-timeout: 5s
                store: {directory: "%s"}
                endpoints:
                  plant: {kafka: {brokers: "%s", request-timeout: 2s, delivery-timeout: 20s}}
                %s""".formatted(store, brokers, routes.stripIndent()), store);
    }

    int port() {
        return gateway.addresses().get(1).getPort();
    }

    /** Of the WebSocket listener, whose path is {@code /mqtt}. */
    int webSocketPort() {
        return gateway.addresses().get(0).getPort();
    }

    long count(Counter counter) {
        return gateway.server().count(counter);
    }

    int connections() {
        return gateway.server().connections();
    }

    /** A connected MQTT 5 device with a session that outlives its connections. */
    Mqtt5AsyncClient device5(String clientId) throws Exception {
        Mqtt5AsyncClient client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(clientId)
                .serverHost("127.0.0.1")
                .serverPort(port())
                .buildAsync();
        client.connectWith().sessionExpiryInterval(300).send().get(10, TimeUnit.SECONDS);
        return client;
    }

    /** A connected MQTT 3.1.1 device. */
    Mqtt3AsyncClient device3(String clientId) throws Exception {
        Mqtt3AsyncClient client = MqttClient.builder()
                .useMqttVersion3()
                .identifier(clientId)
                .serverHost("127.0.0.1")
                .serverPort(port())
                .buildAsync();
        client.connect().get(10, TimeUnit.SECONDS);
        return client;
    }

    @Override
    public void close() {
        gateway.close();
        try (Stream<Path> found = Files.walk(store)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.gantry.app.config.ConfigFile;
import io.gantry.delivery.Ledger;
import io.gantry.mqtt.session.Counter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
        return start(brokers, "60s", routes);
    }

    static TestGateway start(String brokers, String deliveryTimeout, String routes) throws Exception {
        return of("""
                endpoints:
                  plant: {kafka: {brokers: "%s", request-timeout: 10s, delivery-timeout: %s}}
                %s""".formatted(brokers, deliveryTimeout, routes.stripIndent()));
    }

    /** Starts one with the YAML from {@code endpoints:} on. */
    static TestGateway of(String yaml) throws Exception {
        return of(0, yaml);
    }

    /** Starts one that listens for MQTT on a port; 0 for any. */
    static TestGateway of(int port, String yaml) throws Exception {
        return with("listeners: [\"ws://127.0.0.1:0/mqtt\", \"mqtt://127.0.0.1:%d\"]".formatted(port), yaml);
    }

    /** Starts one with listeners, first WebSocket and then TCP, and without routes. */
    static TestGateway listening(String listeners) throws Exception {
        return with("listeners:\n" + listeners.indent(2), "");
    }

    private static TestGateway with(String listeners, String yaml) throws Exception {
        Path store = Files.createTempDirectory("gantry-test");
        return new TestGateway("""
                %s
                admin: {listen: "127.0.0.1:0"}
                shutdown-timeout: 5s
                store: {directory: "%s"}
                %s""".formatted(listeners, store, yaml.stripIndent()), store);
    }

    Map<String, Long> routeCounts(String route) {
        return gateway.routeCounts().getOrDefault(route, Map.of());
    }

    List<Ledger.Snapshot> ledgers() {
        return gateway.ledgers();
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

    /** The lines of {@code /metrics}. */
    List<String> metrics() throws IOException, InterruptedException {
        String admin = console.stream()
                .filter(line -> line.startsWith("admin "))
                .findFirst()
                .orElseThrow()
                .substring("admin ".length());
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(admin + "/metrics")).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .toList();
    }

    int connections() {
        return gateway.server().connections();
    }

    /** A client that is more patient than it is by itself. */
    static MqttClientBuilder client(String clientId, int port) {
        return MqttClient.builder()
                .identifier(clientId)
                .transportConfig()
                .serverHost("127.0.0.1")
                .serverPort(port)
                .socketConnectTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                .mqttConnectTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                .applyTransportConfig();
    }

    /** A connected MQTT 5 device with a session that outlives its connections. */
    Mqtt5AsyncClient device5(String clientId) throws Exception {
        Mqtt5AsyncClient client = client(clientId, port()).useMqttVersion5().buildAsync();
        client.connectWith().sessionExpiryInterval(300).send().get(Patience.SECONDS, TimeUnit.SECONDS);
        return client;
    }

    /** A connected MQTT 3.1.1 device. */
    Mqtt3AsyncClient device3(String clientId) throws Exception {
        Mqtt3AsyncClient client = client(clientId, port()).useMqttVersion3().buildAsync();
        client.connect().get(Patience.SECONDS, TimeUnit.SECONDS);
        return client;
    }

    /** Publishes at QoS 1; whether the gateway took it, and did not answer that it cannot now. */
    static boolean isAcknowledged(Mqtt5AsyncClient device, String topic) throws Exception {
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        var unused = device.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload("x".getBytes(StandardCharsets.UTF_8))
                .send()
                .whenComplete((result, failure) ->
                        taken.complete(failure == null && result.getError().isEmpty()));
        return taken.get(Patience.SECONDS, TimeUnit.SECONDS);
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

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A Mosquitto that takes no packets of more than 150,000 bytes and keeps its sessions, and a client of it, by the HiveMQ
 * library, that waits for each PUBACK.
 */
final class MqttPeer implements Peer {
    private static final int LARGEST_PACKET = 150_000;
    private static final int PATIENCE_MINUTES = 3;
    private static final List<Path> PROGRAMS = Stream.of(
                    "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto")
            .map(Path::of)
            .toList();

    private final Path folder;
    private final int port = LoopbackPorts.free();
    private final List<Numbered> arrived = new CopyOnWriteArrayList<>();
    private final Mqtt5AsyncClient client;
    private Process mosquitto;

    MqttPeer() throws Exception {
        folder = Files.createTempDirectory("gantry-mosquitto");
        Files.writeString(folder.resolve("mosquitto.conf"), """
                user root
                listener %d 127.0.0.1
                allow_anonymous true
                persistence true
                persistence_location %s/
                max_packet_size %d
                max_queued_messages 0
                """.formatted(port, folder, LARGEST_PACKET));
        back();
        client = MqttClient.builder()
                .useMqttVersion5()
                .identifier("far-side")
                .serverHost("127.0.0.1")
                .serverPort(port)
                .automaticReconnect()
                .initialDelay(100, TimeUnit.MILLISECONDS)
                .maxDelay(500, TimeUnit.MILLISECONDS)
                .applyAutomaticReconnect()
                .buildAsync();
        client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(TimeUnit.HOURS.toSeconds(1))
                .send()
                .get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        client.subscribeWith()
                .topicFilter("readings")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(publish -> arrived.add(Numbered.parse(new String(publish.getPayloadAsBytes(), UTF_8))))
                .send()
                .get(PATIENCE_MINUTES, TimeUnit.MINUTES);
    }

    static boolean isInstalled() {
        return PROGRAMS.stream().anyMatch(Files::isExecutable);
    }

    @Override
    public String endpoints() {
        return "other: {mqtt: {url: \"mqtt://127.0.0.1:%d\", receive-maximum: 100}}".formatted(port);
    }

    @Override
    public String to() {
        return "{other: {topic: readings}}";
    }

    @Override
    public String from() {
        return "{other: {filter: commands}}";
    }

    @Override
    public String device() {
        return "{user.device}";
    }

    @Override
    public List<Numbered> arrived() {
        return arrived;
    }

    @Override
    public String poison() {
        return "x".repeat(LARGEST_PACKET + 10_000);
    }

    @Override
    public void send(Numbered message) throws Exception {
        send(message.device(), Integer.toString(message.number()));
    }

    @Override
    public void sendPoison() throws Exception {
        send("a/+/#", "0");
    }

    private void send(String device, String text) throws Exception {
        Mqtt5Publish publish = Mqtt5Publish.builder()
                .topic("commands")
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(text.getBytes(UTF_8))
                .userProperties()
                .add("device", device)
                .applyUserProperties()
                .build();
        client.publish(publish).get(PATIENCE_MINUTES, TimeUnit.MINUTES);
    }

    @Override
    public void away() throws InterruptedException {
        mosquitto.destroy();
        mosquitto.waitFor();
    }

    @Override
    public void back() throws IOException {
        Path program = PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElseThrow();
        mosquitto = new ProcessBuilder(program.toString(), "-c", "mosquitto.conf")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await().atMost(PATIENCE_MINUTES, TimeUnit.MINUTES).until(this::accepts);
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() throws Exception {
        try {
            client.disconnect().get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        } finally {
            mosquitto.destroyForcibly().waitFor();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}

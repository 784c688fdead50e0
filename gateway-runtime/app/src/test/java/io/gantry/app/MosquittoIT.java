// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.gantry.mqtt.session.Counter;
import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Mosquitto")
class MosquittoIT {
    private TestGateway gateway;

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void start() throws Exception {
        gateway = TestGateway.start("127.0.0.1:1", "routes: {}");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    @DisplayName("mosquitto_rr gets the answer of another client by Response Topic and Correlation Data")
    void requestAndResponse() throws Exception {
        Command.assumeInstalled("mosquitto_rr");
        Mqtt5AsyncClient answers = gateway.device5("answers");
        answers.subscribeWith()
                .topicFilter("ask/price")
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(question -> answers.publishWith()
                        .topic(question.getResponseTopic().orElseThrow())
                        .correlationData(question.getCorrelationData().orElseThrow())
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(("12 for " + text(question)).getBytes(StandardCharsets.UTF_8))
                        .send())
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        String options =
                "-h 127.0.0.1 -V 5 -q 1 -t ask/price -e answer/me -m apples -W 100 -D publish correlation-data c-17";
        String output = Command.run(
                with("mosquitto_rr", List.of(options.split(" ", -1)), "-F", "%p, %D", "-p", "" + gateway.port()));

        assertThat(output.strip()).isEqualTo("12 for apples, c-17");
    }

    @Test
    @DisplayName("mosquitto_sub gets what mosquitto_pub retained, with both versions at every QoS")
    void retained() throws Exception {
        Command.assumeInstalled("mosquitto_sub");
        for (String version : List.of("mqttv311", "mqttv5")) {
            for (String qos : List.of("0", "1", "2")) {
                List<String> device =
                        List.of("-h", "127.0.0.1", "-p", Integer.toString(gateway.port()), "-V", version, "-q", qos);
                String topic = "m/" + version + "/" + qos;
                Command.run(with("mosquitto_pub", device, "-r", "-t", topic, "-m", "kept"));

                String output = Command.run(with("mosquitto_sub", device, "-t", topic, "-C", "1", "-W", "100"));

                assertThat(output.strip()).isEqualTo("kept");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "$SYS/broker/version, gantry .+",
        "$SYS/broker/clients/connected, [0-9]+",
        "$SYS/broker/uptime, [0-9]+ seconds"
    })
    @DisplayName("mosquitto_sub sees what Gantry tells of itself")
    void systemTopics(String topic, String told) throws Exception {
        Command.assumeInstalled("mosquitto_sub");

        String output = Command.run(List.of(
                "mosquitto_sub", "-h", "127.0.0.1", "-p", "" + gateway.port(), "-t", topic, "-C", "1", "-W", "20"));

        assertThat(output.strip()).matches(told);
    }

    private static List<String> with(String program, List<String> options, String... more) {
        return Stream.of(Stream.of(program), options.stream(), Stream.of(more))
                .flatMap(part -> part)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"mqttv311, true", "mqttv311, false", "mqttv50, true", "mqttv50, false"})
    @DisplayName("bridges into Gantry, both ways, and tells its state to those who ask for it")
    void bridge(String version, boolean marked) throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        Mqtt5AsyncClient device = gateway.device5("device");
        List<String> states = new CopyOnWriteArrayList<>();
        subscribe5(device, "#", seen);
        subscribe5(gateway.device5("observer"), "$SYS/broker/connection/#", states);
        int port = LoopbackPorts.free();
        Process broker = mosquitto(port, version, marked);
        try {
            Mqtt3AsyncClient local = local(port);
            await().until(() -> gateway.connections() == 3);

            assertCarries(local, device, seen);

            assertThat(seen).allMatch(message -> message.equals("out/a up") || message.equals("in/b down"));
            await().untilAsserted(() -> assertThat(states)
                    .singleElement()
                    .asString()
                    .matches("\\$SYS/broker/connection/.*gantry/state 1"));
            assertThat(gateway.count(Counter.MESSAGES_REJECTED)).isZero();
            assertThat(gateway.connections()).isEqualTo(3);
            assertThat(gateway.count(Counter.CONNECTIONS_CLOSED)).isZero();
            local.disconnect().get(Patience.SECONDS, TimeUnit.SECONDS);

            broker.destroyForcibly();

            await().untilAsserted(() -> assertThat(states).last().asString().endsWith("gantry/state 0"));
        } finally {
            broker.destroyForcibly();
            broker.waitFor(Patience.SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void assertCarries(Mqtt3AsyncClient local, Mqtt5AsyncClient device, List<String> seen)
            throws Exception {
        List<String> came = new CopyOnWriteArrayList<>();
        local.subscribeWith()
                .topicFilter("in/#")
                .qos(MqttQos.EXACTLY_ONCE)
                .callback(message -> came.add(
                        message.getTopic() + " " + new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8)))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        local.publishWith()
                .topic("out/a")
                .qos(MqttQos.EXACTLY_ONCE)
                .payload("up".getBytes(StandardCharsets.UTF_8))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);

        await().untilAsserted(() -> assertThat(seen).contains("out/a up"));
        // the bridge subscribes some time after it has connected
        await().untilAsserted(() -> {
            device.publishWith()
                    .topic("in/b")
                    .qos(MqttQos.EXACTLY_ONCE)
                    .payload("down".getBytes(StandardCharsets.UTF_8))
                    .send()
                    .get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(came).contains("in/b down");
        });
    }

    private static void subscribe5(Mqtt5AsyncClient device, String filter, List<String> seen) throws Exception {
        device.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(message -> seen.add(message.getTopic() + " " + text(message)))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    /**
     * A broker with a bridge to the gateway.
     *
     * @param marked whether it tries first with the bridges' own mark in the protocol version
     */
    private Process mosquitto(int port, String version, boolean marked) throws IOException {
        String program = Stream.of("mosquitto", "/usr/sbin/mosquitto")
                .filter(Command::isInstalled)
                .findFirst()
                .orElse("");
        assumeTrue(!program.isEmpty(), "mosquitto is not installed");
        Path file = directory.resolve("mosquitto.conf");
        Files.writeString(file, """
                listener %d 127.0.0.1
                allow_anonymous true
                connection gantry
                address 127.0.0.1:%d
                bridge_protocol_version %s
                try_private %s
                restart_timeout 1
                topic out/# out 2
                topic in/# in 2
                """.formatted(port, gateway.port(), version, marked));
        return new ProcessBuilder(program, "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("mosquitto.log").toFile())
                .start();
    }

    private static Mqtt3AsyncClient local(int port) {
        Mqtt3AsyncClient local =
                TestGateway.client("local", port).useMqttVersion3().buildAsync();
        // until the broker listens
        await().ignoreExceptions().until(() -> local.connect().get(Patience.SECONDS, TimeUnit.SECONDS) != null);
        return local;
    }

    private static String text(Mqtt5Publish message) {
        return new String(message.getPayloadAsBytes(), StandardCharsets.UTF_8);
    }
}

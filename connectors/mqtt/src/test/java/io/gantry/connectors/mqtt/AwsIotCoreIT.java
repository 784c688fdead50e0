// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.TopicPattern;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.EndpointWatcher.State;
import io.gantry.connectors.spi.QosChoice;
import io.gantry.connectors.spi.RetainChoice;
import io.gantry.connectors.spi.Template;
import io.gantry.routes.Routes;
import io.gantry.testbed.NoDevices;
import io.gantry.testbed.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The preset aws-iot-core, with Mosquitto behind ALPN routing in place of the service")
class AwsIotCoreIT {
    private static final MessageId.Sequence IDS = new MessageId.Sequence(1, 1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SHADOW = "$aws/things/gateway-1/shadow/update";

    private final Map<String, State> states = new ConcurrentHashMap<>();
    private final Map<String, String> details = new ConcurrentHashMap<>();
    private final Routes routes = gateway("gateway1");

    /** What one gateway has published does not enter it again. */
    private final Routes other = gateway("gateway2");

    @TempDir
    private Path directory = Path.of("");

    private TestCertificates certificates;
    private AwsStandIn aws;

    private Routes gateway(String name) {
        return Routes.create(
                IDS,
                (endpoint, state, detail) -> {
                    states.put(endpoint, state);
                    details.put(endpoint, detail);
                },
                new NoDevices(),
                name);
    }

    @BeforeEach
    void start() throws Exception {
        certificates = TestCertificates.in(directory);
        aws = AwsStandIn.start(directory, certificates);
    }

    @AfterEach
    void stop() {
        routes.close();
        other.close();
        if (aws != null) {
            aws.close();
        }
    }

    private MqttEndpointSettings settings(TestCertificates.Identity identity) {
        return new PresetSettings(MqttPreset.AWS_IOT_CORE, directory)
                .url(aws.url())
                .certificate(certificates.authority(), identity)
                .alpn("x-amzn-mqtt-ca")
                .settings();
    }

    private static MqttTo to(String topic) {
        return new MqttTo(Template.fromText(topic), QosChoice.fromText("keep"), RetainChoice.KEEP);
    }

    private static Delivery deliver(Sink sink, Payload payload) throws Exception {
        CompletableFuture<Delivery> outcome = new CompletableFuture<>();
        sink.offer(
                new Message(
                        IDS.next(),
                        new TopicName("in/a"),
                        payload,
                        Qos.EXACTLY_ONCE,
                        false,
                        MessageProperties.NONE.replacingUserProperties(List.of(new UserProperty("site", "north"))),
                        new Origin.Device(new ClientId("d"), null),
                        System.currentTimeMillis()),
                outcome::complete);
        return outcome.get(2, TimeUnit.MINUTES);
    }

    @Test
    @DisplayName(
            "a shadow goes up and comes down with a certificate on both sides, at QoS 1, and what is too large is rejected")
    void shadow() throws Exception {
        List<Message> came = new CopyOnWriteArrayList<>();
        routes.open("aws", new MqttConnector(), settings(certificates.client("gateway-1")));
        other.open("shadows", new MqttConnector(), settings(certificates.client("gateway-2")));
        other.from(
                "down",
                "shadows",
                new MqttFrom(List.of(SHADOW), Qos.AT_LEAST_ONCE, null, false, MqttFrom.Retained.NEW),
                (message, acknowledgement) -> {
                    came.add(message);
                    acknowledgement.complete(Delivery.accepted());
                });
        Sink up = routes.to("up", "aws", to(SHADOW), TopicPattern.fromText("in/#"))
                .sink();
        routes.start();
        other.start();
        other.startSources();
        await().atMost(PATIENCE)
                .until(() -> states.get("aws") == State.CONNECTED && states.get("shadows") == State.CONNECTED);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(deliver(up, Payload.ofText("{\"state\": 1}"))).isEqualTo(Delivery.accepted());
            assertThat(came).isNotEmpty();
        });
        Delivery tooLarge = deliver(up, Payload.owning(new byte[(128 << 10) + 1]));

        assertThat(came.get(0).topic().value()).isEqualTo(SHADOW);
        assertThat(came.get(0).qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(came.get(0).properties().userProperties()).contains(new UserProperty("site", "north"));
        assertThat(tooLarge).isInstanceOf(Delivery.Rejected.class);
    }

    @Test
    @DisplayName("who offers no protocol, or shows the certificate of a stranger, does not get in")
    void refused() throws Exception {
        TestCertificates strangers = TestCertificates.in(directory);
        routes.open("stranger", new MqttConnector(), settings(strangers.client("gateway-1")));
        routes.open(
                "without-protocol",
                new MqttConnector(),
                new PresetSettings(MqttPreset.AWS_IOT_CORE, directory)
                        .url(aws.url())
                        .certificate(certificates.authority(), certificates.client("gateway-1"))
                        .settings());
        Sink stranger = routes.to("a", "stranger", to("x"), TopicPattern.fromText("in/#"))
                .sink();
        Sink without = routes.to("b", "without-protocol", to("x"), TopicPattern.fromText("in/#"))
                .sink();
        routes.start();

        await().atMost(PATIENCE).until(() -> details.size() == 2);
        assertThat(deliver(stranger, Payload.EMPTY)).isInstanceOf(Delivery.Unavailable.class);
        assertThat(deliver(without, Payload.EMPTY)).isInstanceOf(Delivery.Unavailable.class);
        assertThat(states).doesNotContainValue(State.CONNECTED);
    }
}

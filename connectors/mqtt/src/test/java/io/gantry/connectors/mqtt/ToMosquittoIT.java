// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static io.gantry.connectors.mqtt.Harness.deliver;
import static io.gantry.connectors.mqtt.Harness.deliverAccepted;
import static io.gantry.connectors.mqtt.Harness.message;
import static io.gantry.connectors.mqtt.Harness.offer;
import static io.gantry.connectors.mqtt.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import io.gantry.api.UserProperty;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A route to another Mosquitto")
class ToMosquittoIT {

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @EnumSource
    @DisplayName("publishes at each QoS, under another topic, with both versions of MQTT")
    void eachQos(MqttVersion version) throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer peer = new Peer(broker.url(), "peer").subscribe("plant/#", 2);
                Harness harness =
                        new Harness(Settings.at(broker.url()).version(version).build())) {
            Sink sink = harness.startTo(Settings.to("plant/{site}/{topic}"));

            for (Qos qos : Qos.values()) {
                assertThat(deliver(sink, message("in/oslo/a", "qos " + qos, qos)))
                        .isEqualTo(Delivery.accepted());
            }

            soon().until(() -> peer.seen.size() == 3);
            assertThat(peer.seen).allSatisfy(seen -> {
                assertThat(seen.topic()).isEqualTo("plant/oslo/in/oslo/a");
                assertThat(seen.payload()).isEqualTo("qos " + seen.message().getQos());
            });
        }
    }

    @Test
    @DisplayName(
            "loses nothing while the broker is stopped and started again, and nothing of QoS 2 is there twice [D22]")
    void restarted() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true", "autosave_interval 1");
                Peer peer = new Peer(broker.url(), "peer").subscribe("plant/#", 2);
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            Sink sink = harness.startTo(Settings.to("plant/a"));
            List<Message> messages = IntStream.range(0, 600)
                    .mapToObj(i -> message("in/oslo", Integer.toString(i), Qos.EXACTLY_ONCE))
                    .toList();

            List<CompletableFuture<Delivery>> answers = new ArrayList<>();
            messages.subList(0, 300).forEach(message -> answers.add(offer(sink, message)));
            broker.stop();
            broker.restart();
            soon().until(() -> answers.stream().allMatch(CompletableFuture::isDone));
            for (int i = 0; i < messages.size(); i++) {
                if (i >= answers.size()
                        || !Delivery.accepted().equals(answers.get(i).join())) {
                    deliverAccepted(sink, messages.get(i));
                }
            }

            List<String> sent =
                    messages.stream().map(message -> message.payload().asText()).toList();
            soon().until(() -> peer.payloads().containsAll(sent));
            assertThat(peer.payloads()).doesNotHaveDuplicates();
        }
    }

    @Test
    @DisplayName("goes on at the second url when the broker at the first one is gone")
    void failOver() throws Exception {
        try (Mosquitto first =
                        Mosquitto.start(Files.createDirectory(directory.resolve("first")), "allow_anonymous true");
                Mosquitto second =
                        Mosquitto.start(Files.createDirectory(directory.resolve("second")), "allow_anonymous true");
                Peer peer = new Peer(second.url(), "peer").subscribe("plant/#", 2)) {
            Settings settings = Settings.at(first.url());
            settings.url = List.of(first.url(), second.url());
            try (Harness harness = new Harness(settings.build())) {
                Sink sink = harness.startTo(Settings.to("plant/a"));
                deliverAccepted(sink, message("in/oslo", "at the first", Qos.EXACTLY_ONCE));
                first.stop();
                soon().until(() -> harness.details.stream()
                        .anyMatch(told -> told.contains(second.url()) && told.startsWith("connected to")));
                deliverAccepted(sink, message("in/oslo", "at QoS 1", Qos.AT_LEAST_ONCE));
                deliverAccepted(sink, message("in/oslo", "at QoS 2", Qos.EXACTLY_ONCE));

                soon().until(() -> peer.seen.size() == 2);
                assertThat(peer.payloads()).containsExactlyInAnyOrder("at QoS 1", "at QoS 2");
            }
        }
    }

    @Test
    @DisplayName("rejects what is larger than the broker takes, and goes on [D5, D21]")
    void tooLarge() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true", "max_packet_size 2000");
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            Sink sink = harness.startTo(Settings.to("plant/a"));

            assertThat(deliver(sink, message("in/oslo", "x".repeat(3_000), Qos.AT_LEAST_ONCE)))
                    .isEqualTo(Answers.TOO_LARGE);
            assertThat(deliver(sink, message("in/oslo", "small", Qos.AT_LEAST_ONCE)))
                    .isEqualTo(Delivery.accepted());
        }
    }

    @Test
    @DisplayName("never lowers a QoS that the broker does not take, unless max-qos says so [D21]")
    void lowerMaxQos() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true", "max_qos 1")) {
            try (Harness harness = new Harness(Settings.at(broker.url()).build())) {
                Sink sink = harness.startTo(Settings.to("plant/a"));
                assertThat(deliver(sink, message("in/oslo", "2", Qos.EXACTLY_ONCE)))
                        .isEqualTo(Answers.QOS_TOO_HIGH);
                assertThat(deliver(sink, message("in/oslo", "1", Qos.AT_LEAST_ONCE)))
                        .isEqualTo(Delivery.accepted());
            }
            try (Harness harness = new Harness(
                            Settings.at(broker.url()).maxQos(Qos.AT_LEAST_ONCE).build());
                    Peer peer = new Peer(broker.url(), "peer").subscribe("plant/#", 1)) {
                Sink sink = harness.startTo(Settings.to("plant/a"));
                assertThat(deliver(sink, message("in/oslo", "lowered", Qos.EXACTLY_ONCE)))
                        .isEqualTo(Delivery.accepted());
                soon().until(() -> peer.payloads().equals(List.of("lowered")));
            }
        }
    }

    @Test
    @DisplayName("waits where the broker keeps no Retained Messages and one is to be retained")
    void noRetain() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true", "retain_available false");
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            Message message = message("in/oslo", "kept", Qos.AT_LEAST_ONCE);
            Message retained = new Message(
                    message.id(),
                    message.topic(),
                    message.payload(),
                    message.qos(),
                    true,
                    message.properties(),
                    message.origin(),
                    message.receivedMillis());

            assertThat(deliver(harness.startTo(Settings.to("plant/a")), retained))
                    .isEqualTo(Answers.NO_RETAIN);
        }
    }

    @Test
    @DisplayName("rejects what cannot become a Topic Name, and values with levels where one is meant [C6]")
    void badTopics() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            Sink sink = harness.startTo(Settings.to("plant/{user.line}/x"));

            for (String value : List.of("a/b", "+", "#", "a\u0000b")) {
                assertThat(deliver(sink, withLine(value)))
                        .isInstanceOfSatisfying(Delivery.Rejected.class, rejected -> assertThat(rejected.code())
                                .isIn(ReasonCode.TOPIC_NAME_INVALID, ReasonCode.MALFORMED_PACKET));
            }
            assertThat(deliver(sink, withLine("a b"))).isEqualTo(Delivery.accepted());
        }
    }

    private static Message withLine(String value) {
        return message(
                "in/oslo",
                "x",
                Qos.AT_LEAST_ONCE,
                MessageProperties.NONE.withUserProperties(List.of(new UserProperty("line", value))));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static io.gantry.connectors.mqtt.Harness.deliver;
import static io.gantry.connectors.mqtt.Harness.message;
import static io.gantry.connectors.mqtt.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A route from another Mosquitto")
class FromMosquittoIT {
    private static final Delivery NOT_NOW = new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "full for this test");

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @EnumSource
    @DisplayName("hands messages on as they came, with their QoS up to that of the subscription, retained or not")
    void asTheyCame(MqttVersion version) throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer peer = new Peer(broker.url(), "peer");
                Harness harness =
                        new Harness(Settings.at(broker.url()).version(version).build())) {
            peer.publish("cloud/kept", "kept", 1, true);
            harness.from(Settings.from("cloud/#")).start();
            soon().until(() -> harness.received.size() == 1);
            peer.publish("cloud/a", "0", 0, false);
            peer.publish("cloud/b/c", "1", 1, false);
            peer.publish("cloud/d", "2", 2, false);
            soon().until(() -> harness.received.size() == 4);

            assertThat(harness.received).first().satisfies(kept -> {
                assertThat(kept.retain()).isTrue();
                assertThat(kept.topic().value()).isEqualTo("cloud/kept");
            });
            assertThat(harness.received)
                    .extracting(Message::qos)
                    .containsExactly(Qos.AT_LEAST_ONCE, Qos.AT_MOST_ONCE, Qos.AT_LEAST_ONCE, Qos.AT_LEAST_ONCE);
            assertThat(harness.payloads()).containsExactly("kept", "0", "1", "2");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("misses nothing that was published while the gateway was away")
    void whileAway(MqttVersion version) throws Exception {
        MqttEndpointSettings settings;
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer peer = new Peer(broker.url(), "peer")) {
            settings = Settings.at(broker.url()).version(version).build();
            try (Harness before =
                    new Harness(settings).from(Settings.from("cloud/#")).start()) {
                before.awaitConnected();
                soon().until(() -> {
                    peer.publish("cloud/a", "before", 1, false);
                    return !before.received.isEmpty();
                });
            }
            for (int i = 0; i < 50; i++) {
                peer.publish("cloud/a", "away " + i, 1, false);
            }
            try (Harness after =
                    new Harness(settings).from(Settings.from("cloud/#")).start()) {
                soon().until(() -> after.payloads().stream()
                                .distinct()
                                .filter(text -> text.startsWith("away"))
                                .count()
                        == 50);
                assertThat(after.payloads().stream().filter(text -> text.startsWith("away")))
                        .containsExactlyElementsOf(IntStream.range(0, 50)
                                .mapToObj(i -> "away " + i)
                                .toList());
            }
        }
    }

    @Test
    @DisplayName(
            "acknowledges nothing that the route has not taken, offers it again in its order, and another run gets it")
    void notTaken() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer peer = new Peer(broker.url(), "peer")) {
            MqttEndpointSettings settings = Settings.at(broker.url()).build();
            try (Harness full = new Harness(settings)) {
                full.answers = message -> NOT_NOW;
                full.from(Settings.from("cloud/#")).start();
                full.awaitConnected();
                soon().until(() -> {
                    peer.publish("cloud/first", "first", 1, false);
                    return !full.received.isEmpty();
                });
                peer.publish("cloud/second", "second", 1, false);
                soon().until(() -> full.received.size() >= 3);
                assertThat(full.payloads()).doesNotContain("second");
            }
            try (Harness after =
                    new Harness(settings).from(Settings.from("cloud/#")).start()) {
                soon().until(() -> after.payloads().contains("second"));
                assertThat(after.payloads()).first().isEqualTo("first");
            }
        }
    }

    @Test
    @DisplayName("goes on in order once the route takes messages again, each once")
    void takenLater() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer peer = new Peer(broker.url(), "peer");
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            List<String> taken = new ArrayList<>();
            AtomicInteger refusals = new AtomicInteger(2);
            harness.answers = message -> {
                if (message.payload().asText().equals("3") && refusals.getAndDecrement() > 0) {
                    return NOT_NOW;
                }
                synchronized (taken) {
                    taken.add(message.payload().asText());
                }
                return Delivery.accepted();
            };
            harness.from(Settings.from("cloud/#")).start();
            awaitSubscribed(harness, peer);
            for (int i = 0; i < 20; i++) {
                peer.publish("cloud/a", Integer.toString(i), 1, false);
            }

            soon().until(() -> taken.contains("19"));
            assertThat(taken.stream().filter(text -> !text.equals("probe")))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 20).mapToObj(Integer::toString).toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("hands on messages of QoS 2 as such where it has subscribed at 2, unless max-qos says otherwise")
    void exact(MqttVersion version) throws Exception {
        MqttFrom from = new MqttFrom(List.of("cloud/#"), Qos.EXACTLY_ONCE, null, true, MqttFrom.Retained.NEW);
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer peer = new Peer(broker.url(), "peer");
                Harness exact =
                        new Harness(Settings.at(broker.url()).version(version).build());
                Harness lowered = new Harness(
                        Settings.at(broker.url())
                                .version(version)
                                .maxQos(Qos.AT_LEAST_ONCE)
                                .build(),
                        "gateway2")) {
            awaitSubscribed(exact.from(from).start(), peer);
            awaitSubscribed(lowered.from(from).start(), peer);
            for (int i = 0; i < 50; i++) {
                peer.publish("cloud/a", Integer.toString(i), 2, false);
            }

            soon().until(() -> numbered(exact).size() + numbered(lowered).size() == 100);
            assertThat(qosOfLast(exact)).isEqualTo(Qos.EXACTLY_ONCE);
            assertThat(qosOfLast(lowered)).isEqualTo(Qos.AT_LEAST_ONCE);
        }
    }

    private static Qos qosOfLast(Harness harness) {
        return harness.received.stream()
                .filter(message -> message.payload().asText().equals("49"))
                .findAny()
                .orElseThrow()
                .qos();
    }

    private static void awaitSubscribed(Harness harness, Peer peer) {
        soon().until(() -> {
            peer.publish("cloud/probe", "probe", 0, false);
            return !harness.received.isEmpty();
        });
    }

    @Test
    @DisplayName("loses nothing while the broker is stopped and started again")
    void restarted() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer peer = new Peer(broker.url(), "peer");
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            harness.from(Settings.from("cloud/#")).start();
            awaitSubscribed(harness, peer);
            broker.stop();
            broker.restart();
            soon().until(peer::isConnected);
            peer.publish("cloud/a", "after", 1, false);

            soon().until(() -> harness.payloads().contains("after"));
        }
    }

    @Test
    @DisplayName("shares messages with another gateway of its group: each goes to one of them")
    void shared() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer peer = new Peer(broker.url(), "peer");
                Harness one = new Harness(Settings.at(broker.url()).build(), "gateway1");
                Harness two = new Harness(Settings.at(broker.url()).build(), "gateway2")) {
            one.from(Settings.shared("cloud/#", "gateways")).start();
            awaitSubscribed(one, peer);
            two.from(Settings.shared("cloud/#", "gateways")).start();
            awaitSubscribed(two, peer);
            for (int i = 0; i < 40; i++) {
                peer.publish("cloud/a", Integer.toString(i), 1, false);
            }

            soon().until(() -> numbered(one).size() + numbered(two).size() >= 40);
            assertThat(numbered(one)).isNotEmpty().doesNotContainAnyElementsOf(numbered(two));
            assertThat(numbered(two)).isNotEmpty();
        }
    }

    private static List<String> numbered(Harness harness) {
        return harness.payloads().stream().filter(text -> !text.equals("probe")).toList();
    }

    @Test
    @DisplayName("does not get what the gateway itself publishes there (No Local)")
    void noLocal() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer peer = new Peer(broker.url(), "peer");
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            Sink sink = harness.to("to", Settings.to("cloud/own"));
            harness.from(Settings.from("cloud/#")).start();
            awaitSubscribed(harness, peer);
            assertThat(deliver(sink, message("in/oslo", "own", Qos.AT_LEAST_ONCE)))
                    .isEqualTo(Delivery.accepted());
            peer.publish("cloud/a", "last", 1, false);

            soon().until(() -> harness.payloads().contains("last"));
            assertThat(harness.payloads()).doesNotContain("own");
            // the hop mark would keep it away too, and count it
            assertThat(harness.routes.counts().get("from")).containsEntry("looped", 0L);
        }
    }

    @Test
    @DisplayName("publishes QoS 2 beside it, in a session of its own")
    void exactBeside() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer peer = new Peer(broker.url(), "peer").subscribe("plant/#", 2);
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            Sink sink = harness.to("to", Settings.to("plant/a"));
            harness.from(Settings.from("cloud/#")).start();
            harness.awaitConnected();
            Harness.deliverAccepted(sink, message("in/oslo", "exact", Qos.EXACTLY_ONCE));

            soon().until(() -> peer.payloads().equals(List.of("exact")));
            assertThat(peer.seen.element().message().getQos()).isEqualTo(2);
        }
    }
}

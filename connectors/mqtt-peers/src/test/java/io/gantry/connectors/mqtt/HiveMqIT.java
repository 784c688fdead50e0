// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static io.gantry.connectors.mqtt.Harness.deliver;
import static io.gantry.connectors.mqtt.Harness.deliverAccepted;
import static io.gantry.connectors.mqtt.Harness.message;
import static io.gantry.connectors.mqtt.Harness.offer;
import static io.gantry.connectors.mqtt.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.Retry;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.TlsSettings;
import io.gantry.testbed.TestCertificates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One broker for all tests: each has topics and gateways of its own, since sessions stay. */
@DisplayName("Routes to and from HiveMQ CE")
class HiveMqIT {
    private static final List<UserProperty> USER =
            List.of(new UserProperty("b", "1"), new UserProperty("a", "ü"), new UserProperty("b", "2"));

    @TempDir
    static Path directory = Path.of("");

    private static HiveMq broker;

    /** Sees all that is published there. */
    private static Peer peer;

    @BeforeAll
    static void start() throws Exception {
        broker = HiveMq.start(directory);
        peer = new Peer(broker.url(), "peer").subscribe("#", 2);
    }

    @AfterAll
    static void stop() throws Exception {
        peer.close();
        broker.close();
    }

    private static List<String> seenAt(String topic) {
        return peer.seen.stream()
                .filter(seen -> seen.topic().equals(topic))
                .map(Peer.Seen::payload)
                .toList();
    }

    private static Settings by(String scheme) {
        Settings settings = Settings.at(broker.url(scheme));
        return scheme.equals("mqtts") || scheme.equals("wss") ? settings.tls(broker.trust()) : settings;
    }

    private static Harness gateway(String name) {
        return new Harness(by("mqtt").build(), name);
    }

    private static void awaitSubscribed(Harness harness, String topic) {
        soon().until(() -> {
            peer.publish(topic, "probe", 0, false);
            return !harness.received.isEmpty();
        });
    }

    private static List<String> texts(Harness harness) {
        return harness.payloads().stream().filter(text -> !text.equals("probe")).toList();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("keep topic, payload, QoS, retain and every property both ways; what is left of the expiry is less")
    void keepsAll(Qos qos) throws Exception {
        String topic = "all/" + qos;
        try (Harness back = gateway("back-" + qos).from(Settings.from(topic)).start();
                Harness harness = gateway("out-" + qos)) {
            Sink sink = harness.startTo(Settings.to("{topic}"));
            awaitSubscribed(back, topic);
            Message message = withAll(topic, qos);

            assertThat(deliver(sink, message)).isEqualTo(Delivery.accepted());

            soon().until(() -> texts(back).contains("21.5") && seenAt(topic).contains("21.5"));
            assertThat(peer.seen.stream()
                            .filter(seen ->
                                    seen.topic().equals(topic) && seen.payload().equals("21.5")))
                    .allSatisfy(seen -> assertThat(seen.message().getQos()).isEqualTo(qos.level()));
            Message came = back.received.stream()
                    .filter(one -> one.payload().asText().equals("21.5"))
                    .findFirst()
                    .orElseThrow();
            assertThat(came.topic()).isEqualTo(message.topic());
            assertThat(came.qos()).isEqualTo(qos == Qos.EXACTLY_ONCE ? Qos.AT_LEAST_ONCE : qos);
            assertThat(came.retain()).isTrue();
            assertThat(came.properties().expirySeconds()).isBetween(1L, 9_970L);
            assertThat(came.properties().userProperties())
                    .containsSubsequence(USER)
                    .contains(new UserProperty("gantry-hops", "out-" + qos + ",back-" + qos));
            assertThat(came.properties().withExpirySeconds(10_000L).replacingUserProperties(List.of()))
                    .isEqualTo(message.properties().replacingUserProperties(List.of()));
        }
    }

    /** Received half a minute ago. */
    private static Message withAll(String topic, Qos qos) {
        return new Message(
                Harness.IDS.next(),
                new TopicName(topic),
                Payload.ofText("21.5"),
                qos,
                true,
                new MessageProperties(
                        PayloadFormat.TEXT,
                        10_000L,
                        "text/plain",
                        new TopicName("answers/here"),
                        Payload.owning(new byte[] {0, -1, 7}),
                        USER),
                new Origin.Device(new ClientId("device-1"), null),
                System.currentTimeMillis() - 30_000);
    }

    @ParameterizedTest
    @CsvSource({"mqtt, V311", "mqtts, V5", "ws, V5", "ws, V311", "wss, V5", "wss, V311"})
    @DisplayName("carry messages both ways by TCP, TLS, WebSocket and WebSocket over TLS, small ones and large ones")
    void eachTransport(String scheme, MqttVersion version) throws Exception {
        String name = scheme + version;
        MqttEndpointSettings settings = by(scheme).version(version).build();
        try (Harness harness = new Harness(settings, name)) {
            Sink sink = harness.to("to", Settings.to(name + "/up"));
            harness.from(Settings.from(name + "/down")).start();
            awaitSubscribed(harness, name + "/down");
            String large = "x".repeat(100_000);

            for (Qos qos : Qos.values()) {
                deliverAccepted(sink, message("in/a", "up " + qos, qos));
                peer.publish(name + "/down", "down " + qos, qos.level(), false);
            }
            deliverAccepted(sink, message("in/a", large, Qos.AT_LEAST_ONCE));
            peer.publish(name + "/down", large, 1, false);

            soon().until(() ->
                    seenAt(name + "/up").size() >= 4 && texts(harness).size() >= 4);
            // Only what has the same QoS is in order.
            assertThat(seenAt(name + "/up")).containsExactlyInAnyOrder("up 0", "up 1", "up 2", large);
            assertThat(texts(harness)).containsExactlyInAnyOrder("down 0", "down 1", "down 2", large);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtts", "wss"})
    @DisplayName("wait where its certificate is of an unknown authority or for another host [B11]")
    void notTrusted(String scheme) {
        MqttEndpointSettings unknown = Settings.at(broker.url(scheme))
                .tls(new TlsSettings(TestCertificates.in(directory).authority().toString(), null, null, null))
                .build();
        MqttEndpointSettings otherHost = Settings.at(broker.url(scheme).replace("localhost", "127.0.0.1"))
                .tls(broker.trust())
                .build();

        assertThat(refused(unknown, "not-trusted", "TLS certificate")).isEqualTo(Retry.whenMended());
        assertThat(refused(otherHost, "not-trusted", "TLS certificate")).isEqualTo(Retry.whenMended());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("wait where the password is wrong, and work with the right one")
    void password(MqttVersion version) {
        Settings settings = by("wss").version(version);
        String name = "password-" + version;

        assertThat(refused(settings.login("gw", "wrong").build(), name, "refuses the user name or password"))
                .isEqualTo(Retry.whenMended());
        try (Harness harness = new Harness(settings.login("gw", "secret").build(), name)) {
            Sink sink = harness.startTo(Settings.to("password"));
            assertThat(deliver(sink, message("in/a", "x", Qos.AT_LEAST_ONCE))).isEqualTo(Delivery.accepted());
        }
    }

    private static Retry refused(MqttEndpointSettings settings, String name, String detail) {
        try (Harness harness = new Harness(settings, name)) {
            Sink sink = harness.to("to", Settings.to("a"));
            harness.routes.start();
            soon().until(() -> harness.details.stream().anyMatch(told -> told.contains(detail)));
            return ((Delivery.Unavailable) deliver(sink, message("in/a", "x", Qos.AT_LEAST_ONCE))).retry();
        }
    }

    @Test
    @DisplayName("keep Retained Messages retained, both ways")
    void retained() throws Exception {
        peer.publish("kept/down", "kept", 1, true);
        try (Harness harness =
                gateway("retained").from(Settings.from("kept/down")).start()) {
            soon().until(() -> texts(harness).equals(List.of("kept")));
            assertThat(harness.received.element().retain()).isTrue();
        }
        try (Harness harness = gateway("retaining")) {
            assertThat(deliver(harness.startTo(Settings.to("{topic}")), withAll("kept/up", Qos.AT_LEAST_ONCE)))
                    .isEqualTo(Delivery.accepted());
        }
        try (Peer newcomer = new Peer(broker.url(), "newcomer").subscribe("kept/up", 1)) {
            soon().until(() -> newcomer.payloads().equals(List.of("21.5")));
            assertThat(newcomer.seen.element().message().isRetained()).isTrue();
        }
    }

    @Test
    @DisplayName("do not get what the gateway itself publishes there (No Local)")
    void noLocal() throws Exception {
        try (Harness harness = gateway("no-local")) {
            Sink sink = harness.to("to", Settings.to("local/own"));
            harness.from(Settings.from("local/#")).start();
            awaitSubscribed(harness, "local/probe");
            deliverAccepted(sink, message("in/a", "own", Qos.AT_LEAST_ONCE));
            soon().until(() -> seenAt("local/own").contains("own"));
            peer.publish("local/a", "last", 1, false);

            soon().until(() -> texts(harness).contains("last"));
            assertThat(texts(harness)).doesNotContain("own");
            // By its hop mark it would be left out anyway: it must not even come.
            assertThat(harness.routes.counts().get("from")).containsEntry("looped", 0L);
        }
    }

    @Test
    @DisplayName("share messages with another gateway of the group: each goes to one of them, and both get some")
    void shared() throws Exception {
        try (Harness one =
                gateway("share-1").from(Settings.shared("share/#", "gateways")).start()) {
            awaitSubscribed(one, "share/probe");
            try (Harness two = gateway("share-2")
                    .from(Settings.shared("share/#", "gateways"))
                    .start()) {
                awaitSubscribed(two, "share/probe");
                List<String> sent = new ArrayList<>();
                soon().until(() -> {
                    for (int i = 0; i < 20; i++) {
                        sent.add(Integer.toString(sent.size()));
                        peer.publish("share/a", sent.get(sent.size() - 1), 1, false);
                    }
                    return !texts(one).isEmpty() && !texts(two).isEmpty();
                });

                soon().until(() -> texts(one).size() + texts(two).size() >= sent.size());
                List<String> got = new ArrayList<>(texts(one));
                got.addAll(texts(two));
                assertThat(got).containsExactlyInAnyOrderElementsOf(sent);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("miss nothing that was published while the gateway was away, in its order")
    void whileAway(MqttVersion version) throws Exception {
        String name = "away-" + version;
        MqttEndpointSettings settings = by("mqtt").version(version).build();
        try (Harness before =
                new Harness(settings, name).from(Settings.from(name + "/#")).start()) {
            awaitSubscribed(before, name + "/probe");
        }
        for (String number : numbers(50)) {
            peer.publish(name + "/a", number, 1, false);
        }
        try (Harness after =
                new Harness(settings, name).from(Settings.from(name + "/#")).start()) {
            soon().until(() -> texts(after).contains("49"));
            assertThat(texts(after).stream().distinct()).containsExactlyElementsOf(numbers(50));
        }
    }

    @Test
    @DisplayName("lose nothing either way while the broker is stopped and started again")
    void restarted() throws Exception {
        try (Harness harness = gateway("restart")) {
            Sink sink = harness.to("to", Settings.to("restart/up"));
            harness.from(Settings.from("restart/down")).start();
            awaitSubscribed(harness, "restart/down");
            List<Message> messages = numbers(200).stream()
                    .map(number -> message("in/a", number, Qos.AT_LEAST_ONCE))
                    .toList();
            List<CompletableFuture<Delivery>> answers = new ArrayList<>();
            messages.subList(0, 100).forEach(message -> answers.add(offer(sink, message)));

            broker.stop();
            messages.subList(100, 150).forEach(message -> answers.add(offer(sink, message)));
            soon().until(() -> answers.stream().allMatch(CompletableFuture::isDone));
            broker.restart();
            for (int i = 0; i < messages.size(); i++) {
                if (i >= answers.size()
                        || !Delivery.accepted().equals(answers.get(i).join())) {
                    deliverAccepted(sink, messages.get(i));
                }
            }
            soon().until(peer::isConnected);
            peer.publish("restart/down", "after", 1, false);

            soon().until(() -> seenAt("restart/up").containsAll(numbers(200)));
            soon().until(() -> texts(harness).contains("after"));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.mqtt;

import static io.gantry.connectors.mqtt.Harness.deliver;
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
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A message that goes to another broker and comes back")
class RoundTripIT {
    private static final List<UserProperty> USER =
            List.of(new UserProperty("b", "1"), new UserProperty("a", "ü"), new UserProperty("b", "2"));

    @TempDir
    private Path directory = Path.of("");

    @Test
    @DisplayName("keeps topic, payload, QoS, retain and every property; what is left of its expiry is less")
    void keepsAll() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Harness back = new Harness(Settings.at(broker.url()).build(), "gateway2");
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            back.from(Settings.from("in/#")).start();
            Sink sink = harness.startTo(Settings.to("{topic}"));
            Message message = message(100, USER);

            soon().until(() -> {
                assertThat(deliver(sink, message)).isEqualTo(Delivery.accepted());
                return !back.received.isEmpty();
            });

            Message came = back.received.element();
            assertThat(came.topic()).isEqualTo(message.topic());
            assertThat(came.payload()).isEqualTo(message.payload());
            assertThat(came.qos()).isEqualTo(message.qos());
            assertThat(came.retain()).isTrue();
            assertThat(came.properties().expirySeconds()).isBetween(1L, 70L);
            assertThat(came.properties().userProperties())
                    .containsSubsequence(USER)
                    .contains(new UserProperty("gantry-hops", "gateway1,gateway2"));
            assertThat(came.properties().withExpirySeconds(100L).replacingUserProperties(List.of()))
                    .isEqualTo(message.properties().replacingUserProperties(List.of()));
        }
    }

    /** Received half a minute ago. */
    private static Message message(long expirySeconds, List<UserProperty> user) {
        return new Message(
                Harness.IDS.next(),
                new TopicName("in/oslo/a"),
                Payload.ofText("21.5"),
                Qos.AT_LEAST_ONCE,
                true,
                new MessageProperties(
                        PayloadFormat.TEXT,
                        expirySeconds,
                        "text/plain",
                        new TopicName("answers/here"),
                        Payload.owning(new byte[] {0, -1, 7}),
                        user),
                new Origin.Device(new ClientId("device-1"), null),
                System.currentTimeMillis() - 30_000);
    }

    @Test
    @DisplayName("names no header of Camel on either way: what a device calls so stays a User Property [C1, C3]")
    void headerInjection() throws Exception {
        DefaultCamelCatalog catalog = new DefaultCamelCatalog();
        List<String> names = catalog.findComponentNames().stream()
                .flatMap(component -> catalog.componentModel(component).getEndpointHeaders().stream())
                .map(BaseOptionModel::getName)
                .distinct()
                .toList();
        assertThat(names).contains("CamelPahoOverrideTopic", "CamelMqttTopic").hasSizeGreaterThan(1_000);
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous true");
                Peer stolen = new Peer(broker.url(), "stolen").subscribe("stolen", 1);
                Harness back = new Harness(Settings.at(broker.url()).build(), "gateway2");
                Harness harness = new Harness(Settings.at(broker.url()).build())) {
            back.from(Settings.from("right/#")).start();
            Sink sink = harness.startTo(Settings.to("right/a"));
            soon().until(() ->
                    deliver(sink, message(1_000, List.of())).equals(Delivery.accepted()) && !back.received.isEmpty());
            back.received.clear();

            for (int from = 0; from < names.size(); from += 100) {
                List<UserProperty> named = names.subList(from, Math.min(names.size(), from + 100)).stream()
                        .map(name -> new UserProperty(name, "stolen"))
                        .toList();
                assertThat(deliver(sink, message(1_000, named))).isEqualTo(Delivery.accepted());
            }

            int sent = (names.size() + 99) / 100;
            soon().until(() -> back.received.stream()
                            .filter(message ->
                                    message.properties().userProperties().size() > 1)
                            .count()
                    >= sent);
            assertThat(back.received).allSatisfy(message -> {
                assertThat(message.topic().value()).isEqualTo("right/a");
                assertThat(message.properties().contentType()).isEqualTo("text/plain");
            });
            assertThat(stolen.seen).isEmpty();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.coap;

import static io.gantry.connectors.coap.Harness.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.Hops;
import io.gantry.testbed.NoDevices;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("From MQTT through CoAP to MQTT, with properties: true on both sides, a message")
class RoundTripIT {
    private static final List<UserProperty> USER = List.of(
            new UserProperty("b", "1"),
            new UserProperty("a", "2 & 3 = ä%"),
            new UserProperty("b", "1"),
            new UserProperty("", ""));

    private final List<Message> taken = new CopyOnWriteArrayList<>();

    private Delivery send(Message message, boolean properties) {
        return send(message, properties, "gateway2");
    }

    private Delivery send(Message message, boolean properties, String gateway) {
        int port = Harness.freePort();
        try (Harness server = new Harness(Settings.listen("127.0.0.1:" + port), new NoDevices(), gateway);
                Harness client = new Harness(Settings.url("coap://127.0.0.1:" + port))) {
            server.listen(Settings.from("in", false, properties, Map.of()), (received, acknowledgement) -> {
                taken.add(received);
                acknowledgement.complete(Delivery.accepted());
            });
            return deliver(client.start(Settings.to("/in", CoapMethod.POST, Map.of(), properties, false)), message);
        }
    }

    private static Message message(byte[] correlation) {
        return new Message(
                Harness.IDS.next(),
                new TopicName("in/töpic"),
                Payload.owning(new byte[] {0, -1, 7}),
                Qos.EXACTLY_ONCE,
                true,
                new MessageProperties(
                        PayloadFormat.TEXT,
                        100L,
                        "text/x-ü; q=\"1\"",
                        new TopicName("answers/to me"),
                        Payload.owning(correlation),
                        USER),
                new Origin.Device(new ClientId("device-1"), "user"),
                System.currentTimeMillis() - 10_000);
    }

    @Test
    @DisplayName("keeps topic, payload, QoS, retain and every property, and expires no later")
    void everything() {
        Message sent = message(new byte[] {1, 2, -3});

        assertThat(send(sent, true)).isEqualTo(Delivery.accepted());

        Message received = taken.get(0);
        assertThat(received.topic()).isEqualTo(sent.topic());
        assertThat(received.payload()).isEqualTo(sent.payload());
        assertThat(received.qos()).isEqualTo(sent.qos());
        assertThat(received.retain()).isTrue();
        assertThat(received.properties().expirySeconds()).isBetween(30L, 90L);
        assertThat(received.properties().withExpirySeconds(100L).replacingUserProperties(USER))
                .isEqualTo(sent.properties());
        assertThat(received.properties().userProperties())
                .filteredOn(property -> !property.name().equals("gantry-hops"))
                .isEqualTo(USER);
    }

    @Test
    @DisplayName("whose properties do not fit into options is rejected, not cut")
    void tooLarge() {
        assertThat(send(message(new byte[2_000]), true))
                .isEqualTo(new Delivery.Rejected(
                        ReasonCode.PACKET_TOO_LARGE,
                        "what MQTT says about this message does not fit into the options of CoAP"));
    }

    @Test
    @DisplayName("keeps, without that, the payload, and the expiry that CoAP has an option for")
    void little() {
        assertThat(send(message(new byte[1]), false)).isEqualTo(Delivery.accepted());

        Message received = taken.get(0);
        assertThat(received.topic().value()).isEqualTo("in");
        assertThat(received.payload()).isEqualTo(Payload.owning(new byte[] {0, -1, 7}));
        assertThat(received.properties().responseTopic()).isNull();
        assertThat(received.properties().expirySeconds()).isBetween(30L, 90L);
    }

    @Test
    @DisplayName(
            "that comes back to the gateway it was sent by goes no further, whatever the route believes, and is not"
                    + " sent again: the answer is 5.08 [C13]")
    void circle() {
        assertThat(send(Hops.marked(message(new byte[1]), "gateway1"), false, "gateway1"))
                .isEqualTo(new Delivery.Rejected(
                        ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                        "the CoAP server answered 5.08: the message goes round"));

        assertThat(taken).isEmpty();
    }
}

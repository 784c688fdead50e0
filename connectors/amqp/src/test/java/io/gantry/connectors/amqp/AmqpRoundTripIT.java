// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.amqp;

import static io.gantry.connectors.amqp.Harness.deliver;
import static io.gantry.connectors.amqp.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageProperties;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.Sink;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import io.gantry.connectors.spi.Hops;
import io.gantry.testbed.ArtemisServer;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("From MQTT to Artemis and back")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AmqpRoundTripIT {
    private final ArtemisServer artemis = ArtemisServer.start();

    @AfterAll
    void close() {
        artemis.close();
    }

    private Message there(String queue, boolean properties, Message message) {
        Queue<Message> back = new ConcurrentLinkedQueue<>();
        try (Harness harness = new Harness(artemis.url());
                Harness other = new Harness(Settings.endpoint(artemis.url()), "gateway2")) {
            Sink sink = harness.to("up", Settings.to(queue, AddressKind.QUEUE, Map.of(), properties));
            other.routes.from(
                    "down", "erp", Settings.from(queue, properties, Map.of()), (received, acknowledgement) -> {
                        back.add(received);
                        acknowledgement.complete(Delivery.accepted());
                    });
            harness.routes.start();
            other.routes.start();
            other.routes.startSources();
            assertThat(deliver(sink, message)).isEqualTo(Delivery.accepted());
            soon().until(() -> back.size() == 1);
            soon().until(() -> artemis.messages(queue) == 0);
        }
        assertThat(Hops.of(back.element())).endsWith(properties ? "gateway1" : "gateway0");
        return Harness.unmarked(back.remove());
    }

    private static void assertSame(Message back, Message sent) {
        assertThat(back.topic()).isEqualTo(sent.topic());
        assertThat(back.payload()).isEqualTo(sent.payload());
        assertThat(back.qos()).isEqualTo(sent.qos());
        assertThat(back.retain()).isEqualTo(sent.retain());
        assertThat(back.properties().withExpirySeconds(null))
                .isEqualTo(Harness.unmarked(sent).properties().withExpirySeconds(null));
    }

    @Test
    @DisplayName("a message keeps everything, User Properties in their order, and what is left of its expiry")
    void everything() {
        Message sent = Harness.message(
                "in/ü/x",
                Payload.owning(new byte[] {0, 1, (byte) 0xFF}),
                Qos.EXACTLY_ONCE,
                true,
                new MessageProperties(
                        PayloadFormat.BYTES,
                        600L,
                        "application/x-thing; v=1",
                        new TopicName("answers/1"),
                        Payload.owning(new byte[] {(byte) 0x80, 0, 7}),
                        List.of(
                                new UserProperty("b", "2"),
                                new UserProperty("a", "1 & ä="),
                                new UserProperty("b", ""),
                                new UserProperty(Hops.NAME, "gateway0"))),
                null);

        Message back = there("everything", true, sent);

        assertSame(back, sent);
        assertThat(back.properties().expirySeconds()).isBetween(500L, 600L);
    }

    @Test
    @DisplayName("a message without any properties gets none, as text and as bytes")
    void nothing() {
        Message bytes =
                Harness.message("in/a", Payload.ofText("1"), Qos.AT_MOST_ONCE, false, MessageProperties.NONE, null);
        Message text = Harness.message(
                "in/a",
                Payload.ofText("{}"),
                Qos.AT_LEAST_ONCE,
                false,
                new MessageProperties(PayloadFormat.TEXT, null, null, null, null, List.of()),
                null);

        assertSame(there("nothing", true, bytes), bytes);
        assertSame(there("text", true, text), text);
    }

    @Test
    @DisplayName(
            "without being asked, content type, expiry, correlation and the mark against circles go along, and no more")
    void ownFields() {
        Message sent = Harness.message(
                "in/a",
                Payload.ofText("{}"),
                Qos.EXACTLY_ONCE,
                true,
                new MessageProperties(
                        null,
                        600L,
                        "application/json",
                        new TopicName("answers/1"),
                        Payload.ofText("c"),
                        List.of(new UserProperty("a", "1"), new UserProperty(Hops.NAME, "gateway0"))),
                null);

        Message back = there("own", false, sent);

        assertThat(back.topic().value()).isEqualTo("own");
        assertThat(back.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(back.retain()).isFalse();
        assertThat(back.properties().withExpirySeconds(null))
                .isEqualTo(new MessageProperties(
                        PayloadFormat.TEXT, null, "application/json", null, Payload.ofText("c"), List.of()));
        assertThat(back.properties().expirySeconds()).isBetween(500L, 600L);
    }
}

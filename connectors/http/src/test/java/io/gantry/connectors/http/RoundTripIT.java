// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Answer;
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
import io.gantry.connectors.spi.Hops;
import io.gantry.connectors.spi.MessageHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A message from MQTT to HTTP and back")
class RoundTripIT {
    private static Listening web;
    private static Listening away;
    private static Sink out;

    @BeforeAll
    static void start() {
        web = new Listening(Listening.plain())
                .route(Listening.believing("/in", Map.of()))
                .start();
        away = new Listening(Listening.plain(), "gateway2");
        away.routes.open("api", new HttpConnector(), Settings.endpoint("http://127.0.0.1:" + web.port()));
        Settings.ToDraft to = new Settings.ToDraft("/in");
        to.properties = true;
        to.reply = true;
        out = away.routes.to("out", "api", to.settings(), Harness.PATTERN).sink();
        away.start();
    }

    @AfterAll
    static void stop() {
        away.close();
        web.close();
    }

    @BeforeEach
    void forget() {
        web.messages.clear();
        web.outcome = message -> Delivery.accepted();
    }

    private static Message message(String topic, Qos qos, boolean retain, MessageProperties properties) {
        return new Message(
                Harness.IDS.next(),
                new TopicName(topic),
                Payload.owning(new byte[] {0, 13, 10, (byte) 0xFF}),
                qos,
                retain,
                properties,
                new Origin.Device(new ClientId("d"), "u"),
                System.currentTimeMillis());
    }

    private static void assertKept(Message sent) {
        assertThat(Harness.deliver(out, sent)).isInstanceOf(Delivery.Accepted.class);
        assertThat(web.messages).hasSize(1);
        Message back = web.messages.get(0);
        assertThat(back.topic()).isEqualTo(sent.topic());
        assertThat(back.payload()).isEqualTo(sent.payload());
        assertThat(back.qos()).isEqualTo(sent.qos());
        assertThat(back.retain()).isEqualTo(sent.retain());
        Long left = MessageHeaders.expirySecondsLeft(sent, back.receivedMillis());
        if (left != null) {
            assertThat(back.properties().expirySeconds()).isBetween(left, left + 1);
        }
        UserProperty mark = new UserProperty(Hops.NAME, "gateway2");
        assertThat(back.properties().withExpirySeconds(null))
                .isEqualTo(sent.properties().withExpirySeconds(null).withUserProperties(List.of(mark)));
        assertThat(back.properties().expirySeconds() == null).isEqualTo(left == null);
    }

    @Test
    @DisplayName("keeps everything MQTT says about it, in its order")
    void everything() {
        assertKept(message(
                "in/hall 1/é%20",
                Qos.EXACTLY_ONCE,
                true,
                new MessageProperties(
                        PayloadFormat.TEXT,
                        600L,
                        "no media type; é%",
                        new TopicName("answers/ä"),
                        Payload.owning(new byte[] {0, 1, (byte) 0x80}),
                        List.of(
                                new UserProperty("b", "1"),
                                new UserProperty("a", "ü=&;% ,\""),
                                new UserProperty("b", ""),
                                new UserProperty("", "2"),
                                new UserProperty("CamelHttpUri", "http://169.254.169.254/")))));
    }

    @Test
    @DisplayName("gets nothing that it did not have")
    void nothing() {
        assertKept(message("in/x", Qos.AT_MOST_ONCE, false, MessageProperties.NONE));
    }

    @Test
    @DisplayName("keeps a Content Type that is also what an unknown body has")
    void bytes() {
        assertKept(message(
                "in/x",
                Qos.AT_LEAST_ONCE,
                false,
                new MessageProperties(PayloadFormat.BYTES, 0xFFFF_FFFFL, MediaType.BYTES, null, null, List.of())));
    }

    @Test
    @DisplayName(
            "[C18] keeps every optional field at the largest that devices may send at once, or is refused as a whole")
    void largest() {
        List<UserProperty> user = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            user.add(new UserProperty("n".repeat(64), "v".repeat(180)));
        }
        assertKept(message(
                "in/" + "t".repeat(1_000),
                Qos.EXACTLY_ONCE,
                true,
                new MessageProperties(
                        PayloadFormat.TEXT,
                        1_000_000L,
                        "c".repeat(200),
                        new TopicName("r".repeat(1_000)),
                        Payload.owning(new byte[4_096]),
                        user)));
        web.messages.clear();

        Message tooLarge = message(
                "in/x",
                Qos.AT_LEAST_ONCE,
                false,
                new MessageProperties(null, null, null, null, Payload.owning(new byte[60_000]), user));

        assertThat(Harness.deliver(out, tooLarge)).isInstanceOf(Delivery.Rejected.class);
        assertThat(web.messages).isEmpty();
    }

    @Test
    @DisplayName("that is answered brings the answer back with what MQTT says about it")
    void answered() {
        Answer answer = new Answer(
                Payload.ofText("42"),
                new MessageProperties(
                        PayloadFormat.TEXT,
                        null,
                        "text/plain",
                        null,
                        null,
                        List.of(new UserProperty("unit", "°C"), new UserProperty("unit", ""))));
        web.outcome = message -> Delivery.answered(answer);
        Delivery delivery = Harness.deliver(out, message("in/x", Qos.AT_LEAST_ONCE, false, MessageProperties.NONE));

        assertThat(delivery).isEqualTo(Delivery.answered(answer));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gantry.api.ClientId;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.PayloadFormat;
import io.gantry.api.Qos;
import io.gantry.api.TopicName;
import io.gantry.api.UserProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What MQTT says about a message, as headers")
class MessageHeadersTest {
    private static final long NOW = 1_700_000_000_000L;

    private static final MessageProperties ALL = new MessageProperties(
            PayloadFormat.TEXT,
            60L,
            "text/plain; charset=UTF-8",
            new TopicName("answers/a b"),
            Payload.owning(new byte[] {0, -1, 10}),
            List.of(
                    new UserProperty("b", "1"),
                    new UserProperty("a", "x=y&z ü%"),
                    new UserProperty("b", ""),
                    new UserProperty("", "2")));

    private static Message message(MessageProperties properties) {
        return new Message(
                new MessageId(1, 2),
                new TopicName("a/ü"),
                Payload.ofText("21.5"),
                Qos.EXACTLY_ONCE,
                true,
                properties,
                new Origin.Device(new ClientId("d1"), "alice"),
                NOW);
    }

    private static Map<String, String> headers(Message message, boolean all, long nowMillis) {
        Map<String, String> headers = new LinkedHashMap<>();
        MessageHeaders.write(message, all, nowMillis, headers::put);
        return headers;
    }

    @Test
    @DisplayName("there and back nothing is lost, and User Properties keep their order and their repetitions")
    void roundTrip() throws Exception {
        Map<String, String> headers = headers(message(ALL), true, NOW);

        MessageHeaders.Carried carried = MessageHeaders.read(true, Map.of(), headers::get);

        assertThat(carried.topic()).isEqualTo(new TopicName("a/ü"));
        assertThat(carried.qos()).isEqualTo(Qos.EXACTLY_ONCE);
        assertThat(carried.retain()).isTrue();
        assertThat(carried.properties()).isEqualTo(ALL);
        assertThat(headers)
                .containsEntry(MessageHeaders.CLIENT_ID, "d1")
                .containsEntry(MessageHeaders.USERNAME, "alice")
                .containsEntry(MessageHeaders.RECEIVED, "2023-11-14T22:13:20Z")
                .containsEntry(MessageHeaders.MESSAGE_ID, new MessageId(1, 2).toString());
    }

    @Test
    @DisplayName("a message without properties comes back without any")
    void nothingIsNothing() throws Exception {
        Map<String, String> headers = headers(message(MessageProperties.NONE), true, NOW);

        assertThat(MessageHeaders.read(true, Map.of(), headers::get).properties())
                .isEqualTo(MessageProperties.NONE);
        assertThat(MessageHeaders.read(true, Map.of(), name -> null))
                .isEqualTo(new MessageHeaders.Carried(null, null, false, MessageProperties.NONE));
    }

    @Test
    @DisplayName("of the Message Expiry Interval what is left goes along")
    void expiry() {
        assertThat(headers(message(ALL), true, NOW + 20_999)).containsEntry(MessageHeaders.EXPIRY, "40");
        assertThat(headers(message(ALL), true, NOW + 99_000)).containsEntry(MessageHeaders.EXPIRY, "0");
        assertThat(headers(message(ALL), true, NOW - 5_000)).containsEntry(MessageHeaders.EXPIRY, "60");
    }

    @Test
    @DisplayName("unasked nothing goes along and nothing is believed, but the mark against loops")
    void onlyHops() throws Exception {
        Message marked = Hops.marked(message(ALL), "g1");
        Map<String, String> headers = headers(marked, false, NOW);

        assertThat(headers).containsOnly(Map.entry(Hops.NAME, "g1"));
        assertThat(headers(message(ALL), false, NOW)).isEmpty();
        Map<String, String> all = headers(marked, true, NOW);
        assertThat(MessageHeaders.read(false, Map.of(), all::get).properties().userProperties())
                .containsExactly(new UserProperty(Hops.NAME, "g1"));
    }

    @Test
    @DisplayName("foreign headers become the User Properties that the route names, in its order")
    void foreignHeaders() throws Exception {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("tenant", "x-tenant");
        names.put("site", "x-site");
        names.put("none", "x-none");

        MessageHeaders.Carried carried =
                MessageHeaders.read(false, names, Map.of("x-site", "s", "x-tenant", "t", "x-other", "o")::get);

        assertThat(carried.properties().userProperties())
                .containsExactly(new UserProperty("tenant", "t"), new UserProperty("site", "s"));
    }

    @ParameterizedTest
    @CsvSource({
        "mqtt-topic, a/+",
        "mqtt-qos, 3",
        "mqtt-retain, yes",
        "mqtt-payload-format, 2",
        "mqtt-response-topic, #",
        "mqtt-correlation-data, *",
        "mqtt-expiry, -1",
        "mqtt-expiry, 4294967296",
        "mqtt-expiry, 99999999999",
        "mqtt-user-properties, a",
        "mqtt-user-properties, a=%zz"
    })
    @DisplayName("a header that does not hold what it promises is refused by its name")
    void refuses(String name, String value) {
        assertThatThrownBy(() -> MessageHeaders.read(true, Map.of(), Map.of(name, value)::get))
                .isInstanceOf(RejectedMessageException.class)
                .hasMessage("the header " + name + " does not hold what its name promises");
    }

    @Test
    @DisplayName("a message goes through each gateway once, and through eight at most")
    void hops() {
        Message message = message(ALL);
        assertThat(Hops.of(message)).isNull();
        assertThat(Hops.isOver(message, "g1")).isFalse();

        Message once = Hops.marked(message, "g1");
        assertThat(Hops.isOver(once, "g1")).isTrue();
        assertThat(Hops.isOver(once, "g")).isFalse();
        Message twice = Hops.marked(once, "g2");
        assertThat(Hops.of(twice)).isEqualTo("g1,g2");
        assertThat(twice.properties().userProperties()).hasSize(5);

        Message many = twice;
        for (int i = 3; i <= 7; i++) {
            many = Hops.marked(many, "g" + i);
        }
        assertThat(Hops.isOver(many, "x")).isFalse();
        assertThat(Hops.isOver(Hops.marked(many, "g8"), "x")).isTrue();
    }
}

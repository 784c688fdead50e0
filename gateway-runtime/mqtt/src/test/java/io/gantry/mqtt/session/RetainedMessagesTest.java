// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.session;

import static io.gantry.mqtt.session.SessionsUnderTest.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.MessageProperties;
import io.gantry.api.Qos;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.packet.PacketType;
import io.gantry.mqtt.packet.Publish;
import io.gantry.mqtt.packet.PublishAck;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Retained Messages")
class RetainedMessagesTest {
    private final SessionsUnderTest sessions = new SessionsUnderTest(TestLimits.withRetained(2_000, 10_000));
    private final RecordingDevice device = RecordingDevice.v5();
    private final Session session = sessions.connect("d1", device);

    private Delivery retain(String topic, Qos qos, String payload) {
        return retain(topic, qos, MessageProperties.NONE, payload);
    }

    private Delivery retain(String topic, Qos qos, MessageProperties properties, String payload) {
        List<Delivery> outcomes = new ArrayList<>();
        sessions.distributor.fromDevice(
                sessions.message(topic, qos, true, properties, payload), null, null, outcomes::add);
        return outcomes.get(0);
    }

    private List<String> topics() {
        return device.publishes().stream()
                .map(publish -> String.valueOf(publish.topic()))
                .toList();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "'#',       a a/b a/c/d ab b",
        "a/#,       a a/b a/c/d",
        "a/+,       a/b",
        "+,         a ab b",
        "+/+/d,     a/c/d",
        "a/b,       a/b",
        "$SYS/#,    $SYS/x",
        "c/#,       ''",
    })
    @DisplayName("are found by every form of filter")
    void found(String filter, String expected) {
        for (String topic : List.of("a", "a/b", "a/c/d", "ab", "b")) {
            retain(topic, Qos.AT_MOST_ONCE, "x");
        }
        sessions.distributor
                .serverTopics()
                .fromGateway(sessions.message("$SYS/x", Qos.AT_MOST_ONCE, true, MessageProperties.NONE, "x"));

        session.sendRetained(request(filter, Qos.AT_MOST_ONCE), false, 0);
        sessions.run();

        assertThat(String.join(" ", topics())).isEqualTo(expected);
    }

    @Test
    @DisplayName("of more than one page come page by page, so that the event loop does other things in between [A40]")
    void pages() {
        for (int i = 0; i < 1_200; i++) {
            retain("t/" + i, Qos.AT_MOST_ONCE, "x");
        }

        session.sendRetained(request("#", Qos.AT_MOST_ONCE), false, 0);
        assertThat(device.publishes()).hasSize(500);
        sessions.run();

        assertThat(topics()).hasSize(1_200).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("wait for a device that is slow, do not fill its queue, and come as they are then [A40]")
    void backPressure() {
        for (int i = 0; i < 1_200; i++) {
            retain("t/" + i, Qos.AT_LEAST_ONCE, "x");
        }
        session.sendRetained(request("#", Qos.AT_LEAST_ONCE), false, 0);
        sessions.run();
        assertThat(session.unfinished()).isEqualTo(100);
        retain("t/999", Qos.AT_LEAST_ONCE, "later");

        for (int acked = 0; acked < device.publishes().size(); acked++) {
            Publish publish = device.publishes().get(acked);
            session.onAck(PublishAck.of(PacketType.PUBACK, publish.packetId()), device);
            sessions.run();
        }

        assertThat(topics()).hasSize(1_200);
        assertThat(device.publishes())
                .filteredOn(publish -> String.valueOf(publish.topic()).equals("t/999"))
                .singleElement()
                .satisfies(publish -> assertThat(publish.payload().asText()).isEqualTo("later"));
    }

    @Test
    @DisplayName("are no longer sent for a filter that was unsubscribed meanwhile")
    void unsubscribed() {
        for (int i = 0; i < 1_200; i++) {
            retain("t/" + i, Qos.AT_MOST_ONCE, "x");
        }
        session.subscribe(request("#", Qos.AT_MOST_ONCE), 0);
        session.sendRetained(request("#", Qos.AT_MOST_ONCE), false, 0);

        session.unsubscribe("#");
        sessions.run();

        assertThat(device.publishes()).hasSize(500);
    }

    @Test
    @DisplayName("are refused when there are too many bytes of them, and taken again when others are deleted")
    void bytes() {
        assertThat(retain("a", Qos.AT_LEAST_ONCE, "x".repeat(6_000))).isEqualTo(Delivery.accepted());
        assertThat(retain("b", Qos.AT_LEAST_ONCE, "x".repeat(6_000))).isInstanceOf(Delivery.Rejected.class);
        assertThat(retain("a", Qos.AT_LEAST_ONCE, "x".repeat(9_000))).isEqualTo(Delivery.accepted());

        retain("a", Qos.AT_LEAST_ONCE, "");

        assertThat(retain("b", Qos.AT_LEAST_ONCE, "x".repeat(6_000))).isEqualTo(Delivery.accepted());
        assertThat(sessions.counters.of(Counter.RETAINED_REFUSED)).isEqualTo(1);
    }

    @Test
    @DisplayName("that have expired make room")
    void expired() {
        MessageProperties brief = MessageProperties.NONE.withExpirySeconds(10L);
        retain("a", Qos.AT_LEAST_ONCE, brief, "x".repeat(6_000));

        sessions.pass(10);

        assertThat(retain("b", Qos.AT_LEAST_ONCE, "x".repeat(6_000))).isEqualTo(Delivery.accepted());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.DeviceSide;
import io.gantry.api.Message;
import io.gantry.api.Payload;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicFilter;
import io.gantry.api.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Devices that do not speak MQTT")
class GuestsTest {
    private final TestServer server = new TestServer();
    private final List<String> seen = new ArrayList<>();

    @AfterEach
    void close() {
        server.close();
    }

    private DeviceSide.Subscription watch(String filter) {
        return server.guests()
                .watch(
                        new TopicFilter(filter),
                        (message, acknowledgement) -> seen.add(
                                message.topic() + "=" + message.payload().asText()));
    }

    @Test
    @DisplayName("publish as others do: to subscribers, to routes, and into what is retained")
    void publish() {
        server.route("a/#");
        TestDevice subscriber = server.connected(V5, "subscriber").subscribes(1, "a/b 01");

        server.guestPublishes("a/b", 0, true, "x");

        assertThat(server.takenTexts()).containsExactly("x");
        assertThat(server.outcomes).isEmpty();
        server.answers(0, Delivery.accepted());
        assertThat(server.outcomes).containsExactly(Delivery.accepted());
        assertThat(subscriber.hears()).containsExactly("SUBACK 1 01", "PUBLISH q0 a/b 'x'");
        Message retained = server.guests().retained(new TopicName("a/b"));
        assertThat(retained).extracting(Message::payload).isEqualTo(Payload.ofText("x"));
        assertThat(server.guests().retained(new TopicName("a/c"))).isNull();
    }

    @Test
    @DisplayName("are told what a route refuses, and may not publish what is the gateway's own")
    void refused() {
        server.route("a/#");
        Delivery full = new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "full");

        server.guestPublishes("a/b", 1, false, "x");
        server.answers(0, full);
        server.guestPublishes("$SYS/broker/uptime", 1, false, "x");

        assertThat(server.outcomes.get(0)).isEqualTo(full);
        assertThat(server.outcomes.get(1)).isInstanceOf(Delivery.Rejected.class);
    }

    @Test
    @DisplayName("are told that what they publish has been here before, and nobody gets it")
    void comesRound() {
        server.route("a/#");
        server.leavesOut("round");

        server.guestPublishes("a/b", 1, false, "round");

        assertThat(server.outcomes).containsExactly(Delivery.cameRound());
        assertThat(server.takenTexts()).isEmpty();
    }

    @Test
    @DisplayName("watch what devices and routes publish, until they stop")
    void watch() {
        DeviceSide.Subscription watching = watch("a/+");
        TestDevice publisher = server.connected(V5, "publisher");

        publisher.publishes(0, 0, "a/1", "one");
        publisher.publishesRetained(1, 1, "a/2", "two");
        server.brings("a/3", 1, "three");
        publisher.publishes(0, 0, "b", "not mine");
        watching.close();
        publisher.publishes(0, 0, "a/4", "too late");

        assertThat(seen).containsExactly("a/1=one", "a/2=two", "a/3=three");
    }

    @Test
    @DisplayName("see what may still be refused only once it cannot be any more")
    void watchAfterTheCommit() {
        watch("a");
        server.store.hold();

        server.connected(V5, "publisher").publishesRetained(2, 1, "a", "x");

        assertThat(seen).isEmpty();
        server.store.letGo();
        server.run();
        assertThat(seen).containsExactly("a=x");
    }
}

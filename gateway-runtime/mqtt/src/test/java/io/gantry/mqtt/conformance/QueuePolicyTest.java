// SPDX-License-Identifier: Apache-2.0
package io.gantry.mqtt.conformance;

import static io.gantry.mqtt.packet.ProtocolVersion.V5;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.settings.ByteSize;
import io.gantry.mqtt.LimitSettings;
import io.gantry.mqtt.QueuePolicy;
import io.gantry.mqtt.TestLimits;
import io.gantry.mqtt.session.Counter;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A message for a device whose queue is full")
class QueuePolicyTest {

    private static LimitSettings limits(QueuePolicy policy, int messages) {
        return TestLimits.with(TestLimits.withQueue(messages), "whenQueueFull", policy);
    }

    /** A device that is away, and for which three messages came. */
    private static List<String> heardAfterThree(TestServer server) {
        server.connected(Connecting.resuming(V5, "d1")).subscribes(1, "a 01").vanishes();
        for (int i = 1; i <= 3; i++) {
            server.brings("a", 1, "m" + i);
        }
        TestDevice back = server.accepts(V5).sends(Connecting.resuming(V5, "d1").bytes());
        List<String> heard = back.hears();
        return heard.subList(1, heard.size());
    }

    @Test
    @DisplayName("is dropped, counted, and its route told, when the settings say reject-new [A33]")
    void rejectNew() {
        try (TestServer server = new TestServer(limits(QueuePolicy.REJECT_NEW, 1))) {
            assertThat(heardAfterThree(server)).containsExactly("PUBLISH q1 #1 a 'm1'");

            assertThat(server.outcomes).hasSize(2).allMatch(Delivery.Rejected.class::isInstance);
            assertThat(server.count(Counter.MESSAGES_DROPPED_QUEUE_FULL)).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("takes the place of the one that has waited longest when the settings say drop-oldest [A33]")
    void dropOldest() {
        try (TestServer server = new TestServer(limits(QueuePolicy.DROP_OLDEST, 1))) {
            assertThat(heardAfterThree(server)).containsExactly("PUBLISH q1 #1 a 'm3'");

            assertThat(server.outcomes).hasSize(2).allMatch(Delivery.Rejected.class::isInstance);
            assertThat(server.count(Counter.MESSAGES_DROPPED_QUEUE_FULL)).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("is dropped all the same when it is larger than the whole queue; those that wait stay [A33]")
    void tooLargeForTheQueue() {
        LimitSettings bytes = TestLimits.with(limits(QueuePolicy.DROP_OLDEST, 10), "maxQueuedBytes", new ByteSize(6));
        try (TestServer server = new TestServer(bytes)) {
            server.connected(Connecting.resuming(V5, "d1"))
                    .subscribes(1, "a 01")
                    .vanishes();
            server.brings("a", 1, "123");
            server.brings("a", 1, "456");
            server.brings("a", 1, "1234567");
            assertThat(server.outcomes).hasSize(1);

            server.brings("a", 1, "7890");

            assertThat(server.outcomes).hasSize(3);
            TestDevice back =
                    server.accepts(V5).sends(Connecting.resuming(V5, "d1").bytes());
            assertThat(back.hears()).last().isEqualTo("PUBLISH q1 #1 a '7890'");
        }
    }

    @Test
    @DisplayName("closes the device's connection with 0x97 when the settings say disconnect [A33]")
    void disconnect() {
        try (TestServer server = new TestServer(limits(QueuePolicy.DISCONNECT, 1))) {
            TestDevice device = server.connected(V5, "d1").subscribes(1, "a 01");
            device.hears();
            for (int i = 1; i <= 3; i++) {
                server.brings("a", 1, "m" + i);
            }

            assertThat(device.hears())
                    .satisfiesExactly(
                            first -> assertThat(first).isEqualTo("PUBLISH q1 #1 a 'm1'"),
                            last -> assertThat(last).startsWith("DISCONNECT 97"));
            assertThat(device.isOpen()).isFalse();
            assertThat(server.count(Counter.MESSAGES_DROPPED_QUEUE_FULL)).isEqualTo(1);
        }
    }
}

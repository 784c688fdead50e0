// SPDX-License-Identifier: Apache-2.0
package io.gantry.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Acknowledgement;
import io.gantry.api.ClientId;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.MessageId;
import io.gantry.api.MessageProperties;
import io.gantry.api.Origin;
import io.gantry.api.Payload;
import io.gantry.api.Qos;
import io.gantry.api.ReasonCode;
import io.gantry.api.TopicName;
import io.gantry.api.settings.ByteSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A lane")
class LaneTest {
    private final List<Runnable> work = new ArrayList<>();
    private final List<Message> tried = new ArrayList<>();
    private final List<Acknowledgement> open = new ArrayList<>();
    private final List<Delivery> answers = new ArrayList<>();
    private final Lane lane = new Lane(
            "telemetry",
            (message, acknowledgement) -> {
                tried.add(message);
                open.add(acknowledgement);
            },
            new DeliverySettings(AckPoint.DELIVERED, 3, new ByteSize(100)),
            work::add);

    @Test
    @DisplayName("tries messages on its worker only, in the order they came")
    void onItsWorker() {
        lane.offer(message(1, 1), answers::add);
        lane.offer(message(2, 1), answers::add);
        assertThat(tried).isEmpty();

        work.remove(0).run();

        assertThat(tried).extracting(message -> message.id().number()).containsExactly(1L, 2L);
        assertThat(work).isEmpty();
    }

    @Test
    @DisplayName("answers as its target did, and has room again")
    void answers() {
        lane.offer(message(1, 1), answers::add);
        work.remove(0).run();
        assertThat(lane.waiting()).isEqualTo(1);

        open.get(0).complete(Delivery.accepted());

        assertThat(answers).containsExactly(Delivery.accepted());
        assertThat(lane.waiting()).isZero();
        assertThat(lane.awaitIdle(Duration.ZERO)).isTrue();
    }

    @Test
    @DisplayName("refuses at once what it has no room for, by number and by bytes, and counts it")
    void bounded() {
        lane.offer(message(1, 60), answers::add);
        lane.offer(message(2, 60), answers::add);
        lane.offer(message(3, 1), answers::add);
        lane.offer(message(4, 1), answers::add);
        lane.offer(message(5, 1), answers::add);

        assertThat(answers).hasSize(2).allSatisfy(answer -> assertThat(answer)
                .isInstanceOfSatisfying(Delivery.Unavailable.class, unavailable -> assertThat(unavailable.code())
                        .isEqualTo(ReasonCode.QUOTA_EXCEEDED)));
        assertThat(lane.waiting()).isEqualTo(3);
        assertThat(lane.refused()).isEqualTo(2);
    }

    @Test
    @DisplayName("answers a message that breaks its route as unavailable, and goes on with the next")
    void brokenRoute() {
        Lane broken = new Lane(
                "telemetry",
                (message, acknowledgement) -> {
                    if (message.id().number() == 1) {
                        throw new IllegalStateException("on purpose");
                    }
                    acknowledgement.complete(Delivery.accepted());
                },
                new DeliverySettings(AckPoint.DELIVERED, 3, new ByteSize(100)),
                work::add);
        broken.offer(message(1, 1), answers::add);
        broken.offer(message(2, 1), answers::add);

        work.remove(0).run();

        assertThat(answers).hasSize(2).last().isEqualTo(Delivery.accepted());
        assertThat(answers.get(0)).isInstanceOf(Delivery.Unavailable.class);
    }

    private static Message message(long number, int size) {
        return new Message(
                new MessageId(1, number),
                new TopicName("a"),
                Payload.owning(new byte[size]),
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                new Origin.Device(new ClientId("d"), null),
                0);
    }
}

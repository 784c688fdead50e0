// SPDX-License-Identifier: Apache-2.0
package io.gantry.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A message for several sinks")
class SinkTest {
    private static final Delivery LATER = new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "not now");
    private static final Delivery NEVER = new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "never");
    private static final Message MESSAGE = new Message(
            new MessageId(1, 1),
            new TopicName("a"),
            Payload.ofText("x"),
            Qos.AT_LEAST_ONCE,
            false,
            MessageProperties.NONE,
            new Origin.Device(new ClientId("d1"), null),
            0);

    private final List<Acknowledgement> owed = new ArrayList<>();
    private final List<Delivery> answers = new ArrayList<>();

    /** Offers a message to so many sinks, none of which answers at once. */
    private void offerTo(int number) {
        Sink sink = (message, acknowledgement) -> owed.add(acknowledgement);
        List<Sink> sinks = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            sinks.add(sink);
        }
        Sink.toAll(sinks).offer(MESSAGE, answers::add);
        assertThat(owed).hasSize(number);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    @DisplayName("is acknowledged when all have it, and not before [C20]")
    void all(int number) {
        offerTo(number);

        for (Acknowledgement acknowledgement : owed) {
            assertThat(answers).isEmpty();
            acknowledgement.complete(Delivery.accepted());
        }

        assertThat(answers).containsExactly(Delivery.accepted());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @DisplayName("is not acknowledged when one could not take it, whichever answers first [C20]")
    void oneFails(int first) {
        offerTo(2);

        owed.get(first).complete(LATER);
        assertThat(answers).isEmpty();
        owed.get(1 - first).complete(Delivery.accepted());

        assertThat(answers).containsExactly(LATER);
    }

    @Test
    @DisplayName("is rejected when one never takes it, though another might later [C20]")
    void never() {
        offerTo(3);

        owed.get(0).complete(Delivery.accepted());
        owed.get(1).complete(NEVER);
        owed.get(2).complete(LATER);

        assertThat(answers).containsExactly(NEVER);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.routes;

import static io.gantry.routes.Answers.deliver;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.connectors.spi.EventCounts;
import io.gantry.connectors.spi.Hops;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Messages that come round")
class LoopsTest {
    private final EventCounts<RouteEvent> counts = new EventCounts<>(EnumSet.allOf(RouteEvent.class));
    private final Answers next = new Answers(Delivery.accepted());
    private final Message fresh = Messages.published("a/b", "x");
    private final Message seen = Hops.marked(fresh, "g1");

    @Test
    @DisplayName("enter no route that starts at an endpoint; whatever comes from there is counted by its outcome")
    void fromEndpoints() throws Exception {
        List<Delivery> outcomes = List.of(
                Delivery.accepted(),
                new Delivery.Rejected(ReasonCode.UNSPECIFIED_ERROR, "no"),
                new Delivery.Unavailable(ReasonCode.SERVER_BUSY, "later"));
        for (Delivery outcome : outcomes) {
            assertThat(deliver(new Intake(new Answers(outcome), "g1", false, counts), fresh))
                    .isEqualTo(outcome);
        }
        assertThat(deliver(new Intake(next, "g1", true, counts), seen)).isEqualTo(Delivery.cameRound());

        assertThat(next.offered).isEmpty();
        assertThat(deliver(new Intake(next, "g2", true, counts), seen)).isEqualTo(Delivery.accepted());
        assertThat(next.offered).extracting(Hops::of).containsExactly("g1,g2");
        assertThat(counts.now())
                .containsAllEntriesOf(
                        Map.of("received", 5L, "accepted", 2L, "rejected", 1L, "unavailable", 1L, "looped", 1L));
    }
}

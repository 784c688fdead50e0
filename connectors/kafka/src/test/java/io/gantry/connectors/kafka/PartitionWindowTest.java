// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Acknowledgement;
import io.gantry.api.Delivery;
import io.gantry.api.Message;
import io.gantry.api.ReasonCode;
import io.gantry.api.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The commit window of a partition")
class PartitionWindowTest {
    private static final Delivery REJECTED = new Delivery.Rejected(ReasonCode.NOT_AUTHORIZED, "never");
    private static final Delivery NOT_NOW = new Delivery.Unavailable(ReasonCode.QUOTA_EXCEEDED, "not now");

    private final List<Delivery> settled = new ArrayList<>();
    private final PartitionWindow window = new PartitionWindow(settled::add);
    private final List<String> offered = new ArrayList<>();
    private final List<Acknowledgement> acknowledgements = new ArrayList<>();
    private final Sink next = (message, acknowledgement) -> {
        offered.add(message.payload().asText());
        acknowledgements.add(acknowledgement);
    };

    private void offer(long... offsets) {
        for (long offset : offsets) {
            Message message = Harness.message("d", "t", Long.toString(offset));
            window.offer(offset, message, next);
        }
    }

    private void answer(int index, Delivery delivery) {
        acknowledgements.get(index).complete(delivery);
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    @DisplayName("commits nothing before the oldest record is settled, then all up to the next that is not")
    void commitsInOrder() {
        offer(10, 11, 12, 13);

        answer(1, Delivery.accepted());
        answer(3, Delivery.accepted());
        OptionalLong before = window.toCommit();
        answer(0, Delivery.accepted());

        assertThat(before).isEmpty();
        assertThat(window.toCommit()).hasValue(12);
        assertThat(window.waiting()).isEqualTo(1);
        assertThat(window.span()).isEqualTo(2);
    }

    @Test
    @DisplayName("goes over the gaps that compaction and transactions leave")
    void gaps() {
        offer(5, 900);

        answer(0, Delivery.accepted());
        answer(1, Delivery.accepted());

        assertThat(window.toCommit()).hasValue(901);
    }

    @Test
    @DisplayName("offers the same offset until it is committed, and none twice")
    void untilCommitted() {
        offer(5);
        answer(0, Delivery.accepted());

        assertThat(window.toCommit()).hasValue(6);
        assertThat(window.toCommit()).hasValue(6);
        window.committed(6);
        assertThat(window.toCommit()).isEmpty();
    }

    @Test
    @DisplayName("a rejected record is settled, and reported")
    void rejected() {
        offer(5);

        answer(0, REJECTED);

        assertThat(window.toCommit()).hasValue(6);
        assertThat(settled).containsExactly(REJECTED);
    }

    @Test
    @DisplayName("an unavailable record is offered again after a second, then after two, and is never skipped")
    void offersAgain() {
        offer(5, 6);
        answer(0, NOT_NOW);
        answer(1, Delivery.accepted());
        window.retry(seconds(100), next);
        window.retry(seconds(101) - 1, next);
        List<String> early = List.copyOf(offered);

        window.retry(seconds(101), next);
        answer(2, NOT_NOW);
        window.retry(seconds(102), next);
        window.retry(seconds(104) - 1, next);
        List<String> once = List.copyOf(offered);
        window.retry(seconds(104), next);

        assertThat(early).containsExactly("5", "6");
        assertThat(once).containsExactly("5", "6", "5");
        assertThat(offered).containsExactly("5", "6", "5", "5");
        assertThat(window.toCommit()).isEmpty();
        answer(3, Delivery.accepted());
        assertThat(window.toCommit()).hasValue(7);
    }

    @Test
    @DisplayName("is troubled, so that nothing newer is read, until what failed is settled")
    void troubled() {
        offer(4, 5);
        boolean atFirst = window.isTroubled();
        answer(1, NOT_NOW);
        boolean failed = window.isTroubled();
        window.retry(seconds(1), next);
        window.retry(seconds(2), next);
        boolean tried = window.isTroubled();
        answer(2, Delivery.accepted());

        assertThat(atFirst).isFalse();
        assertThat(failed).isTrue();
        assertThat(tried).isTrue();
        assertThat(window.isTroubled()).isFalse();
    }

    @Test
    @DisplayName("an answer may come before the offer returns")
    void answersAtOnce() {
        window.offer(
                5,
                Harness.message("d", "t", "5"),
                (message, acknowledgement) -> acknowledgement.complete(Delivery.accepted()));

        assertThat(window.toCommit()).hasValue(6);
        assertThat(window.waiting()).isZero();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.connectors.kafka;

import static io.gantry.connectors.kafka.Harness.message;
import static io.gantry.connectors.kafka.Harness.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.api.Delivery;
import io.gantry.api.Target;
import io.gantry.api.TopicPattern;
import io.gantry.api.Transactions;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/** A gateway with one route that writes exactly once, and what its lane does: numbered messages in transactions. */
final class ExactlyOnceLane implements AutoCloseable {
    static final String JOURNAL = "journal-1";

    private static final TopicPattern TELEMETRY = TopicPattern.fromText("sensors/{site}/{device}/telemetry");

    private final Harness harness;
    private final Target target;
    final Transactions transactions;

    ExactlyOnceLane(KafkaEndpointSettings settings, String route) {
        harness = new Harness(settings);
        target = harness.routes.to(route, "plant", Settings.exactlyOnce(route), TELEMETRY);
        transactions = Objects.requireNonNull(target.transactions());
        harness.routes.start();
    }

    /** The position that is known to Kafka, once it can be asked. */
    OptionalLong recovered(String journal) {
        Transactions.Recovered found = soon().until(
                        () -> transactions.recover(journal),
                        recovered -> recovered.outcome().equals(Delivery.accepted()));
        return Objects.requireNonNull(found).position();
    }

    /** Offers messages with the numbers from (included) to (excluded) and waits for all answers. */
    List<Delivery> offer(long from, long to) {
        Outcomes outcomes = new Outcomes();
        for (long number = from; number < to; number++) {
            target.sink().offer(message("d" + number % 7, "sensors/x/d/telemetry", "" + number), outcomes);
        }
        soon().until(() -> outcomes.count() == to - from);
        return outcomes.all();
    }

    Delivery offer(String text) {
        return Harness.deliver(target.sink(), message("d", "sensors/x/d/telemetry", text));
    }

    /** A whole transaction that must succeed: the numbers from (included) to (excluded), and the last as the position. */
    void deliver(long from, long to) {
        assertThat(transactions.begin()).isEqualTo(Delivery.accepted());
        assertThat(offer(from, to)).containsOnly(Delivery.accepted());
        assertThat(transactions.commit(to - 1)).isEqualTo(Delivery.accepted());
    }

    @Override
    public void close() {
        harness.close();
    }
}

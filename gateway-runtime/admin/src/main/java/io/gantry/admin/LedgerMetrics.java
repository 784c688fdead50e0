// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.gantry.delivery.Histogram;
import io.gantry.delivery.Ledger;
import io.gantry.delivery.Ledger.DropReason;
import io.gantry.delivery.Ledger.Snapshot;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The books of the outboxes as metrics. All numbers of one outbox are from one snapshot, so that the equation of the
 * ledger holds in every scrape.
 */
final class LedgerMetrics {
    private static final double MILLIS_PER_SECOND = 1_000;

    private final List<Snapshot> ledgers;
    private final List<MetricSnapshot> metrics = new ArrayList<>();

    private LedgerMetrics(List<Snapshot> ledgers) {
        this.ledgers = ledgers;
    }

    static List<MetricSnapshot> of(List<Snapshot> ledgers) {
        LedgerMetrics all = new LedgerMetrics(ledgers);
        all.addCounters();
        all.addGauges();
        all.addHistogram(
                "gantry_ack_seconds",
                "From a message's arrival to the moment at which its device could be told that it is taken.",
                Snapshot::acknowledged);
        all.addHistogram(
                "gantry_end_to_end_seconds",
                "From a message's arrival to the target's confirmation.",
                Snapshot::endToEnd);
        return all.metrics;
    }

    private void addCounters() {
        counter("accepted", "Messages an outbox took, with those found at the start and replayed.", Snapshot::accepted);
        counter("delivered", "Messages the target confirmed.", Snapshot::delivered);
        counter("dead_lettered", "Messages that became dead letters.", Snapshot::deadLettered);
        counter("expired", "Messages whose Message Expiry Interval ran out while they waited.", Snapshot::expired);
        counter("retried", "Attempts that were not a message's first.", Snapshot::retried);
        counter("refused", "Messages not taken; whoever brought them still has them.", Snapshot::refused);
        counter("replayed", "Dead letters put back into the outbox.", Snapshot::replayed);
        List<CounterDataPointSnapshot> dropped = new ArrayList<>();
        for (Snapshot ledger : ledgers) {
            for (DropReason reason : DropReason.values()) {
                Labels labels = labels(ledger).merge(Labels.of("reason", Names.of(reason)));
                dropped.add(new CounterDataPointSnapshot(ledger.dropped().getOrDefault(reason, 0L), labels, null, 0));
            }
        }
        metrics.add(new CounterSnapshot(
                new MetricMetadata("gantry_messages_dropped", "Accepted messages that were dropped, by the reason."),
                dropped));
    }

    private void counter(String what, String help, ToDoubleFunction<Snapshot> value) {
        List<CounterDataPointSnapshot> points = ledgers.stream()
                .map(ledger -> new CounterDataPointSnapshot(value.applyAsDouble(ledger), labels(ledger), null, 0))
                .toList();
        metrics.add(new CounterSnapshot(new MetricMetadata("gantry_messages_" + what, help), points));
    }

    private void addGauges() {
        gauge("gantry_messages_waiting", "Messages in the outbox.", Snapshot::waiting);
        gauge("gantry_bytes_waiting", "Bytes of the messages in the outbox.", Snapshot::waitingBytes);
        gauge(
                "gantry_oldest_waiting_seconds",
                "Age of the oldest message in the outbox; 0 when there is none.",
                ledger -> ledger.oldestMillis() / MILLIS_PER_SECOND);
        List<GaugeDataPointSnapshot> states = new ArrayList<>();
        for (Snapshot ledger : ledgers) {
            for (Ledger.State state : Ledger.State.values()) {
                Labels labels = labels(ledger).merge(Labels.of("state", Names.of(state)));
                states.add(new GaugeDataPointSnapshot(ledger.state() == state ? 1 : 0, labels, null));
            }
        }
        metrics.add(new GaugeSnapshot(
                new MetricMetadata(
                        "gantry_route_state",
                        "1 for the state the outbox is in: delivering, retrying, parked or stopped."),
                states));
    }

    private void gauge(String name, String help, ToDoubleFunction<Snapshot> value) {
        List<GaugeDataPointSnapshot> points = ledgers.stream()
                .map(ledger -> new GaugeDataPointSnapshot(value.applyAsDouble(ledger), labels(ledger), null))
                .toList();
        metrics.add(new GaugeSnapshot(new MetricMetadata(name, help), points));
    }

    private void addHistogram(String name, String help, Function<Snapshot, Histogram.Snapshot> value) {
        List<HistogramDataPointSnapshot> points = ledgers.stream()
                .map(ledger -> histogram(value.apply(ledger), labels(ledger)))
                .toList();
        metrics.add(new HistogramSnapshot(new MetricMetadata(name, help), points));
    }

    private static HistogramDataPointSnapshot histogram(Histogram.Snapshot counted, Labels labels) {
        List<Double> bounds = new ArrayList<>(counted.bounds());
        bounds.add(Double.POSITIVE_INFINITY);
        return new HistogramDataPointSnapshot(
                ClassicHistogramBuckets.of(bounds, counted.counts()), counted.sumSeconds(), labels, Exemplars.EMPTY, 0);
    }

    private static Labels labels(Snapshot ledger) {
        return Labels.of("route", ledger.route(), "target", ledger.target());
    }
}

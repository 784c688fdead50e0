// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Looks the gateway's numbers up when they are scraped. Labels are names from the YAML and words of our own, never
 * something that a device says, so that devices cannot make series.
 */
final class GatewayCollector implements MultiCollector {
    private final Administration gateway;
    private final Entrance entrance;

    GatewayCollector(Administration gateway, Entrance entrance) {
        this.gateway = gateway;
        this.entrance = entrance;
    }

    @Override
    public MetricSnapshots collect() {
        List<MetricSnapshot> found = new ArrayList<>(LedgerMetrics.of(gateway.ledgers()));
        found.add(gauge(
                "gantry_started",
                "Whether everything has started and nothing has begun to stop.",
                List.of(point(Labels.EMPTY, gateway.started() ? 1 : 0))));
        found.add(gauge(
                "gantry_info", "The version, as a label.", List.of(point(Labels.of("version", gateway.version()), 1))));
        addStore(found);
        addEndpoints(found);
        addRoutes(found);
        addMqtt(found);
        addEntrance(found);
        found.add(gauge(
                "gantry_dead_letters",
                "Messages that could not be delivered and are kept.",
                List.of(point(Labels.EMPTY, (double) gateway.deadLetters().messages()))));
        found.add(gauge(
                "gantry_dead_letters_bytes", "What they take of their bound.", List.of(point(Labels.EMPTY, (double)
                        gateway.deadLetters().bytes()))));
        return new MetricSnapshots(found);
    }

    private void addStore(List<MetricSnapshot> found) {
        String now = StoreStatus.of(gateway.storeHealth()).state();
        found.add(gauge(
                "gantry_store_state",
                "1 for the state the store is in: ready, full or failed.",
                StoreStatus.STATES.stream()
                        .map(state -> point(Labels.of("state", state), state.equals(now) ? 1 : 0))
                        .toList()));
    }

    private void addEndpoints(List<MetricSnapshot> found) {
        found.add(gauge(
                "gantry_endpoint_connected",
                "Whether an endpoint's target system is reached.",
                gateway.endpoints().stream()
                        .map(endpoint -> point(Labels.of("endpoint", endpoint.name()), endpoint.connected() ? 1 : 0))
                        .toList()));
        List<CounterDataPointSnapshot> points = new ArrayList<>();
        gateway.endpoints().forEach(endpoint -> addEvents(points, "endpoint", endpoint.name(), endpoint.events()));
        found.add(new CounterSnapshot(
                new MetricMetadata(
                        "gantry_endpoint_events",
                        "What happened at an endpoint that belongs to none of its routes: refused callers, late answers."),
                points));
    }

    private static void addEvents(
            List<CounterDataPointSnapshot> points, String label, String name, Map<String, Long> events) {
        events.forEach((event, count) ->
                points.add(new CounterDataPointSnapshot(count, Labels.of(label, name, "event", event), null, 0)));
    }

    private void addRoutes(List<MetricSnapshot> found) {
        List<CounterDataPointSnapshot> points = new ArrayList<>();
        gateway.routeCounters().forEach((route, events) -> addEvents(points, "route", route, events));
        found.add(new CounterSnapshot(
                new MetricMetadata(
                        "gantry_route_events",
                        "What happened to messages of a route before its outboxes, and to requests and answers."),
                points));
        found.add(new CounterSnapshot(
                new MetricMetadata(
                        "gantry_late_answers", "Answers of devices to requests that nobody waited for any longer."),
                List.of(new CounterDataPointSnapshot(gateway.lateAnswers(), Labels.EMPTY, null, 0))));
    }

    private void addMqtt(List<MetricSnapshot> found) {
        found.add(gauge(
                "gantry_mqtt_connections",
                "Devices that are connected.",
                List.of(point(Labels.EMPTY, gateway.connections()))));
        found.add(gauge(
                "gantry_overload",
                "What is done about an overload: 0 nothing; 1 connections refused and QoS 0 dropped; 2 devices read slowly too.",
                gateway.overload().entrySet().stream()
                        .map(cause -> point(Labels.of("cause", cause.getKey()), cause.getValue()))
                        .toList()));
        for (Map.Entry<String, Long> counter : gateway.mqttCounters().entrySet()) {
            found.add(new CounterSnapshot(
                    new MetricMetadata(
                            "gantry_mqtt_" + counter.getKey().replace('-', '_'),
                            "Of the MQTT server: " + counter.getKey().replace('-', ' ') + "."),
                    List.of(new CounterDataPointSnapshot(counter.getValue(), Labels.EMPTY, null, 0))));
        }
    }

    private void addEntrance(List<MetricSnapshot> found) {
        found.add(new CounterSnapshot(
                new MetricMetadata(
                        "gantry_admin_refused", "Requests that the admin port did not let in, by the reason."),
                Arrays.stream(Entrance.Reason.values())
                        .map(reason -> new CounterDataPointSnapshot(
                                entrance.refused(reason), Labels.of("reason", Names.of(reason)), null, 0))
                        .toList()));
    }

    private static GaugeSnapshot gauge(String name, String help, List<GaugeDataPointSnapshot> points) {
        return new GaugeSnapshot(new MetricMetadata(name, help), points);
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return new GaugeDataPointSnapshot(value, labels, null);
    }
}

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks the gateway's numbers up when they are scraped. Labels are names from the YAML and words of our own, never
 * something that a device says, so that devices cannot make series.
 */
final class GatewayCollector implements MultiCollector {
    private final Administration gateway;
    private final OwnNumbers own;

    GatewayCollector(Administration gateway, OwnNumbers own) {
        this.gateway = gateway;
        this.own = own;
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
        addSecurity(found);
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
        found.add(counter(
                "gantry_late_answers",
                "Answers of devices to requests that nobody waited for any longer.",
                gateway.lateAnswers()));
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
            found.add(counter(
                    "gantry_mqtt_" + counter.getKey().replace('-', '_'),
                    "Of the MQTT server: " + counter.getKey().replace('-', ' ') + ".",
                    counter.getValue()));
        }
    }

    private void addEntrance(List<MetricSnapshot> found) {
        found.add(new CounterSnapshot(
                new MetricMetadata(
                        "gantry_admin_refused", "Requests that the admin port did not let in, by the reason."),
                Arrays.stream(Entrance.Reason.values())
                        .map(reason -> new CounterDataPointSnapshot(
                                own.entrance().refused(reason), Labels.of("reason", Names.of(reason)), null, 0))
                        .toList()));
        found.add(new CounterSnapshot(
                new MetricMetadata(
                        "gantry_admin_connections_closed",
                        "Connections that the admin port closed for want of room, by the reason."),
                Arrays.stream(ConnectionCounts.Reason.values())
                        .map(reason -> new CounterDataPointSnapshot(
                                own.connections().of(reason), Labels.of("reason", Names.of(reason)), null, 0))
                        .toList()));
    }

    private void addSecurity(List<MetricSnapshot> found) {
        found.add(counter(
                "gantry_admin_tls_files_renewed",
                "Files of the admin port's TLS that were changed, and are in use.",
                own.files().renewals()));
        found.add(counter(
                "gantry_admin_tls_files_failed",
                "Files of the admin port's TLS that were changed, and cannot be used.",
                own.files().failures()));
        gateway.securityCounters()
                .forEach((name, count) -> found.add(counter(
                        "gantry_security_" + name.replace('-', '_'),
                        "Of what keeps strangers out: " + name.replace('-', ' ') + ".",
                        count)));
        Map<String, Instant> expiries = new TreeMap<>(gateway.certificateExpiries());
        own.certificateExpiry().ifPresent(expiry -> expiries.put("admin", expiry));
        found.add(gauge(
                "gantry_tls_certificate_expiry_timestamp_seconds",
                "When the first of the certificates ends that are shown there, in seconds since 1970.",
                expiries.entrySet().stream()
                        .map(shown -> point(
                                Labels.of("listener", shown.getKey()),
                                shown.getValue().getEpochSecond()))
                        .toList()));
    }

    private static CounterSnapshot counter(String name, String help, long count) {
        return new CounterSnapshot(
                new MetricMetadata(name, help), List.of(new CounterDataPointSnapshot(count, Labels.EMPTY, null, 0)));
    }

    private static GaugeSnapshot gauge(String name, String help, List<GaugeDataPointSnapshot> points) {
        return new GaugeSnapshot(new MetricMetadata(name, help), points);
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return new GaugeDataPointSnapshot(value, labels, null);
    }
}

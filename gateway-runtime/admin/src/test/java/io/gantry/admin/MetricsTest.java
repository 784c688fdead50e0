// SPDX-License-Identifier: Apache-2.0
package io.gantry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gantry.api.Payload;
import io.gantry.api.store.StoreHealth;
import io.gantry.delivery.Ledger.DropReason;
import io.gantry.delivery.MovingLedger;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The metrics")
class MetricsTest {
    private static final Map<String, String> PLANT = Map.of("route", "telemetry", "target", "plant");

    private AdminPort port;

    @BeforeEach
    void open() throws Exception {
        port = new AdminPort();
    }

    @AfterEach
    void close() throws Exception {
        port.close();
    }

    private Scrape scrape() throws Exception {
        HttpResponse<String> answer = port.get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        return Scrape.parse(answer.body());
    }

    @Test
    @DisplayName("show the books of every outbox")
    void books() throws Exception {
        MovingLedger ledger = port.gateway.ledger("telemetry", "plant");
        for (int i = 0; i < 5; i++) {
            ledger.accept(100);
        }
        ledger.deliver(100);
        ledger.refuse();
        ledger.parked("no");

        Scrape scrape = scrape();

        assertThat(scrape.value("gantry_messages_accepted_total", PLANT)).isEqualTo(5);
        assertThat(scrape.value("gantry_messages_delivered_total", PLANT)).isEqualTo(1);
        assertThat(scrape.value("gantry_messages_refused_total", PLANT)).isEqualTo(1);
        assertThat(scrape.value("gantry_messages_waiting", PLANT)).isEqualTo(4);
        assertThat(scrape.value("gantry_bytes_waiting", PLANT)).isEqualTo(400);
        assertThat(scrape.value("gantry_oldest_waiting_seconds", PLANT)).isCloseTo(1.5, within(1e-9));
        assertThat(scrape.value("gantry_ack_seconds_count", PLANT)).isEqualTo(5);
        assertThat(scrape.value("gantry_end_to_end_seconds_sum", PLANT)).isCloseTo(0.002, within(1e-9));
        assertThat(scrape.of("gantry_messages_dropped_total"))
                .hasSize(DropReason.values().length)
                .allSatisfy((labels, value) -> assertThat(value).isZero());
        assertThat(scrape.value(
                        "gantry_route_state", Map.of("route", "telemetry", "target", "plant", "state", "parked")))
                .isEqualTo(1);
        assertThat(scrape.of("gantry_route_state").values()).containsExactlyInAnyOrder(0.0, 0.0, 0.0, 1.0);
    }

    @Test
    @DisplayName("show the store, the endpoints, the MQTT server, dead letters, the JVM and the process")
    void others() throws Exception {
        port.gateway.health = new StoreHealth.Full("full");
        port.gateway.overload = Map.of("heap", 2, "loop-lag", 0);
        port.gateway.deadLetters.add("r", "c", "t", Payload.ofText("12345"), "e", 0);

        Scrape scrape = scrape();

        assertThat(scrape.value("gantry_store_state", Map.of("state", "full"))).isEqualTo(1);
        assertThat(scrape.value("gantry_store_state", Map.of("state", "ready"))).isZero();
        assertThat(scrape.value("gantry_endpoint_connected", Map.of("endpoint", "plant")))
                .isEqualTo(1);
        assertThat(scrape.value("gantry_endpoint_connected", Map.of("endpoint", "erp")))
                .isZero();
        assertThat(scrape.value("gantry_mqtt_packets_malformed_total", Map.of()))
                .isEqualTo(3);
        assertThat(scrape.value("gantry_mqtt_connections", Map.of())).isEqualTo(7);
        assertThat(scrape.value("gantry_overload", Map.of("cause", "heap"))).isEqualTo(2);
        assertThat(scrape.value("gantry_overload", Map.of("cause", "loop-lag"))).isZero();
        assertThat(scrape.value("gantry_route_events_total", Map.of("route", "orders.down", "event", "looped")))
                .isEqualTo(2);
        assertThat(scrape.value(
                        "gantry_endpoint_events_total", Map.of("endpoint", "plant", "event", "answered-nobody")))
                .isEqualTo(3);
        assertThat(scrape.value("gantry_late_answers_total", Map.of())).isEqualTo(6);
        assertThat(scrape.value("gantry_dead_letters", Map.of())).isEqualTo(1);
        assertThat(scrape.value("gantry_dead_letters_bytes", Map.of())).isEqualTo(5);
        assertThat(scrape.value("gantry_info", Map.of("version", "1.2.3"))).isEqualTo(1);
        assertThat(scrape.types())
                .containsKeys(
                        "jvm_memory_used_bytes",
                        "jvm_threads_live_threads",
                        "process_cpu_usage",
                        "process_files_open_files",
                        "process_uptime_seconds");
    }

    @Test
    @DisplayName("show what security counts, and when certificates end")
    void security() throws Exception {
        Scrape scrape = scrape();

        assertThat(scrape.value("gantry_security_rules_without_value_total", Map.of()))
                .isEqualTo(4);
        assertThat(scrape.value("gantry_security_key_files_failed_total", Map.of()))
                .isEqualTo(2);
        assertThat(scrape.of("gantry_tls_certificate_expiry_timestamp_seconds"))
                .containsOnly(
                        Map.entry(Map.of("listener", "mqtts://0.0.0.0:8883"), 1_900_000_000.0),
                        Map.entry(Map.of("listener", "endpoints.web"), 0.0));
        assertThat(scrape.value("gantry_admin_tls_files_failed_total", Map.of()))
                .isZero();
    }

    @DisplayName("come as OpenMetrics to those who want it, else as Prometheus' text")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,"
                        + "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3"
            })
    void openMetrics(String accept) throws Exception {
        port.gateway.ledger("telemetry", "plant").accept(1);

        HttpResponse<String> answer = port.get("/metrics", "Accept", accept);

        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(answer.body())
                .endsWith("# EOF\n")
                .contains("# TYPE gantry_messages_accepted counter\n")
                .contains("gantry_messages_accepted_total{route=\"telemetry\",target=\"plant\"} 1.0\n");
    }

    @Test
    @DisplayName("have no label that a device can make up: a million devices are as many series as one")
    void labels() throws Exception {
        MovingLedger ledger = port.gateway.ledger("telemetry", "plant");
        ledger.accept(1);
        int seriesWithOne = own(scrape());

        for (int i = 0; i < 1_000_000; i++) {
            ledger.accept(1);
        }
        for (int i = 0; i < 1_000; i++) {
            port.gateway.deadLetters.add("telemetry", "device-" + i, "t/" + i, Payload.EMPTY, "error " + i, 0);
        }
        Scrape after = scrape();

        assertThat(own(after)).isEqualTo(seriesWithOne);
        assertThat(after.ownLabelNames())
                .containsExactlyInAnyOrder(
                        "route",
                        "target",
                        "reason",
                        "state",
                        "le",
                        "version",
                        "endpoint",
                        "event",
                        "listener",
                        "cause");
    }

    private static int own(Scrape scrape) {
        return scrape.types().keySet().stream()
                .filter(name -> name.startsWith("gantry_"))
                .flatMap(name ->
                        List.of("", "_bucket", "_sum", "_count").stream().map(end -> name + end))
                .mapToInt(name -> scrape.of(name).size())
                .sum();
    }

    @Test
    @DisplayName("close the books in each of 1,000 scrapes while messages come and go")
    void underLoad() throws Exception {
        int outboxes = 3;
        for (int i = 0; i < outboxes; i++) {
            port.gateway.ledger("route-" + i, "plant");
        }
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch moved = new CountDownLatch(outboxes);
        ExecutorService load = Executors.newFixedThreadPool(outboxes);
        try {
            for (MovingLedger ledger : port.gateway.ledgers) {
                load.execute(() -> move(ledger, stop, moved));
            }
            assertThat(moved.await(AdminPort.PATIENCE.toMinutes(), TimeUnit.MINUTES))
                    .isTrue();

            double first = accepted(scrape());
            for (int i = 0; i < 1_000; i++) {
                assertBooksClose(scrape());
            }

            assertThat(accepted(scrape())).isGreaterThan(first);
        } finally {
            stop.set(true);
            load.shutdown();
            assertThat(load.awaitTermination(AdminPort.PATIENCE.toMinutes(), TimeUnit.MINUTES))
                    .isTrue();
        }
    }

    private static void move(MovingLedger ledger, AtomicBoolean stop, CountDownLatch moved) {
        long waiting = 0;
        while (!stop.get()) {
            for (int i = 0; i < 50; i++) {
                ledger.accept(10);
                waiting++;
            }
            // sometimes all, sometimes some are left
            for (long finish = waiting - waiting % 7; finish > 0; finish--) {
                ledger.finishOne(10);
                waiting--;
            }
            moved.countDown();
            // leaves the processor to the scrapes
            LockSupport.parkNanos(100_000);
        }
    }

    private static double accepted(Scrape scrape) {
        return scrape.of("gantry_messages_accepted_total").values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    private static void assertBooksClose(Scrape scrape) {
        assertThat(scrape.of("gantry_messages_accepted_total")).hasSize(3).allSatisfy((labels, accepted) -> {
            double dropped = scrape.of("gantry_messages_dropped_total").entrySet().stream()
                    .filter(sample -> sample.getKey().entrySet().containsAll(labels.entrySet()))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
            assertThat(scrape.value("gantry_messages_delivered_total", labels)
                            + scrape.value("gantry_messages_dead_lettered_total", labels)
                            + scrape.value("gantry_messages_expired_total", labels)
                            + dropped
                            + scrape.value("gantry_messages_waiting", labels))
                    .isEqualTo(accepted);
            assertThat(scrape.value("gantry_bytes_waiting", labels))
                    .isEqualTo(10 * scrape.value("gantry_messages_waiting", labels));
            assertThat(scrape.value("gantry_end_to_end_seconds_count", labels))
                    .isEqualTo(scrape.value("gantry_messages_delivered_total", labels));
        });
    }

    @DisplayName("are read by a test that finds what is wrong with a scrape")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a 1\n",
                "# TYPE a gauge\na 1",
                "# TYPE a gauge\na 1\na 2\n",
                "# TYPE a gauge\na{b=\"c\" 1\n",
                "# TYPE a gauge\na{b=\"c\nd\"} 1\n",
                "# TYPE a gauge\na{b=\"\\x\"} 1\n",
                "# TYPE a gauge\na{b=\"1\",b=\"2\"} 1\n",
                "# TYPE a gauge\na one\n",
                "# TYPE a gauge\n# TYPE b gauge\nb 1\n# TYPE a gauge\n",
                "# TYPE a gauge\nb 1\n",
                "# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
                "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 2\n"
            })
    void parser(String wrong) {
        assertThatThrownBy(() -> Scrape.parse(wrong)).isInstanceOf(AssertionError.class);
    }
}

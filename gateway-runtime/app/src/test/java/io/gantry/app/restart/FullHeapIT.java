// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gantry.app.restart.RawConnection.Arrived;
import io.gantry.app.restart.RawConnection.Publish;
import io.gantry.app.restart.RawConnection.Version;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A gateway whose heap is filled by what waits for a device that acknowledges nothing")
class FullHeapIT {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int SLOW_MILLIS = 500;
    private static final int MOST_AT_ONCE = 500;
    private static final int SERVER_BUSY = 0x89;
    private static final int SERVER_UNAVAILABLE_3_1_1 = 3;
    private static final String HALF_A_KIBIBYTE = "x".repeat(512);
    private static final String SIXTEEN_KIBIBYTES = "x".repeat(16 * 1_024);

    /** The mark of the heap is what strikes: no other limit is below it, and a slow machine is no overload. */
    private static final String LIMITS = """
            limits: {max-queued-messages: 100000000, max-queued-bytes: 10GiB, max-connects-per-minute: 0,
              max-flaps-per-minute: 0, overload: {direct-memory: 0%, loop-lag: 0s}}
            """;

    /** What the collector may leave is small; a gateway that runs out of memory ends, and the test with it. */
    private static final List<String> LITTLE_MEMORY = List.of(
            "-Xmx80m",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:+UseG1GC",
            "-XX:G1PeriodicGCInterval=1000",
            "-XX:+ExitOnOutOfMemoryError");

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    @DisplayName(
            "[A33] refuses new connections with 0x89, drops QoS 0, reads who fills it slowly, never runs out of memory,"
                    + " and recovers by itself when the load is gone")
    void sheds() throws Exception {
        try (GatewayChild gateway = new GatewayChild(folder, "store", LIMITS, LITTLE_MEMORY)) {
            gateway.start();
            try (RawConnection good = connected(gateway, "good");
                    RawConnection deaf = connected(gateway, "deaf");
                    RawConnection filler = connected(gateway, "filler")) {
                deaf.subscribe("fill/#", 1);
                publishes(good, "good/1", HALF_A_KIBIBYTE, 1);

                int filled = 0;
                while (metric(gateway, "gantry_mqtt_reading_slowed_total") == 0) {
                    filled += fill(filler);
                }

                assertThat(metric(gateway, "gantry_overload{cause=\"heap\"}")).isPositive();
                assertThat(metric(gateway, "gantry_mqtt_overloads_total")).isPositive();
                assertThat(get(gateway, "/health/ready").statusCode()).isEqualTo(503);
                assertThat(filled).isGreaterThan(100);
                publishes(good, "good/2", HALF_A_KIBIBYTE, 2);
                good.publish(new Publish("good/3", 0, false, "shed"), 0, false);
                publishes(good, "good/4", HALF_A_KIBIBYTE, 3);
                assertThat(metric(gateway, "gantry_mqtt_messages_shed_total")).isPositive();
                assertThat(answerTo(gateway, Version.V5)).isIn(SERVER_BUSY, -1);
                assertThat(answerTo(gateway, Version.V3_1_1)).isIn(SERVER_UNAVAILABLE_3_1_1, -1);
                assertThat(metric(gateway, "gantry_mqtt_connections_shed_total"))
                        .isGreaterThanOrEqualTo(2);

                deaf.close();
                filler.close();

                await().atMost(LONG).until(() -> answerTo(gateway, Version.V5) == 0);
                assertThat(metric(gateway, "gantry_overload{cause=\"heap\"}")).isZero();
                assertThat(get(gateway, "/health/ready").statusCode()).isEqualTo(200);
                for (int i = 4; i < 100; i++) {
                    publishes(good, "good/" + i, HALF_A_KIBIBYTE, i);
                }
            }
            assertThat(gateway.said()).doesNotContain("OutOfMemoryError");
        }
    }

    private static RawConnection connected(GatewayChild gateway, String clientId) throws IOException {
        RawConnection connection = RawConnection.open(gateway.port(), Version.V5);
        connection.connectForNow(clientId);
        return connection;
    }

    /** The code of CONNACK; -1 for a connection that is closed without one. */
    private static int answerTo(GatewayChild gateway, Version version) {
        try (RawConnection another = RawConnection.open(gateway.port(), version)) {
            return another.connect("another", null, null).code();
        } catch (IOException closed) {
            return -1;
        }
    }

    private static void publishes(RawConnection device, String topic, String payload, int packetId) throws IOException {
        device.publish(new Publish(topic, 1, false, payload), packetId, false);
        Arrived answer = device.read();
        assertThat(answer.type()).isEqualTo(RawConnection.PUBACK);
        assertThat(answer.packetId()).isEqualTo(packetId);
    }

    /** Publishes until it takes long, which may be because the gateway reads slowly; how many. */
    private static int fill(RawConnection filler) throws IOException {
        int filled = 0;
        long tookMillis = 0;
        while (tookMillis < SLOW_MILLIS && filled < MOST_AT_ONCE) {
            long began = System.nanoTime();
            filled++;
            publishes(filler, "fill/" + filled, SIXTEEN_KIBIBYTES, filled);
            tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        }
        return filled;
    }

    private double metric(GatewayChild gateway, String name) throws Exception {
        return get(gateway, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    private HttpResponse<String> get(GatewayChild gateway, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.adminPort() + path);
        return http.send(HttpRequest.newBuilder(uri).timeout(LONG).build(), BodyHandlers.ofString());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.restart.RawConnection.Version;
import io.gantry.testbed.KafkaServer;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A gateway that is killed between devices and targets")
class CrashIT {
    private static final int KILLS = Integer.getInteger("gantry.kills", 3);
    private static final long SEED = Long.getLong("gantry.seed", new Random().nextInt(1_000_000));

    /** Of a route here; and as many again may be confirmed and not yet out of the outbox. */
    private static final int IN_FLIGHT = 500;

    private static KafkaServer kafka;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startKafka() {
        kafka = KafkaServer.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private static String settings(String... routes) {
        return """
                endpoints:
                  plant: {kafka: {brokers: "%s", request-timeout: 5s, delivery-timeout: 10s}}
                routes:
                  %s
                """.formatted(kafka.bootstrapServers(), String.join("\n  ", routes));
    }

    private static String route(String name, String to) {
        return "%s: {from: {mqtt: \"%s/{device}\"}, to: %s, delivery: {max-in-flight: %d}}"
                .formatted(name, name, to, IN_FLIGHT);
    }

    private static Promise atLeastOnce(int kills) {
        return Promise.atLeastOnce(Map.of("kafka", topic -> topic.startsWith("a/")), 2L * IN_FLIGHT * kills);
    }

    @Test
    @DisplayName("at random moments: loses, reorders and invents nothing, and repeats no more than was under way")
    void killedAtRandom() throws Exception {
        Random random = new Random(SEED);
        KafkaTarget target = new KafkaTarget(kafka, "random");
        try (LoadedGateway gateway = new LoadedGateway(folder, "store", settings(route("a", target.side(""))))) {
            gateway.watch("kafka", target);
            publish(gateway, Load.of(List.of(1, 2, 0), "a"));
            gateway.start();
            for (int kill = 0; kill < KILLS; kill++) {
                // now and then so soon that not all devices are back
                gateway.awaitAcknowledged(random.nextInt(4) == 0 ? 1 + random.nextInt(20) : 100 + random.nextInt(600));
                gateway.kill();
                gateway.start();
            }
            gateway.awaitAcknowledged(200);

            assertKept(gateway.verdict(atLeastOnce(KILLS)));
        }
    }

    private static void publish(LoadedGateway gateway, Load load) {
        gateway.publish("d1", Version.V5, load);
        gateway.publish("d2", Version.V3_1_1, load);
        gateway.publish("d3", Version.V5, load);
    }

    private static void assertKept(Verdict verdict) {
        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .println("killed=" + KILLS + " seed=" + SEED + " " + verdict.figures());
        assertThat(verdict.breaches()).as("seed " + SEED + ": " + verdict).isEmpty();
    }
}

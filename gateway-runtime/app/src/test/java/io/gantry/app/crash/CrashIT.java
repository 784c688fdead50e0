// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A gateway that is killed between devices and targets")
class CrashIT {
    private static final int KILLS = Integer.getInteger("gantry.crash.kills", 3);
    private static final long SEED = Long.getLong("gantry.seed", new Random().nextInt(1_000_000));

    private static Surroundings surroundings;

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);

    @BeforeAll
    static void begin() throws IOException {
        surroundings = new Surroundings();
    }

    @AfterAll
    static void end() throws IOException {
        surroundings.close();
    }

    @BeforeEach
    void settle() throws IOException, InterruptedException {
        surroundings.settle();
    }

    @Test
    @DisplayName("at random moments: loses, reorders and invents nothing, and repeats no more than was under way")
    void atRandomMoments() throws Exception {
        try (LoadedGateway gateway = surroundings.toKafka(folder, "", "a")) {
            Surroundings.publish(gateway, List.of(1, 1, 2, 0), "a");
            gateway.start();
            killAtRandom(gateway, KILLS);

            assertKept("random", KILLS, gateway.verdict(Surroundings.atLeastOnce(KILLS, "a/plant")));
        }
    }

    @Test
    @DisplayName(
            "at random moments, and before it has noted what Kafka confirmed: keeps QoS 2 exactly once where that is"
                    + " asked for")
    void exactlyOnce() throws Exception {
        try (LoadedGateway gateway = surroundings.toKafka(folder, ", exactly-once: true", "a")) {
            Surroundings.publish(gateway, List.of(2), "a");
            gateway.start(FailPoint.BEFORE_CURSOR + ":" + (1 + random.nextInt(5)));
            gateway.awaitEnd();
            gateway.start();
            killAtRandom(gateway, KILLS);

            assertKept("exactly-once", KILLS + 1, gateway.verdict(Surroundings.exactlyOnce("a/plant")));
        }
    }

    @Test
    @DisplayName("at random moments, with Kafka and an HTTP target for the same PUBLISH: does right by both")
    void twoTargets() throws Exception {
        surroundings.http().answerBy(HttpScript.mostlyOk(SEED, List.of(HttpAnswer.status(503))));
        try (LoadedGateway gateway = surroundings.toBoth(folder, "a")) {
            Surroundings.publish(gateway, List.of(1, 2), "a");
            gateway.start();
            killAtRandom(gateway, KILLS);

            assertKept("both", KILLS, gateway.verdict(Surroundings.atLeastOnce(KILLS, "a/plant", "a/api")));
        }
    }

    @Test
    @DisplayName("before and after the sync, between confirmation and cursor, and twice inside recovery: loses nothing")
    void atFailPoints() throws Exception {
        try (LoadedGateway gateway = surroundings.toKafka(folder, "", "a")) {
            Surroundings.publish(gateway, List.of(1, 2), "a");
            List<String> points = List.of(FailPoint.AFTER_WRITE, FailPoint.AFTER_SYNC, FailPoint.BEFORE_CURSOR);
            for (String point : points) {
                gateway.start(point + ":" + (1 + random.nextInt(30)));
                gateway.awaitEnd();
            }
            gateway.startAndAwaitEnd(FailPoint.INSIDE_RECOVERY + ":1");
            gateway.startAndAwaitEnd(FailPoint.INSIDE_RECOVERY + ":" + (2 + random.nextInt(3)));
            gateway.start();
            gateway.awaitAcknowledged(200);

            assertKept("fail-points", 5, gateway.verdict(Surroundings.atLeastOnce(5, "a/plant")));
        }
    }

    /** The moments are counted in messages, so that a slow machine tests the same as a fast one. */
    private void killAtRandom(LoadedGateway gateway, int kills) throws Exception {
        for (int kill = 0; kill < kills; kill++) {
            // now and then so soon that not all devices are back
            gateway.awaitAcknowledged(random.nextInt(4) == 0 ? 1 + random.nextInt(20) : 100 + random.nextInt(600));
            gateway.kill();
            gateway.start();
        }
        gateway.awaitAcknowledged(200);
    }

    private static void assertKept(String programme, int kills, Verdict verdict) {
        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .println("programme=" + programme + " killed=" + kills + " seed=" + SEED + " " + verdict.figures());
        assertThat(verdict.breaches()).as("seed " + SEED + ": " + verdict).isEmpty();
    }
}

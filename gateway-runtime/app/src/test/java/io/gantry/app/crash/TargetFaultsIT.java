// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A gateway whose surroundings fail")
class TargetFaultsIT {
    private static final long SEED = Long.getLong("gantry.seed", new Random().nextInt(1_000_000));
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("gantry.away", 3));
    private static final Duration TROUBLE = Duration.ofSeconds(1);

    private static Surroundings surroundings;

    @TempDir
    private Path folder;

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
    @DisplayName("goes on acknowledging while Kafka is away, and has killed and started Kafka get all of it after")
    void kafkaIsAway() throws Exception {
        try (LoadedGateway gateway = surroundings.toKafka(folder, "", "a")) {
            Surroundings.publish(gateway, List.of(1, 2, 0), "a");
            gateway.start();
            gateway.awaitAcknowledged(100);

            surroundings.kafka().kill();
            pass(AWAY);
            gateway.awaitAcknowledged(300);
            surroundings.kafka().restart();
            gateway.awaitAcknowledged(100);

            assertKept("kafka-away", gateway.verdict(Surroundings.atLeastOnce(1, "a/plant")));
        }
    }

    @Test
    @DisplayName("goes on acknowledging while the network to Kafka is slow, cuts, stalls, resets, corrupts and refuses")
    void networkToKafka() throws Exception {
        List<Trouble> troubles = List.of(
                Trouble.latency(100),
                Trouble.cutAfter(20_000),
                Trouble.BLACK_HOLE,
                Trouble.RESET,
                Trouble.ONE_BYTE_AT_A_TIME,
                Trouble.corrupt(400),
                Trouble.REFUSE);
        try (LoadedGateway gateway = surroundings.toKafka(folder, "", "a")) {
            Surroundings.publish(gateway, List.of(1, 2), "a");
            gateway.start();
            for (Trouble trouble : troubles) {
                gateway.awaitAcknowledged(100);
                surroundings.kafkaNetwork().make(trouble);
                pass(TROUBLE);
                gateway.awaitAcknowledged(100);
                surroundings.kafkaNetwork().make(Trouble.NONE);
            }
            gateway.awaitAcknowledged(100);

            assertKept("network", gateway.verdict(Surroundings.atLeastOnce(troubles.size(), "a/plant")));
        }
    }

    @Test
    @DisplayName("goes on acknowledging while an HTTP target fails in all its ways and so does the network to it")
    void httpFails() throws Exception {
        List<HttpAnswer> bad = List.of(
                HttpAnswer.status(500),
                HttpAnswer.later(503, "1"),
                HttpAnswer.status(429),
                HttpAnswer.RESET,
                HttpAnswer.TAKE_AND_RESET,
                HttpAnswer.SLOW);
        List<Trouble> troubles = List.of(
                Trouble.NONE,
                Trouble.cutAfter(1_000),
                Trouble.ONE_BYTE_AT_A_TIME,
                Trouble.corrupt(100),
                Trouble.REFUSE);
        surroundings.http().answerBy(HttpScript.mostlyOk(SEED, bad).refusingDamaged());
        try (LoadedGateway gateway = surroundings.toBoth(folder, "a")) {
            Surroundings.publish(gateway, List.of(1, 2), "a");
            gateway.start();
            for (Trouble trouble : troubles) {
                surroundings.httpNetwork().make(trouble);
                gateway.awaitAcknowledged(100);
                pass(TROUBLE);
            }
            surroundings.httpNetwork().make(Trouble.NONE);
            gateway.finish();
            surroundings.http().answerBy(HttpScript.always(HttpAnswer.OK).refusingDamaged());

            assertKept("http", gateway.verdict(Surroundings.atLeastOnce(troubles.size(), "a/plant", "a/api")));
        }
    }

    @Test
    @DisplayName("is as it was after it was stopped for some seconds and told to go on")
    void stoppedForAWhile() throws Exception {
        try (LoadedGateway gateway = surroundings.toKafka(folder, "", "a")) {
            Surroundings.publish(gateway, List.of(1, 2), "a");
            gateway.start();
            gateway.awaitAcknowledged(100);

            gateway.process().pause();
            pass(AWAY);
            gateway.process().goOn();
            gateway.awaitAcknowledged(200);

            assertKept("stopped", gateway.verdict(Surroundings.atLeastOnce(1, "a/plant")));
        }
    }

    @Test
    @DisplayName("takes nothing while its disk is full, loses nothing it took, and goes on when there is room again")
    void diskIsFull() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"))) {
            assumeTrue(disk.isMounted(), "this user may not mount a tmpfs");
            try (LoadedGateway gateway =
                    surroundings.storingIn(folder, disk.directory().resolve("store"))) {
                Surroundings.publishRefusable(gateway, List.of(1, 2), "a");
                gateway.start();
                gateway.awaitAcknowledged(100);

                disk.fill();
                gateway.awaitRefused(50);
                disk.empty();
                gateway.awaitAcknowledged(200);

                assertKept("disk-full", gateway.verdict(Surroundings.atLeastOnce(1, "a/plant")));
            }
        }
    }

    private static void pass(Duration time) throws InterruptedException {
        // nothing ends it early: it is how long a trouble lasts
        boolean ended = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(ended).isFalse();
    }

    private static void assertKept(String programme, Verdict verdict) {
        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .println("programme=" + programme + " seed=" + SEED + " " + verdict.figures());
        assertThat(verdict.breaches()).as("seed " + SEED + ": " + verdict).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test breaks the gateway in one way; one that passes says that the crash programme would have noticed. */
@DisplayName("The crash programme notices")
class NegativeControlsIT {
    private static final String[] OUTBOXES = {"a/plant", "b/plant"};
    private static final Promise AT_LEAST_ONCE = Surroundings.atLeastOnce(1_000, OUTBOXES);

    private static Surroundings surroundings;

    @TempDir
    private Path folder;

    private LoadedGateway gateway;

    @BeforeAll
    static void begin() throws IOException {
        surroundings = new Surroundings();
    }

    @AfterAll
    static void endAll() throws IOException {
        surroundings.close();
    }

    @AfterEach
    void end() throws Exception {
        gateway.close();
        surroundings.settle();
    }

    /** Two routes with a Kafka topic each, and devices that publish to both. */
    private void prepare(String more, Integer... qos) throws IOException {
        gateway = surroundings.toKafka(folder, more, "a", "b");
        Surroundings.publish(gateway, List.of(qos), "a", "b");
    }

    private void assertCaught(String fault, Breach breach, Promise promise) throws Exception {
        Verdict verdict = gateway.verdict(promise);
        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .println("control=" + fault + " caught=" + verdict.breaches() + " " + verdict.figures());
        assertThat(verdict.breaches()).as(verdict.toString()).contains(breach);
    }

    @Test
    @DisplayName("acknowledgements before the sync: messages are lost")
    void acknowledgesBeforeTheSync() throws Exception {
        prepare("", 1, 2);
        gateway.start(BadStore.ACKNOWLEDGES_EARLY);
        gateway.awaitAcknowledged(100);
        surroundings.kafkaNetwork().make(Trouble.REFUSE);
        gateway.awaitAcknowledged(100);

        gateway.kill();
        surroundings.kafkaNetwork().make(Trouble.NONE);
        gateway.start();
        gateway.awaitAcknowledged(100);

        assertCaught(BadStore.ACKNOWLEDGES_EARLY, Breach.LOST, AT_LEAST_ONCE);
    }

    @Test
    @DisplayName("QoS 2 packet identifiers that are not kept: messages are doubled")
    void forgetsPacketIdentifiers() throws Exception {
        prepare("", 2);

        gateway.start(BadStore.FORGETS_PACKET_IDENTIFIERS, FailPoint.AFTER_SYNC + ":40");
        gateway.awaitEnd();
        gateway.start();
        gateway.awaitAcknowledged(100);

        assertCaught(BadStore.FORGETS_PACKET_IDENTIFIERS, Breach.DOUBLED, AT_LEAST_ONCE);
    }

    @Test
    @DisplayName("a cursor that is not believed, where exactly once is promised: messages are doubled")
    void ignoresTheCursor() throws Exception {
        prepare(", exactly-once: true", 2);

        gateway.start(FailPoint.BEFORE_CURSOR + ":5");
        gateway.awaitEnd();
        gateway.start(BadStore.CHANGES_ITS_ID);
        gateway.awaitAcknowledged(100);

        assertCaught(BadStore.CHANGES_ITS_ID, Breach.DOUBLED, Surroundings.exactlyOnce(OUTBOXES));
    }

    @Test
    @DisplayName("two lanes where there should be one: messages are reordered")
    void sendsFromTwoLanes() throws Exception {
        prepare("", 1);

        gateway.start(BadTarget.TWO_LANES);
        gateway.awaitAcknowledged(300);

        assertCaught(BadTarget.TWO_LANES, Breach.REORDERED, AT_LEAST_ONCE);
    }

    @Test
    @DisplayName("a cursor that moves before the target has confirmed: messages are lost")
    void movesTheCursorEarly() throws Exception {
        prepare("", 1, 2);

        gateway.start(BadTarget.CONFIRMS_EARLY);
        gateway.awaitAcknowledged(300);
        gateway.kill();
        gateway.start();
        gateway.awaitAcknowledged(100);

        assertCaught(BadTarget.CONFIRMS_EARLY, Breach.LOST, AT_LEAST_ONCE);
    }

    @Test
    @DisplayName("a payload that is changed: messages are corrupted")
    void corrupts() throws Exception {
        prepare("", 1, 2);

        gateway.start(BadTarget.CORRUPTS);
        gateway.awaitAcknowledged(300);

        assertCaught(BadTarget.CORRUPTS, Breach.CORRUPTED, AT_LEAST_ONCE);
    }

    @Test
    @DisplayName("a message that goes another route's way: messages are misrouted")
    void misroutes() throws Exception {
        prepare("", 1, 2);

        gateway.start(BadTarget.MISROUTES);
        gateway.awaitAcknowledged(300);

        assertCaught(BadTarget.MISROUTES, Breach.MISROUTED, AT_LEAST_ONCE);
    }
}

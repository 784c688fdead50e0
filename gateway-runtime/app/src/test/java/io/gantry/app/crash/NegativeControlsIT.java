// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.restart.RawConnection.Version;
import io.gantry.testbed.KafkaServer;
import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test breaks the gateway in one way; one that passes says that the crash programme would have noticed. */
@DisplayName("The crash programme notices")
class NegativeControlsIT {
    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final Map<String, Predicate<String>> TARGETS =
            Map.of("a", topic -> topic.startsWith("a/"), "b", topic -> topic.startsWith("b/"));
    private static final Promise AT_LEAST_ONCE = Promise.atLeastOnce(TARGETS, Long.MAX_VALUE);

    private static KafkaServer kafka;
    private static FaultProxy proxy;

    @TempDir
    private Path folder;

    private LoadedGateway gateway;

    @BeforeAll
    static void startKafka() throws IOException {
        proxy = new FaultProxy(LoopbackPorts.free(), LoopbackPorts.free());
        kafka = KafkaServer.start(new KafkaServer.Proxied(proxy.targetPort(), proxy.port()));
    }

    @AfterAll
    static void stopKafka() throws IOException {
        kafka.close();
        proxy.close();
    }

    /** Two routes with a Kafka topic each. */
    @BeforeEach
    void prepare() throws IOException {
        gateway = gateway("");
    }

    @AfterEach
    void end() throws Exception {
        gateway.close();
        proxy.make(Trouble.NONE);
    }

    private LoadedGateway gateway(String more) throws IOException {
        int run = RUNS.incrementAndGet();
        KafkaTarget a = new KafkaTarget(kafka, "a-" + run);
        KafkaTarget b = new KafkaTarget(kafka, "b-" + run);
        LoadedGateway made =
                new LoadedGateway(folder, "store-" + run, """
                endpoints:
                  plant: {kafka: {brokers: "127.0.0.1:%d", request-timeout: 5s, delivery-timeout: 10s}}
                routes:
                  a: {from: {mqtt: "a/{device}"}, to: %s}
                  b: {from: {mqtt: "b/{device}"}, to: %s}
                """.formatted(proxy.port(), a.side(more), b.side(more)));
        made.watch("a", a);
        made.watch("b", b);
        return made;
    }

    private void publish(Integer... qos) {
        gateway.publish("d1", Version.V5, Load.of(List.of(qos), "a", "b"));
        gateway.publish("d2", Version.V3_1_1, Load.of(List.of(qos), "a", "b"));
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
        publish(1, 2);
        gateway.start(BadStore.ACKNOWLEDGES_EARLY);
        gateway.awaitAcknowledged(100);
        proxy.make(Trouble.REFUSE);
        gateway.awaitAcknowledged(100);

        gateway.kill();
        proxy.make(Trouble.NONE);
        gateway.start();
        gateway.awaitAcknowledged(100);

        assertCaught(BadStore.ACKNOWLEDGES_EARLY, Breach.LOST, AT_LEAST_ONCE);
    }

    @Test
    @DisplayName("QoS 2 packet identifiers that are not kept: messages are doubled")
    void forgetsPacketIdentifiers() throws Exception {
        publish(2);

        gateway.start(BadStore.FORGETS_PACKET_IDENTIFIERS, FailPoint.AFTER_SYNC + ":40");
        gateway.awaitEnd();
        gateway.start();
        gateway.awaitAcknowledged(100);

        assertCaught(BadStore.FORGETS_PACKET_IDENTIFIERS, Breach.DOUBLED, AT_LEAST_ONCE);
    }

    @Test
    @DisplayName("a cursor that is not believed, where exactly once is promised: messages are doubled")
    void ignoresTheCursor() throws Exception {
        gateway.close();
        gateway = gateway(", exactly-once: true");
        publish(2);

        gateway.start(FailPoint.BEFORE_CURSOR + ":5");
        gateway.awaitEnd();
        gateway.start(BadStore.CHANGES_ITS_ID);
        gateway.awaitAcknowledged(100);

        assertCaught(BadStore.CHANGES_ITS_ID, Breach.DOUBLED, Promise.exactlyOnce(TARGETS));
    }

    @Test
    @DisplayName("two lanes where there should be one: messages are reordered")
    void sendsFromTwoLanes() throws Exception {
        publish(1);

        gateway.start(BadTarget.TWO_LANES);
        gateway.awaitAcknowledged(300);

        assertCaught(BadTarget.TWO_LANES, Breach.REORDERED, AT_LEAST_ONCE);
    }

    @Test
    @DisplayName("a cursor that moves before the target has confirmed: messages are lost")
    void movesTheCursorEarly() throws Exception {
        publish(1, 2);

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
        publish(1, 2);

        gateway.start(BadTarget.CORRUPTS);
        gateway.awaitAcknowledged(300);

        assertCaught(BadTarget.CORRUPTS, Breach.CORRUPTED, AT_LEAST_ONCE);
    }

    @Test
    @DisplayName("a message that goes another route's way: messages are misrouted")
    void misroutes() throws Exception {
        publish(1, 2);

        gateway.start(BadTarget.MISROUTES);
        gateway.awaitAcknowledged(300);

        assertCaught(BadTarget.MISROUTES, Breach.MISROUTED, AT_LEAST_ONCE);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app;

import static io.gantry.app.Patience.await;
import static io.gantry.app.TestGateway.isAcknowledged;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import io.gantry.mqtt.session.Counter;
import io.gantry.testbed.LoopbackPorts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Gateways that are bridged")
class LoopsIT {

    private static String bridge(int remotePort) {
        return """
                endpoints:
                  other: {mqtt: {url: "mqtt://127.0.0.1:%d"}}
                routes:
                  bridge:
                    up:
                      from: {mqtt: "plant/#"}
                      to: {other: {topic: "{topic}"}}
                      delivery: {retry: {initial: 50ms, max: 500ms}}
                    down:
                      from: {other: {filter: "plant/#"}}
                      to: {mqtt: {topic: "{topic}", qos: keep, retain: keep}}
                """.formatted(remotePort);
    }

    private static List<String> subscribed(Mqtt5AsyncClient device, String filter) throws Exception {
        List<String> topics = new CopyOnWriteArrayList<>();
        device.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.EXACTLY_ONCE)
                .callback(message -> topics.add(message.getTopic().toString()))
                .send()
                .get(Patience.SECONDS, TimeUnit.SECONDS);
        return topics;
    }

    @Test
    @DisplayName("one to the other, both ways over the same topics, carry each message once to everybody")
    void oneToTheOther() throws Exception {
        try (TestGateway b = TestGateway.of("endpoints: {}");
                TestGateway a = TestGateway.of(bridge(b.port()))) {
            Mqtt5AsyncClient atA = a.device5("at-a");
            Mqtt5AsyncClient atB = b.device5("at-b");
            List<String> seenAtA = subscribed(atA, "plant/#");
            List<String> seenAtB = subscribed(atB, "plant/#");
            await().until(() -> isAcknowledged(atB, "plant/probe") && seenAtA.contains("plant/probe"));
            awaitRest(seenAtA, seenAtB);
            seenAtA.clear();
            seenAtB.clear();

            publishBothWays(atA, atB);
            await().until(() -> seenAtA.contains("plant/from-b/19") && seenAtB.contains("plant/from-a/19"));

            assertThat(seenAtA).hasSize(40).doesNotHaveDuplicates();
            assertThat(seenAtB).hasSize(40).doesNotHaveDuplicates();
        }
    }

    private static void publishBothWays(Mqtt5AsyncClient atA, Mqtt5AsyncClient atB) throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(isAcknowledged(atA, "plant/from-a/" + i)).isTrue();
            assertThat(isAcknowledged(atB, "plant/from-b/" + i)).isTrue();
        }
    }

    @Test
    @DisplayName("each to the other, so that two ways lead everywhere, carry a message once over each way, and no more")
    void eachToTheOther() throws Exception {
        int portOfA = LoopbackPorts.free();
        int portOfB = LoopbackPorts.free();
        try (TestGateway a = TestGateway.of(portOfA, bridge(portOfB));
                TestGateway b = TestGateway.of(portOfB, bridge(portOfA))) {
            Mqtt5AsyncClient atA = a.device5("at-a");
            Mqtt5AsyncClient atB = b.device5("at-b");
            List<String> seenAtA = subscribed(atA, "plant/#");
            List<String> seenAtB = subscribed(atB, "plant/#");
            await().until(() -> a.connections() == 2 && b.connections() == 2);

            publishBothWays(atA, atB);
            await().until(() -> seenAtA.contains("plant/from-b/19") && seenAtB.contains("plant/from-a/19"));
            awaitRest(seenAtA, seenAtB);

            assertThat(seenAtA).hasSizeLessThanOrEqualTo(2 * 40);
            assertThat(seenAtB).hasSizeLessThanOrEqualTo(2 * 40);
        }
    }

    /** Until nothing has come for a while: each look finds what the one before found. */
    private static void awaitRest(List<String> one, List<String> other) {
        AtomicInteger before = new AtomicInteger();
        await().pollInterval(Duration.ofSeconds(1)).until(() -> {
            int now = one.size() + other.size();
            return before.getAndSet(now) == now;
        });
    }

    @Test
    @DisplayName("to themselves end what comes round, and say so")
    void itself() throws Exception {
        int port = LoopbackPorts.free();
        try (TestGateway gateway = TestGateway.of(port, bridge(port))) {
            Mqtt5AsyncClient device = gateway.device5("d");
            List<String> seen = subscribed(device, "plant/#");
            AtomicInteger probes = new AtomicInteger();
            await().until(() -> isAcknowledged(device, "plant/probe")
                    && probes.incrementAndGet() > 0
                    && seen.stream().filter("plant/probe"::equals).count() > probes.get());
            int all = probes.get() + 20;

            for (int i = 0; i < 20; i++) {
                assertThat(isAcknowledged(device, "plant/" + i)).isTrue();
            }
            await().until(() -> gateway.count(Counter.MESSAGES_LOOPED) == all);
            await().until(() -> gateway.routeCounts("bridge.down").getOrDefault("looped", 0L) > 20);
            await().until(() ->
                    seen.stream().filter(topic -> !topic.equals("plant/probe")).count() == 2 * 20);

            assertThat(gateway.ledgers())
                    .allSatisfy(ledger -> assertThat(ledger.accepted()).isEqualTo(all));
        }
    }
}

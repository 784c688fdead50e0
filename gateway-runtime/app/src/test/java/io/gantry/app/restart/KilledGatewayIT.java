// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.gantry.app.restart.RawConnection.Arrived;
import io.gantry.app.restart.RawConnection.Publish;
import io.gantry.app.restart.RawConnection.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A gateway that is killed")
class KilledGatewayIT {
    private static final int KILLS = Integer.getInteger("gantry.kills", 3);
    private static final long SEED = Long.getLong("gantry.seed", new Random().nextInt(1_000_000));

    @TempDir
    private Path folder;

    private final Progress progress = new Progress();
    private final List<NumberedMessages> published = new ArrayList<>();
    private final List<ReliablePublisher> publishers = new ArrayList<>();
    private final List<RecordingSubscriber> alone = new ArrayList<>();
    private final List<RecordingSubscriber> group = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private int port;

    @Test
    @DisplayName(
            "[3.1.1/MQTT-4.4.0-1] [5.0/MQTT-4.4.0-1] loses nothing it has acknowledged and doubles no QoS 2 message,"
                    + " however often it is killed while devices publish and subscribe")
    void nothingIsLost() throws Exception {
        Random random = new Random(SEED);
        try (GatewayChild gateway = new GatewayChild(folder)) {
            gateway.start();
            port = gateway.port();
            devices(random);

            List<Future<?>> receiving = start(1);
            List<Future<?>> sending = new ArrayList<>();
            publishers.forEach(publisher -> sending.add(run(publisher::run)));
            killWhileTheyWork(gateway, random);
            progress.finish();
            await(sending);
            mark(1);
            await(receiving);
            receiving = start(2);
            mark(2);
            await(receiving);

            summarise();
            for (NumberedMessages publisher : published) {
                assertDelivered(publisher.topic(1), publisher.sent(1), false);
                assertDelivered(publisher.topic(2), publisher.sent(2), true);
            }
            assertThat(retained()).isEqualTo(expectedRetained());
        } finally {
            threads.shutdownNow();
        }
    }

    private void devices(Random random) throws IOException {
        publish("publisher-a", Version.V5);
        publish("publisher-b", Version.V3_1_1);
        publish("publisher-c", Version.V5);
        subscribe(alone, "once-5", Version.V5, 2, null);
        subscribe(alone, "once-3", Version.V3_1_1, 2, null);
        subscribe(alone, "once-away", Version.V5, 2, new Random(random.nextLong()));
        subscribe(alone, "least-5", Version.V5, 1, null);
        subscribe(alone, "least-away", Version.V3_1_1, 1, new Random(random.nextLong()));
        subscribe(group, "shared-5", Version.V5, 2, null);
        subscribe(group, "shared-away", Version.V3_1_1, 2, new Random(random.nextLong()));
    }

    private void publish(String name, Version version) {
        NumberedMessages messages = new NumberedMessages(name);
        published.add(messages);
        publishers.add(new ReliablePublisher(name, version, port, progress, messages));
    }

    private void subscribe(List<RecordingSubscriber> among, String name, Version version, int qos, Random absences)
            throws IOException {
        String filter = (among == group ? "$share/group/" : "") + RecordingSubscriber.NUMBERED;
        RecordingSubscriber subscriber = new RecordingSubscriber(name, filter, version, qos, port, progress, absences);
        subscriber.subscribe();
        among.add(subscriber);
    }

    /** The moments are counted in messages, so that a slow machine tests the same as a fast one. */
    private void killWhileTheyWork(GatewayChild gateway, Random random) throws IOException, InterruptedException {
        progress.up(true);
        for (int kill = 0; kill < KILLS; kill++) {
            // now and then so soon that they are not all back
            int more = random.nextInt(4) == 0 ? 1 + random.nextInt(20) : 200 + random.nextInt(1_000);
            progress.awaitAcknowledged(progress.acknowledged() + more);
            progress.up(false);
            gateway.kill();
            gateway.start();
            progress.up(true);
        }
        progress.awaitAcknowledged(progress.acknowledged() + 200);
    }

    private List<Future<?>> start(int end) {
        List<Future<?>> receiving = new ArrayList<>();
        for (List<RecordingSubscriber> some : List.of(alone, group)) {
            some.forEach(subscriber -> receiving.add(run(() -> subscriber.runUntil(end))));
        }
        return receiving;
    }

    /** What a device does in a thread of its own. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private Future<?> run(Work work) {
        return threads.submit(() -> {
            try {
                work.run();
            } catch (InterruptedException | RuntimeException | AssertionError failure) {
                progress.fail(failure);
                throw failure;
            }
            return null;
        });
    }

    private static void await(List<Future<?>> work) throws Exception {
        for (Future<?> device : work) {
            device.get(5, TimeUnit.MINUTES);
        }
    }

    /** Publishes the message behind which nothing comes. */
    private void mark(int end) throws IOException {
        try (RawConnection connection = RawConnection.open(port, Version.V5)) {
            connection.connect("marker", null);
            connection.publish(new Publish(RecordingSubscriber.END, 1, false, Integer.toString(end)), 1, false);
            assertThat(connection.read().type()).isEqualTo(RawConnection.PUBACK);
            connection.disconnect();
        }
    }

    private void assertDelivered(String topic, int sent, boolean exactlyOnce) {
        List<Integer> all = IntStream.rangeClosed(1, sent).boxed().toList();
        for (RecordingSubscriber subscriber : alone) {
            List<Integer> recorded = subscriber.recorded(topic);
            String what = "seed " + SEED + ", " + topic + " at " + subscriber.name();

            assertThat(new LinkedHashSet<>(recorded))
                    .as(what + ": none lost, in order")
                    .containsExactlyElementsOf(all);
            if (exactlyOnce && subscriber.qos() == 2) {
                assertThat(recorded).as(what + ": none doubled").hasSameSizeAs(all);
            }
        }
        List<Integer> shared = new ArrayList<>();
        group.forEach(member -> shared.addAll(member.recorded(topic)));
        String what = "seed " + SEED + ", " + topic + " in the group";
        assertThat(shared).as(what + ": none lost").containsAll(all);
        if (exactlyOnce) {
            assertThat(shared).as(what + ": none doubled").hasSameSizeAs(all);
        }
    }

    private Map<String, String> expectedRetained() {
        Map<String, String> expected = new HashMap<>();
        for (NumberedMessages publisher : published) {
            expected.put(publisher.topic(1), Integer.toString(publisher.lastRetained(1)));
            expected.put(publisher.topic(2), Integer.toString(publisher.lastRetained(2)));
        }
        return expected;
    }

    private Map<String, String> retained() throws IOException {
        Map<String, String> found = new HashMap<>();
        try (RawConnection connection = RawConnection.open(port, Version.V5)) {
            connection.connect("newcomer", null);
            connection.subscribe(RecordingSubscriber.NUMBERED, 1);
            while (found.size() < 2 * published.size()) {
                Arrived message = connection.read();
                found.put(message.topic(), message.payload());
            }
        }
        return found;
    }

    private void summarise() {
        Map<String, Integer> counts = new TreeMap<>();
        for (NumberedMessages publisher : published) {
            for (int qos = 1; qos <= 2; qos++) {
                int sent = publisher.sent(qos);
                String topic = publisher.topic(qos);
                counts.merge("acknowledged", sent, Integer::sum);
                for (RecordingSubscriber subscriber : alone) {
                    count(counts, sent, subscriber.recorded(topic), qos == 2 && subscriber.qos() == 2);
                }
                List<Integer> shared = new ArrayList<>();
                group.forEach(member -> shared.addAll(member.recorded(topic)));
                count(counts, sent, shared, qos == 2);
            }
        }
        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .printf(
                        "killed=%d seed=%d acknowledged=%d lost=%d qos2_doubled=%d qos1_repeated=%d connections_lost=%d%n",
                        KILLS,
                        SEED,
                        counts.get("acknowledged"),
                        counts.get("lost"),
                        counts.get("doubled"),
                        counts.get("repeated"),
                        progress.connectionsLost());
    }

    private static void count(Map<String, Integer> counts, int sent, List<Integer> recorded, boolean exactlyOnce) {
        int different = new LinkedHashSet<>(recorded).size();
        int more = recorded.size() - different;
        counts.merge("lost", sent - different, Integer::sum);
        counts.merge("doubled", exactlyOnce ? more : 0, Integer::sum);
        counts.merge("repeated", exactlyOnce ? 0 : more, Integer::sum);
    }
}

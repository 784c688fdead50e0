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
    private final List<NumberedPublisher> publishers = new ArrayList<>();
    private final List<RecordingSubscriber> subscribers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @Test
    @DisplayName(
            "[3.1.1/MQTT-4.4.0-1] [5.0/MQTT-4.4.0-1] loses nothing it has acknowledged and doubles no QoS 2 message,"
                    + " however often it is killed while devices publish and subscribe")
    void nothingIsLost() throws Exception {
        Random random = new Random(SEED);
        try (GatewayChild gateway = new GatewayChild(folder)) {
            gateway.start();
            devices(gateway.port(), random);
            for (RecordingSubscriber subscriber : subscribers) {
                subscriber.subscribe();
            }

            List<Future<?>> receiving = start(1);
            List<Future<?>> sending = new ArrayList<>();
            publishers.forEach(publisher -> sending.add(run(publisher::run)));
            killWhileTheyWork(gateway, random);
            progress.finish();
            await(sending);
            mark(gateway.port(), 1);
            await(receiving);
            receiving = start(2);
            mark(gateway.port(), 2);
            await(receiving);

            summarise();
            for (NumberedPublisher publisher : publishers) {
                assertDelivered(publisher.topic(1), publisher.sent(1), false);
                assertDelivered(publisher.topic(2), publisher.sent(2), true);
            }
            assertThat(retained(gateway.port())).isEqualTo(expectedRetained());
        } finally {
            threads.shutdownNow();
        }
    }

    private void devices(int port, Random random) {
        publishers.add(new NumberedPublisher("publisher-a", Version.V5, port, progress));
        publishers.add(new NumberedPublisher("publisher-b", Version.V3_1_1, port, progress));
        publishers.add(new NumberedPublisher("publisher-c", Version.V5, port, progress));
        subscribers.add(new RecordingSubscriber("once-5", Version.V5, 2, port, progress, null));
        subscribers.add(new RecordingSubscriber("once-3", Version.V3_1_1, 2, port, progress, null));
        Random absences = new Random(random.nextLong());
        subscribers.add(new RecordingSubscriber("once-away", Version.V5, 2, port, progress, absences));
        subscribers.add(new RecordingSubscriber("least-5", Version.V5, 1, port, progress, null));
        Random others = new Random(random.nextLong());
        subscribers.add(new RecordingSubscriber("least-away", Version.V3_1_1, 1, port, progress, others));
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
        subscribers.forEach(subscriber -> receiving.add(run(() -> subscriber.runUntil(end))));
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
    private static void mark(int port, int end) throws IOException {
        try (RawConnection connection = RawConnection.open(port, Version.V5)) {
            connection.connect("marker", null);
            connection.publish(new Publish(RecordingSubscriber.END, 1, false, Integer.toString(end)), 1, false);
            assertThat(connection.read().type()).isEqualTo(RawConnection.PUBACK);
            connection.disconnect();
        }
    }

    private void assertDelivered(String topic, int sent, boolean exactlyOnce) {
        List<Integer> all = IntStream.rangeClosed(1, sent).boxed().toList();
        for (RecordingSubscriber subscriber : subscribers) {
            List<Integer> recorded = subscriber.recorded(topic);
            String what = "seed " + SEED + ", " + topic + " at " + subscriber.name();

            assertThat(new LinkedHashSet<>(recorded))
                    .as(what + ": none lost, in order")
                    .containsExactlyElementsOf(all);
            if (exactlyOnce && subscriber.qos() == 2) {
                assertThat(recorded).as(what + ": none doubled").hasSameSizeAs(all);
            }
        }
    }

    private Map<String, String> expectedRetained() {
        Map<String, String> expected = new HashMap<>();
        for (NumberedPublisher publisher : publishers) {
            expected.put(publisher.topic(1), Integer.toString(publisher.lastRetained(1)));
            expected.put(publisher.topic(2), Integer.toString(publisher.lastRetained(2)));
        }
        return expected;
    }

    private Map<String, String> retained(int port) throws IOException {
        Map<String, String> found = new HashMap<>();
        try (RawConnection connection = RawConnection.open(port, Version.V5)) {
            connection.connect("newcomer", null);
            connection.subscribe(RecordingSubscriber.FILTER, 1);
            while (found.size() < 2 * publishers.size()) {
                Arrived message = connection.read();
                found.put(message.topic(), message.payload());
            }
        }
        return found;
    }

    private void summarise() {
        long published = 0;
        long lost = 0;
        long doubled = 0;
        long repeated = 0;
        for (NumberedPublisher publisher : publishers) {
            for (int qos = 1; qos <= 2; qos++) {
                published += publisher.sent(qos);
                for (RecordingSubscriber subscriber : subscribers) {
                    List<Integer> recorded = subscriber.recorded(publisher.topic(qos));
                    int different = new LinkedHashSet<>(recorded).size();
                    boolean exactlyOnce = qos == 2 && subscriber.qos() == 2;
                    lost += publisher.sent(qos) - different;
                    doubled += exactlyOnce ? recorded.size() - different : 0;
                    repeated += exactlyOnce ? 0 : recorded.size() - different;
                }
            }
        }
        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .printf(
                        "killed=%d seed=%d acknowledged=%d subscribers=%d lost=%d qos2_doubled=%d qos1_repeated=%d"
                                + " connections_lost=%d%n",
                        KILLS,
                        SEED,
                        published,
                        subscribers.size(),
                        lost,
                        doubled,
                        repeated,
                        progress.connectionsLost());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.crash;

import io.gantry.app.restart.GatewayChild;
import io.gantry.app.restart.Progress;
import io.gantry.app.restart.RawConnection.Version;
import io.gantry.app.restart.ReliablePublisher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A gateway under load between publishers and targets, for a test to do harm to. Used on the test's thread. */
final class LoadedGateway implements AutoCloseable {
    private static final long PATIENCE_MINUTES = 4;

    private final GatewayChild gateway;
    private final MetricsPage metrics;
    private final History history = new History();
    private final Progress progress = new Progress();
    private final Map<String, Target> targets = new LinkedHashMap<>();
    private final List<StampedMessages> messages = new ArrayList<>();
    private final List<Future<?>> publishing = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /**
     * One that does not run yet.
     *
     * @param store its directory, from the folder
     * @param settings endpoints and routes
     */
    LoadedGateway(Path folder, String store, String settings) throws IOException {
        this.gateway = new GatewayChild(folder, store, settings);
        this.metrics = new MetricsPage(gateway.adminPort());
    }

    /** Has the verdict look at a target too. */
    void watch(String name, Target target) {
        targets.put(name, target);
    }

    /** Has a device publish, whenever the gateway is up. */
    void publish(String device, Version version, Load load) {
        StampedMessages stamped = new StampedMessages(device, load, history);
        messages.add(stamped);
        ReliablePublisher publisher =
                new ReliablePublisher(device, version, gateway.port(), progress, stamped, load.perSecond());
        publishing.add(threads.submit(() -> {
            try {
                publisher.run();
            } catch (InterruptedException | RuntimeException | AssertionError failure) {
                progress.fail(failure);
                throw failure;
            }
            return null;
        }));
    }

    GatewayChild process() {
        return gateway;
    }

    /** Starts it, with faults or without, and lets the devices in. */
    void start(String... faults) throws IOException {
        if (faults.length == 0) {
            gateway.start();
        } else {
            gateway.startFaulty(faults);
        }
        history.started();
        progress.up(true);
    }

    /** Reads the books once more, and kills it. */
    void kill() throws IOException, InterruptedException {
        readBooks();
        progress.up(false);
        gateway.kill();
    }

    /** Starts it with a fault that ends it before it is ready. */
    void startAndAwaitEnd(String fault) throws IOException, InterruptedException {
        gateway.startFaultyAndAwaitEnd(fault);
        history.started();
    }

    /** Waits until a fault has ended it. */
    void awaitEnd() throws IOException, InterruptedException {
        gateway.awaitEnd();
        progress.up(false);
    }

    /** Waits until so many more messages are acknowledged. */
    void awaitAcknowledged(int more) throws InterruptedException {
        progress.awaitAcknowledged(progress.acknowledged() + more);
    }

    /** Has the devices finish: nothing new, and all they have published acknowledged or refused. */
    void finish() throws Exception {
        progress.finish();
        for (Future<?> publisher : publishing) {
            publisher.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        }
    }

    private void readBooks() throws IOException, InterruptedException {
        metrics.read().forEach(history::books);
    }

    /** Finishes, waits until the targets have the last of each device, and holds it all against the promise. */
    Verdict verdict(Promise promise) throws Exception {
        finish();
        for (Map.Entry<String, Target> target : targets.entrySet()) {
            awaitLast(target.getKey(), target.getValue(), promise);
        }
        awaitClosedBooks();
        return Checker.check(history, promise);
    }

    private void awaitLast(String name, Target target, Promise promise) {
        Map<String, Stamp> last = new HashMap<>();
        Map<Stamp, Published> published = history.published();
        for (Stamp stamp : history.acknowledged()) {
            if (promise.targets().get(name).test(published.get(stamp).topic())) {
                last.merge(stamp.device(), stamp, (one, other) -> one.number() > other.number() ? one : other);
            }
        }
        try {
            Awaitility.await().atMost(PATIENCE_MINUTES, TimeUnit.MINUTES).until(() -> {
                history.seen(name, target.seen());
                return history.seen(name).stream()
                        .flatMap(seen -> seen.stamp().stream())
                        .collect(Collectors.toSet())
                        .containsAll(last.values());
            });
        } catch (ConditionTimeoutException never) {
            history.stuck(name);
        }
    }

    /** A target may have a message a moment before the books say so. */
    private void awaitClosedBooks() throws IOException, InterruptedException {
        try {
            Awaitility.await()
                    .atMost(PATIENCE_MINUTES, TimeUnit.MINUTES)
                    .until(() -> metrics.read().values().stream().allMatch(books -> books.waiting() == 0));
        } catch (ConditionTimeoutException never) {
            // the checker finds what still waits
            readBooks();
            return;
        }
        readBooks();
    }

    /** Waits until so many messages have been refused. */
    void awaitRefused(int times) {
        Awaitility.await()
                .atMost(PATIENCE_MINUTES, TimeUnit.MINUTES)
                .until(() ->
                        messages.stream().mapToInt(StampedMessages::refused).sum() >= times);
    }

    @Override
    public void close() throws InterruptedException {
        threads.shutdownNow();
        gateway.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.endpoints;

import io.gantry.admin.AdminClient;
import io.gantry.app.restart.GatewayChild;
import io.gantry.app.restart.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One gateway between devices and all target systems at once, and what is done to them: each harm comes once, when it is
 * first asked for, to all ways together.
 */
final class Programme implements AutoCloseable {
    /** Of each route. What was confirmed by the target and not yet noted comes again as well: twice that is allowed. */
    private static final int IN_FLIGHT = 100;

    private static final int KILLS = Integer.getInteger("gantry.endpoints.kills", 1);
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("gantry.endpoints.away", 1));
    private static final int MESSAGES = Integer.getInteger("gantry.endpoints.messages", 40);
    private static final long PATIENCE_MINUTES = 4;

    private final Map<String, Peer> peers;
    private final GatewayChild gateway;
    private final Progress receiving = new Progress();
    private final Map<Way, Leg> legs = new LinkedHashMap<>();
    private final Map<Harm, Future<Map<Way, Figures>>> done = new EnumMap<>(Harm.class);
    private final List<Future<Void>> receivers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** A gateway that does not run yet, between devices and target systems. */
    Programme(Path folder, Map<String, Peer> peers) throws IOException {
        this.peers = peers;
        this.gateway = new GatewayChild(folder, "store", settings(peers));
    }

    /** Starts the gateway and lets those devices in that receive. */
    void start() throws IOException {
        gateway.start();
        receiving.up(true);
        AdminClient admin = new AdminClient(URI.create("http://127.0.0.1:" + gateway.adminPort()));
        for (Map.Entry<String, Peer> entry : peers.entrySet()) {
            String name = entry.getKey();
            Peer peer = entry.getValue();
            DownLeg down = new DownLeg(name, peer, gateway.port(), admin, receiving);
            receivers.add(threads.submit(failing(receiving, down.receiver())));
            legs.put(new Way(name, Direction.UP), new UpLeg(name, peer, gateway.port(), admin));
            legs.put(new Way(name, Direction.DOWN), down);
        }
    }

    private static String settings(Map<String, Peer> peers) {
        StringBuilder endpoints = new StringBuilder("endpoints:\n");
        StringBuilder routes = new StringBuilder("routes:\n");
        peers.forEach((name, peer) -> {
            endpoints.append(peer.endpoints().indent(2));
            routes.append("""
                      %1$s:
                        up:
                          from: {mqtt: "up/%1$s/{device}"}
                          to: %2$s
                          delivery: {max-in-flight: %5$d, retry: {initial: 50ms, max: 500ms}}
                        down:
                          from: %3$s
                          to: {mqtt: {topic: "down/%1$s/%4$s", qos: 1}}
                    """.formatted(name, peer.to(), peer.from(), peer.device(), IN_FLIGHT));
        });
        return endpoints.append(routes).toString();
    }

    /** What becomes of a way under a harm. */
    Figures figures(Way way, Harm harm) throws Exception {
        Future<Map<Way, Figures>> outcome = done.get(harm);
        if (outcome == null) {
            outcome = threads.submit(() -> run(harm));
            done.put(harm, outcome);
        }
        try {
            return outcome.get().get(way);
        } catch (ExecutionException failure) {
            throw new AssertionError(harm + " did not run: " + failure.getCause() + ", " + gateway.said(), failure);
        }
    }

    private Map<Way, Figures> run(Harm harm) throws Exception {
        Map<Way, Round> rounds = new LinkedHashMap<>();
        int interruptions = harm == Harm.KILL ? KILLS : harm == Harm.AWAY ? 1 : 0;
        for (Map.Entry<Way, Leg> leg : legs.entrySet()) {
            rounds.put(leg.getKey(), new Round(leg.getValue(), harm == Harm.POISON, 2 * IN_FLIGHT * interruptions));
        }
        Progress progress = new Progress();
        progress.up(true);
        try {
            harm(harm, rounds, progress);
        } catch (Exception | AssertionError failure) {
            // nobody goes on sending while the next harm is done
            progress.fail(failure);
            throw failure;
        }
        return completed(rounds);
    }

    private void harm(Harm harm, Map<Way, Round> rounds, Progress progress) throws Exception {
        List<Future<Void>> senders = new ArrayList<>();
        for (Round round : rounds.values()) {
            round.senders(progress).forEach(sender -> senders.add(threads.submit(failing(progress, sender))));
        }
        awaitConfirmed(rounds, progress);
        if (harm == Harm.KILL) {
            kill(rounds, progress);
        } else if (harm == Harm.AWAY) {
            away();
            awaitConfirmed(rounds, progress);
        }
        progress.finish();
        for (Future<Void> sender : senders) {
            sender.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        }
    }

    private static Callable<Void> failing(Progress progress, Callable<Void> work) {
        return () -> {
            try {
                return work.call();
            } catch (Exception | AssertionError failure) {
                progress.fail(failure);
                throw failure;
            }
        };
    }

    private void kill(Map<Way, Round> rounds, Progress progress) throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            progress.up(false);
            receiving.up(false);
            gateway.kill();
            gateway.start();
            for (Round round : rounds.values()) {
                round.restarted();
            }
            receiving.up(true);
            progress.up(true);
            awaitConfirmed(rounds, progress);
        }
    }

    private void away() throws Exception {
        for (Peer peer : peers.values()) {
            peer.away();
        }
        if (new CountDownLatch(1).await(AWAY.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("nobody counts down");
        }
        List<Future<Void>> coming = new ArrayList<>();
        for (Peer peer : peers.values()) {
            coming.add(threads.submit(() -> {
                peer.back();
                return null;
            }));
        }
        for (Future<Void> back : coming) {
            back.get(PATIENCE_MINUTES, TimeUnit.MINUTES);
        }
    }

    /** Waits until so many more have been confirmed on each way. */
    private static void awaitConfirmed(Map<Way, Round> rounds, Progress progress) {
        Map<Way, Integer> enough = new LinkedHashMap<>();
        rounds.forEach((way, round) -> enough.put(way, round.confirmed() + MESSAGES));
        patiently().until(() -> {
            progress.awaitUp();
            return rounds.entrySet().stream()
                    .allMatch(round -> round.getValue().confirmed() >= enough.get(round.getKey()));
        });
    }

    private static Map<Way, Figures> completed(Map<Way, Round> rounds) throws Exception {
        try {
            patiently().until(() -> {
                for (Round round : rounds.values()) {
                    if (!round.figures().isComplete()) {
                        return false;
                    }
                }
                return true;
            });
        } catch (ConditionTimeoutException never) {
            // the row that is not complete says so
            return figures(rounds);
        }
        return figures(rounds);
    }

    private static Map<Way, Figures> figures(Map<Way, Round> rounds) throws Exception {
        Map<Way, Figures> figures = new LinkedHashMap<>();
        for (Map.Entry<Way, Round> round : rounds.entrySet()) {
            figures.put(round.getKey(), round.getValue().figures());
        }
        return figures;
    }

    private static ConditionFactory patiently() {
        return Awaitility.await().pollInterval(200, TimeUnit.MILLISECONDS).atMost(PATIENCE_MINUTES, TimeUnit.MINUTES);
    }

    /** Ends the gateway and the devices; the target systems go on. */
    @Override
    public void close() throws InterruptedException {
        receiving.up(false);
        gateway.close();
        receivers.forEach(receiver -> receiver.cancel(true));
        threads.shutdownNow();
    }
}

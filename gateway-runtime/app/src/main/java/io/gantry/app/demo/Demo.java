// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import io.gantry.admin.AdminClient;
import io.gantry.admin.AdminException;
import io.gantry.admin.OutboxStatus;
import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One demo from start to end. What it has started is stopped in the reverse order, whatever happens. */
final class Demo {
    private static final Duration DRAIN = Duration.ofSeconds(60);
    private static final int DRAIN_LOOK_MILLIS = 50;

    private final DemoPlan plan;
    private final Screen screen;
    private final CountDownLatch stop;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final List<Leg> legs = new ArrayList<>();
    private boolean booksClose = true;

    /** @param stop when counted down, the demo ends in order */
    Demo(DemoPlan plan, Screen screen, CountDownLatch stop) {
        this.plan = plan;
        this.screen = screen;
        this.stop = stop;
    }

    /** @return the exit code: 0 only when every message has arrived, once and in order */
    int run() throws Exception {
        boolean stoppedInOrder;
        try {
            Path directory = Files.createTempDirectory("gantry-demo");
            started.push(() -> TemporaryFiles.delete(directory));
            stoppedInOrder = play(directory);
        } finally {
            closeAll();
        }
        boolean spotless = !legs.isEmpty();
        for (Leg leg : legs) {
            spotless &= judge(leg.tally());
        }
        legs.forEach(leg -> screen.say(
                plan.isAll()
                        ? leg.tally().lastLine(leg.farSide().name())
                        : leg.tally().lastLine()));
        return spotless && booksClose && stoppedInOrder ? 0 : 1;
    }

    private boolean judge(Tally tally) {
        boolean spotless = tally.spotless();
        if (!spotless) {
            screen.say("Not everything arrived once and in order: " + tally.counts());
            tally.firstFailure().ifPresent(reason -> screen.say("The first failure: " + reason));
        }
        return spotless;
    }

    private boolean play(Path directory) throws Exception {
        int port = LoopbackPorts.free();
        int adminPort = LoopbackPorts.free();
        for (FarSides.Start start : FarSides.of(plan)) {
            screen.say("Starting " + start.what() + " …");
            Tally tally = new Tally(plan.devices());
            FarSide farSide = started(start.at(plan, tally, directory));
            legs.add(new Leg(farSide, tally, plan, port));
            if (isStopped()) {
                return true;
            }
        }
        List<FarSide> farSides = legs.stream().map(Leg::farSide).toList();
        GatewayProcess gateway = startGateway(directory, plan.yaml(port, adminPort, farSides));
        if (isStopped()) {
            return stopGateway(gateway);
        }
        screen.say("Connecting " + plan.devices() * legs.size()
                + " devices: half of them MQTT 5, half MQTT 3.1.1, QoS 1.");
        for (Leg leg : legs) {
            started(leg).connect();
        }
        legs.forEach(leg -> leg.start(plan));
        boolean alive = showUntilTheEnd(gateway);
        for (Leg leg : legs) {
            leg.stop();
        }
        if (!plan.isAll()) {
            screen.summarise(legs.get(0).tally());
        }
        if (alive) {
            drain(gateway);
            booksClose = showBooks(adminPort);
        }
        for (Leg leg : legs) {
            leg.close();
        }
        return stopGateway(gateway);
    }

    /** The gateway's own books, as {@code gantry status} shows them. */
    private boolean showBooks(int adminPort) throws AdminException {
        if (!plan.isAll()) {
            return true;
        }
        boolean close = true;
        for (OutboxStatus outbox : new AdminClient(URI.create("http://127.0.0.1:" + adminPort))
                .status()
                .outboxes()) {
            long settled = outbox.delivered() + outbox.deadLettered() + outbox.expired() + outbox.droppedInAll();
            boolean balanced = outbox.accepted() == settled + outbox.waiting() && outbox.waiting() == 0;
            close &= balanced;
            screen.say("ledger " + outbox.route() + "/" + outbox.target() + ": accepted=" + outbox.accepted()
                    + " delivered=" + outbox.delivered() + " dead_lettered=" + outbox.deadLettered() + " expired="
                    + outbox.expired() + " dropped=" + outbox.droppedInAll() + " waiting=" + outbox.waiting()
                    + (balanced ? " closes" : " does not close"));
        }
        return close;
    }

    private GatewayProcess startGateway(Path directory, String yaml) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("gantry.yaml"), yaml);
        screen.say("Starting the gateway with " + file + ":\n\n" + yaml.indent(4));
        return started(GatewayProcess.start(
                GatewayProcess.command(file), directory, line -> screen.say("  gateway: " + line)));
    }

    /** Was it stopped while it started? */
    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    /** @return false when the gateway ended before it was told to */
    private boolean showUntilTheEnd(GatewayProcess gateway) throws InterruptedException {
        long start = System.nanoTime();
        Duration length = plan.length();
        long end = length == null ? Long.MAX_VALUE : length.toMillis();
        long passed = 0;
        while (passed < end && !stop.await(Math.min(screen.intervalMillis(), end - passed), TimeUnit.MILLISECONDS)) {
            passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            show(passed / 1_000.0);
            if (!gateway.isAlive()) {
                screen.say("The gateway has ended; its log:\n" + gateway.logTail());
                return false;
            }
        }
        return true;
    }

    private void show(double seconds) {
        if (plan.isAll()) {
            screen.showAll(legs, seconds);
        } else {
            screen.show(legs.get(0).tally(), seconds);
        }
    }

    private boolean isComplete() {
        return legs.stream().allMatch(leg -> leg.tally().complete());
    }

    private void drain(GatewayProcess gateway) throws InterruptedException {
        screen.say("Draining: waiting for what is under way …");
        BooleanSupplier over = () -> isComplete() || !gateway.isAlive();
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + DRAIN.toNanos();
        while (!over.getAsBoolean() && System.nanoTime() < end) {
            if (never.await(DRAIN_LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        if (!isComplete()) {
            screen.say("After " + DRAIN.toSeconds() + " s something is still missing.");
        }
    }

    private boolean stopGateway(GatewayProcess gateway) throws InterruptedException {
        try {
            gateway.stop();
            screen.say("The gateway ended in order (SIGTERM, exit code 0).");
            return true;
        } catch (IllegalStateException failure) {
            screen.say(String.valueOf(failure.getMessage()));
            return false;
        }
    }

    private <T extends AutoCloseable> T started(T part) {
        started.push(part);
        return part;
    }

    private void closeAll() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception failure) {
                screen.say("While stopping: " + failure);
            }
        }
    }
}

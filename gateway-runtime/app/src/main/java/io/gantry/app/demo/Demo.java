// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import io.gantry.testbed.LoopbackPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One demo from start to end. What it has started is stopped in the reverse order, whatever happens. */
final class Demo {
    private static final Duration DRAIN = Duration.ofSeconds(60);
    private static final int DRAIN_LOOK_MILLIS = 50;

    private final DemoPlan plan;
    private final Screen screen;
    private final Tally tally;
    private final CountDownLatch stop;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    /** @param stop when counted down, the demo ends in order */
    Demo(DemoPlan plan, Screen screen, CountDownLatch stop) {
        this.plan = plan;
        this.screen = screen;
        this.stop = stop;
        this.tally = new Tally(plan.devices());
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
        boolean spotless = tally.spotless();
        if (!spotless) {
            screen.say("Not everything arrived once and in order: " + tally.counts());
            tally.firstFailure().ifPresent(reason -> screen.say("The first failure: " + reason));
        }
        screen.say(tally.lastLine());
        return spotless && stoppedInOrder ? 0 : 1;
    }

    private boolean play(Path directory) throws Exception {
        screen.say("Starting Kafka (about 5 s) …");
        KafkaSide kafka = started(KafkaSide.start(plan, tally, directory.resolve("kafka")));
        if (isStopped()) {
            return true;
        }
        int port = LoopbackPorts.free();
        GatewayProcess gateway = startGateway(directory, plan.yaml(port, kafka.brokers()));
        if (isStopped()) {
            return stopGateway(gateway);
        }
        screen.say("Connecting " + plan.devices() + " devices: half of them MQTT 5, half MQTT 3.1.1, QoS 1.");
        Devices devices = started(new Devices(plan.devices(), port, tally));
        devices.connect();

        Pacer readings = started(Pacer.start("readings", plan.rate(), devices::publishNext));
        Pacer commands = started(Pacer.start("commands", plan.commandRate(), kafka::sendCommand));
        boolean alive = showUntilTheEnd(gateway);
        readings.close();
        commands.close();
        kafka.flush();
        screen.summarise(tally);
        if (alive) {
            drain(gateway);
        }
        devices.close();
        return stopGateway(gateway);
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
            screen.show(tally, passed / 1_000.0);
            if (!gateway.isAlive()) {
                screen.say("The gateway has ended; its log:\n" + gateway.logTail());
                return false;
            }
        }
        return true;
    }

    private void drain(GatewayProcess gateway) throws InterruptedException {
        screen.say("Draining: waiting for what is under way …");
        BooleanSupplier over = () -> tally.complete() || !gateway.isAlive();
        CountDownLatch never = new CountDownLatch(1);
        long end = System.nanoTime() + DRAIN.toNanos();
        while (!over.getAsBoolean() && System.nanoTime() < end) {
            if (never.await(DRAIN_LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
        if (!tally.complete()) {
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

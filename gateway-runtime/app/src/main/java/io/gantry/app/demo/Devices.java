// SPDX-License-Identifier: Apache-2.0
package io.gantry.app.demo;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** All simulated devices: every second one speaks MQTT 3.1.1, the others MQTT 5; they share one event loop. */
final class Devices implements AutoCloseable {
    /** A device that has so many readings unacknowledged waits, as a real one would. */
    private static final int MAX_UNDER_WAY = 100;

    private static final int CONNECT_TOGETHER = 200;
    private static final int CONNECT_SECONDS = 60;
    private static final int DISCONNECT_SECONDS = 10;

    private final Tally tally;
    private final List<Slot> slots = new ArrayList<>();
    private int next;
    private boolean closed;

    /** A device with its number of readings so far. Only the publishing thread counts up. */
    private static final class Slot {
        private final int index;
        private final Device device;
        private final AtomicInteger underWay = new AtomicInteger();
        private int readings;

        private Slot(int index, Device device) {
            this.index = index;
            this.device = device;
        }
    }

    /**
     * Devices that are not connected yet.
     *
     * @param site where they are, which tells them from those of other target systems
     */
    Devices(String site, int count, int port, Tally tally) {
        this.tally = tally;
        MqttClientExecutorConfig shared =
                MqttClientExecutorConfig.builder().nettyThreads(1).build();
        for (int i = 0; i < count; i++) {
            var builder = MqttClient.builder()
                    .identifier(site + "-" + DemoPlan.deviceName(i))
                    .serverHost("127.0.0.1")
                    .serverPort(port)
                    .executorConfig(shared);
            slots.add(new Slot(i, i % 2 == 0 ? new Mqtt5Device(builder, site, i) : new Mqtt3Device(builder, site, i)));
        }
    }

    /** Connects all, some hundred at a time, and subscribes them to their commands. */
    void connect() throws InterruptedException {
        for (int from = 0; from < slots.size(); from += CONNECT_TOGETHER) {
            List<Slot> together = slots.subList(from, Math.min(slots.size(), from + CONNECT_TOGETHER));
            CompletableFuture<?>[] connecting = together.stream()
                    .map(slot -> slot.device.connect(
                            command -> tally.commandReceived(slot.index, NumberedPayload.numberIn(command))))
                    .toArray(CompletableFuture<?>[]::new);
            try {
                CompletableFuture.allOf(connecting).get(CONNECT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException failure) {
                throw new IllegalStateException("a device could not connect: " + failure.getCause(), failure);
            } catch (TimeoutException late) {
                throw new IllegalStateException("devices not connected after " + CONNECT_SECONDS + " s", late);
            }
        }
    }

    /**
     * Publishes the next device's next reading, unless that device waits for acknowledgements; from one thread only.
     */
    void publishNext() {
        Slot slot = slots.get(next);
        next = (next + 1) % slots.size();
        if (slot.underWay.get() >= MAX_UNDER_WAY) {
            return;
        }
        int number = slot.readings++;
        slot.underWay.incrementAndGet();
        tally.sent();
        long start = System.nanoTime();
        var unused = slot.device.publish(NumberedPayload.of(number)).whenComplete((result, failure) -> {
            slot.underWay.decrementAndGet();
            if (failure == null) {
                tally.acknowledged(slot.index, number, System.nanoTime() - start);
            } else {
                tally.failed(DemoPlan.deviceName(slot.index) + ": " + failure);
            }
        });
    }

    /** Disconnects all; one whose connection is gone already is left as it is. */
    @Override
    public void close() throws InterruptedException {
        if (closed) {
            return;
        }
        closed = true;
        CompletableFuture<?>[] leaving =
                slots.stream().map(slot -> slot.device.disconnect()).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(leaving)
                    .exceptionally(alreadyGone -> null)
                    .get(DISCONNECT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException late) {
            tally.failed("devices did not disconnect: " + late);
        }
    }
}
